"""Addresses of problem reports."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.reports import mentions, views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/mentions/", mentions.mentions, name="mentions"),
    path("reports/mentions/<int:mention_id>/tie/", mentions.mention_tie, name="mention_tie"),
    path(
        "reports/mentions/<int:mention_id>/answer/",
        mentions.mention_answer,
        name="mention_answer",
    ),
    path("reports/mentions/<int:mention_id>/aside/", mentions.mention_aside, name="mention_aside"),
    path("reports/<int:report_id>/tie/", views.tie, name="report_tie"),
    path("reports/<int:report_id>/answer/", views.answer, name="report_answer"),
]
