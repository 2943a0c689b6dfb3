"""Addresses of deliveries below /console/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.deliveries import pages

urlpatterns = [
    path("deliveries/", pages.deliveries, name="deliveries"),
    path("deliveries/retry/<int:delivery_id>/", pages.retry_one, name="delivery_retry"),
    path("issues/<str:reference>/deliveries/", pages.of_issue, name="issue_deliveries"),
    path("issues/<str:reference>/deliveries/retry/", pages.retry_issue, name="deliveries_retry"),
]
