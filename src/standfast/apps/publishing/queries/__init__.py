"""Reads of the backup site."""
