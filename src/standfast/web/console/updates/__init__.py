"""After publishing: updates, resolution, reopening, corrections, another audience."""
