"""The wiring: settings, URLs, servers. Nothing imports it but the servers and the command."""
