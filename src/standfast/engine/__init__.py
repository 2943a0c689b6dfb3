"""Pure decisions: no Django, no I/O, no clock of its own."""
