"""Addresses below /partner/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.partner import customers

app_name = "partner"
urlpatterns = [
    path("", customers.customers, name="customers"),
]
