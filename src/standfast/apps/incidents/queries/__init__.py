"""Reads of incidents. A tenant's issues are reached through `health`, never by id alone."""
