"""Posts that are written straight to the backup site when the application is gone.

A post is a signed file below `emergency/`, which the application finds and takes over when it is
back. Until then `pages` shows it in the site's pages, documents and feeds, and `posting` writes
those anew, signed with the emergency key.
"""
