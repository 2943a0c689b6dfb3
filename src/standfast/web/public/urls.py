"""Addresses below /status/."""

from __future__ import annotations

from django.urls import path

from standfast.web.phone import devices, manifest
from standfast.web.public import feeds, maintenance, pages, subscribing

app_name = "public"
urlpatterns = [
    path("<slug:slug>/", pages.overview, name="overview"),
    path("<slug:slug>/subscribe/", subscribing.subscribe, name="subscribe"),
    path("<slug:slug>/history/", pages.history, name="history"),
    path("<slug:slug>/issues/<str:reference>/", pages.issue, name="issue"),
    path("<slug:slug>/maintenance/", maintenance.maintenance_list, name="maintenance_list"),
    path("<slug:slug>/maintenance/<str:message>/", maintenance.maintenance, name="maintenance"),
    path("<slug:slug>/maintenance.ics", feeds.maintenance_calendar, name="calendar"),
    path("<slug:slug>/device/", devices.keep_visitor, name="device_keep"),
    path("<slug:slug>/device/forget/", devices.forget_visitor, name="device_forget"),
    path("<slug:slug>/manifest.webmanifest", manifest.public_manifest, name="manifest"),
    path("<slug:slug>/history.atom", feeds.history_atom, name="atom"),
    path("<slug:slug>/history.rss", feeds.history_rss, name="rss"),
]
