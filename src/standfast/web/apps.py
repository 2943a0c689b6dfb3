from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "standfast.web"
    label = "web"
