"""From what the database holds to the files of a site: pages, Statuspage's documents, feeds."""
