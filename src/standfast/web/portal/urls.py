"""Addresses below /portal/<slug>/."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, path

from standfast.web.portal import dashboard, history, issue, reports, responsibility

# Parts of the portal that are packages with addresses of their own.
PARTS = ("notifications",)

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("history/", history.history, name="history"),
    path("issues/<str:reference>/", issue.issue, name="issue"),
    path("reports/", reports.reports, name="reports"),
    path("responsibility/", responsibility.responsibility, name="responsibility"),
]
for part in PARTS:
    name = f"standfast.web.portal.{part}"
    if find_spec(name) and find_spec(f"{name}.urls"):
        urlpatterns += import_module(f"{name}.urls").urlpatterns
