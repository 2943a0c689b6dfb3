"""Addresses below /feeds/: whoever has the secret part reads."""

from __future__ import annotations

from django.urls import path

from standfast.web.feeds import private

app_name = "feeds"
urlpatterns = [
    path("<str:feed_secret>/maintenance.ics", private.maintenance_calendar, name="calendar"),
    path("<str:feed_secret>/history.atom", private.history_atom, name="atom"),
    path("<str:feed_secret>/history.rss", private.history_rss, name="rss"),
]
