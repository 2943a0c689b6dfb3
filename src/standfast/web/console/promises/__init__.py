"""Promised updates: which are open, and how well they were kept."""
