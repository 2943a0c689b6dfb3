"""Signed webhooks (Standard Webhooks) to the programs of tenants."""
