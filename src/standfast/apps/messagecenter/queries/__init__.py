"""Reads of the message center. A tenant's messages are reached through `tenants`."""
