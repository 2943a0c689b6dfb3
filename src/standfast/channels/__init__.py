"""A notice → the outside world; one folder a channel, no Django, no storage."""
