"""A tenant's pages: what is wrong for us, what was, whose part it is."""
