"""Reads of ingest."""
