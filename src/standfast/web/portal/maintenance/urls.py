"""Addresses of maintenance below /portal/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.portal.maintenance import addresses, pages

urlpatterns = [
    path("maintenance/", pages.maintenance_list, name="maintenance_list"),
    path("maintenance/addresses/new/", addresses.make, name="feed_address_new"),
    path(
        "maintenance/addresses/<int:address_id>/revoke/",
        addresses.revoke,
        name="feed_address_revoke",
    ),
    path("maintenance/<str:message>/", pages.maintenance, name="maintenance"),
    path("maintenance/<str:message>/event.ics", pages.event, name="maintenance_event"),
]
