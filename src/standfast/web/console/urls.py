"""Addresses below /console/<slug>/: each part has its own list."""

from __future__ import annotations

from standfast.web.console.backup import urls as backup
from standfast.web.console.catalog import urls as catalog
from standfast.web.console.compose import urls as compose
from standfast.web.console.deliveries import urls as deliveries
from standfast.web.console.home import urls as home
from standfast.web.console.issues import urls as issues
from standfast.web.console.maintenance import urls as maintenance
from standfast.web.console.monitoring import urls as monitoring
from standfast.web.console.promises import urls as promises
from standfast.web.console.reports import urls as reports
from standfast.web.console.responsibility import urls as responsibility
from standfast.web.console.scope import urls as scope
from standfast.web.console.subscriptions import urls as subscriptions
from standfast.web.console.updates import urls as updates
from standfast.web.console.wording import urls as wording

app_name = "console"
# What writes an issue comes before the issue's own page: issues/new/ is no issue's id.
PARTS = (
    home,
    compose,
    scope,
    updates,
    issues,
    maintenance,
    reports,
    promises,
    wording,
    catalog,
    monitoring,
    deliveries,
    subscriptions,
    responsibility,
    backup,
)
urlpatterns = [pattern for part in PARTS for pattern in part.urlpatterns]
