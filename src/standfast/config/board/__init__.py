"""Filling the front's board and its public pages from the database, in threads of their own."""
