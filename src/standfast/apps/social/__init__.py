"""Accounts that a provider speaks from in public, and what people write to them."""
