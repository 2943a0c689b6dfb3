"""Organisations, people, roles, partners, access, API tokens, the audit log and the outbox."""
