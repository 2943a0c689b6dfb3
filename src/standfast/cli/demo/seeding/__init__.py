"""Storing the demo's world: volume in bulk, issues through the services that people use."""
