"""Addresses of the on-time page, and of the devices that are warned."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.promises.on_time import promises
from standfast.web.phone import devices

urlpatterns = [
    path("on-time/", promises, name="promises"),
    path("on-time/device/", devices.keep_staff, name="device_keep"),
    path("on-time/device/forget/", devices.forget_staff, name="device_forget"),
]
