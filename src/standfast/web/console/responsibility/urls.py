"""Addresses of the chart's editor."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.responsibility import chart, row

urlpatterns = [
    path("responsibility/", chart.chart, name="responsibility"),
    path("responsibility/add/", row.add, name="responsibility_add"),
    path("responsibility/<slug:key>/", row.edit, name="responsibility_row"),
    path("responsibility/<slug:key>/hide/", row.hide, name="responsibility_hide"),
    path("responsibility/<slug:key>/reset/", row.reset, name="responsibility_reset"),
]
