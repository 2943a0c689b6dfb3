"""Addresses below /portal/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.phone import devices
from standfast.web.portal import backup, dashboard, history, issue, reports, responsibility
from standfast.web.portal.maintenance.urls import urlpatterns as maintenance
from standfast.web.portal.notifications.urls import urlpatterns as notifications

app_name = "portal"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("history/", history.history, name="history"),
    path("issues/<str:reference>/", issue.issue, name="issue"),
    path("reports/", reports.reports, name="reports"),
    path("responsibility/", responsibility.responsibility, name="responsibility"),
    path("backup/", backup.backup, name="backup"),
    path("backup/change/", backup.change, name="backup_change"),
    path("notifications/device/", devices.keep, name="device_keep"),
    path("notifications/device/forget/", devices.forget, name="device_forget"),
    *maintenance,
    *notifications,
]
