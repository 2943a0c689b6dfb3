"""Planned maintenance as a tenant sees it, and its addresses for calendars and feed readers."""
