"""Templates: prepared wording with placeholders."""
