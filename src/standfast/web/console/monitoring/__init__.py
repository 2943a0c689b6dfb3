"""Monitoring systems: sources, label rules, what was received, alerts without a place."""
