"""Addresses of notifications below /portal/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.portal.notifications import editing, issue_wishes, pages, times

urlpatterns = [
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/new/", editing.new_own, name="notification_new"),
    path("notifications/new/shared/", editing.new_shared, name="notification_new_shared"),
    path("notifications/times/", times.times, name="notification_times"),
    path("notifications/defaults/", times.defaults, name="notification_defaults"),
    path("issues/<str:reference>/wish/", issue_wishes.wish, name="issue_wish"),
    path("notifications/<int:subscription_id>/up/", pages.up, name="notification_up"),
    path("notifications/<int:subscription_id>/down/", pages.down, name="notification_down"),
    path("notifications/<int:subscription_id>/ask/", pages.ask, name="notification_ask"),
    path("notifications/<int:subscription_id>/", editing.edit, name="notification"),
    path("notifications/<int:subscription_id>/pause/", pages.pause, name="notification_pause"),
    path("notifications/<int:subscription_id>/resume/", pages.resume, name="notification_resume"),
    path("notifications/<int:subscription_id>/delete/", pages.delete, name="notification_delete"),
    path("notifications/<int:subscription_id>/rotate/", pages.rotate, name="notification_rotate"),
    path("notifications/<int:subscription_id>/test/", pages.test, name="notification_test"),
]
