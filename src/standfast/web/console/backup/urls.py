"""Addresses of the backup site below /console/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.backup import pages

urlpatterns = [
    path("backup/", pages.backup, name="backup"),
    path("backup/write/", pages.write_now, name="backup_write"),
]
