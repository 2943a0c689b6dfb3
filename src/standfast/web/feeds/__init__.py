"""What programs read that cannot sign in: calendars, RSS, Atom."""
