"""Addresses of planned maintenance."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.maintenance import acts, editing, listing, page, parts, telling

urlpatterns = [
    path("maintenance/", listing.maintenance_list, name="maintenance_list"),
    path("maintenance/new/", editing.new, name="maintenance_new"),
    path("maintenance/parts/", parts.parts, name="maintenance_parts"),
    path("maintenance/<str:message>/edit/", editing.edit, name="maintenance_edit"),
    path("maintenance/<str:message>/move/", telling.move_page, name="maintenance_move"),
    path("maintenance/<str:message>/news/", telling.news_page, name="maintenance_news"),
    path("maintenance/<str:message>/cancel/", telling.cancel_page, name="maintenance_cancel"),
    path("maintenance/<str:message>/schedule/", acts.schedule_it, name="maintenance_schedule"),
    path("maintenance/<str:message>/start/", acts.start_it, name="maintenance_start"),
    path("maintenance/<str:message>/complete/", acts.complete_it, name="maintenance_complete"),
    path("maintenance/<str:message>/discard/", acts.discard_it, name="maintenance_discard"),
    path("maintenance/<str:message>/", page.maintenance, name="maintenance"),
]
