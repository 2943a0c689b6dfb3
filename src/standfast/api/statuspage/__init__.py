"""Statuspage's public API, version 2: of a public page, and of what one tenant sees.

Existing clients, libraries and dashboards read both unchanged (docs/guides/statuspage-api.md).
"""

#: The documents below `api/v2/`.
NAMES = (
    "summary.json",
    "status.json",
    "components.json",
    "incidents.json",
    "incidents/unresolved.json",
    "scheduled-maintenances.json",
    "scheduled-maintenances/upcoming.json",
    "scheduled-maintenances/active.json",
)
