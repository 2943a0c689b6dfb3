"""The only writers of tenancy."""
