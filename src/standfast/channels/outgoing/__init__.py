"""Requests to the Internet: guarded, limited in time and size, redirects not followed."""
