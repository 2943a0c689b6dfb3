"""Alerts from monitoring systems: received, matched to components, turned into issues."""
