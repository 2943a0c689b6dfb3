"""The only writers of accounts and mentions."""
