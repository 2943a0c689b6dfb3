"""Django apps: models, queries, services, tasks. Each app is one domain noun."""
