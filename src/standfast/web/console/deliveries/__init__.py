"""What became of notifications: totals, trouble, every try."""
