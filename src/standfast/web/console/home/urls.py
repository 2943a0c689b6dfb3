"""The address of the console itself."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.home.now import now

urlpatterns = [path("", now, name="home")]
