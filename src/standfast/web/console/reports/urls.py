"""Addresses of problem reports."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<int:report_id>/tie/", views.tie, name="report_tie"),
    path("reports/<int:report_id>/answer/", views.answer, name="report_answer"),
]
