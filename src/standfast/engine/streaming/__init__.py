"""Which open page may hear of which event: signed tickets, and events as text."""
