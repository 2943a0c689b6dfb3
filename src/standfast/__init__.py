"""Standfast: know who is hit, tell exactly them, and keep the business running."""

__version__ = "0.1.0"
