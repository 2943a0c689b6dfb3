"""Issues in the console: the list, one issue's page, and the small steps that need no form."""
