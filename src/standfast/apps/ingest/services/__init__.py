"""The only writers of ingest."""
