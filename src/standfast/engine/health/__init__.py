"""Statuses and their order, the life cycle of an issue, and the cadence of its updates."""
