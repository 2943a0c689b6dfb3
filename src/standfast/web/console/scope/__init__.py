"""Choosing who is affected: the picker, its audience, and why a tenant is in or is not."""
