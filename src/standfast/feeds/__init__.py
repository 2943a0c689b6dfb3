"""A sender's payload → normalised events; one module a sender, no Django, no clock."""
