"""Writes of the backup site."""
