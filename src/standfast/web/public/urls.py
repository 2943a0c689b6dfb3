"""Addresses below /status/."""

from __future__ import annotations

from django.urls import path

from standfast.web.public import pages

app_name = "public"
urlpatterns = [
    path("<slug:slug>/", pages.overview, name="overview"),
    path("<slug:slug>/history/", pages.history, name="history"),
    path("<slug:slug>/issues/<str:reference>/", pages.issue, name="issue"),
]
