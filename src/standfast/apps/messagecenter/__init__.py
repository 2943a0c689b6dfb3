"""Notices that are not issues: planned maintenance, with its calendar."""
