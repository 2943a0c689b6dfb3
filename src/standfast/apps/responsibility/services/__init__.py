"""Writes of the responsibility chart."""
