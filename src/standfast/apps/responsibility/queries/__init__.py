"""Reads of the responsibility chart."""
