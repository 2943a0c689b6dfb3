"""The address of the on-time page."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.promises.on_time import promises

urlpatterns = [path("on-time/", promises, name="promises")]
