"""The backup site: snapshots of public and tenants' pages, written to stores outside."""
