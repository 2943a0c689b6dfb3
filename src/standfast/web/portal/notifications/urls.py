"""Addresses of notifications below /portal/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.portal.notifications import editing, pages

urlpatterns = [
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/new/", editing.new_own, name="notification_new"),
    path("notifications/new/shared/", editing.new_shared, name="notification_new_shared"),
    path("notifications/<int:subscription_id>/", editing.edit, name="notification"),
    path("notifications/<int:subscription_id>/pause/", pages.pause, name="notification_pause"),
    path("notifications/<int:subscription_id>/resume/", pages.resume, name="notification_resume"),
    path("notifications/<int:subscription_id>/delete/", pages.delete, name="notification_delete"),
    path("notifications/<int:subscription_id>/rotate/", pages.rotate, name="notification_rotate"),
    path("notifications/<int:subscription_id>/test/", pages.test, name="notification_test"),
]
