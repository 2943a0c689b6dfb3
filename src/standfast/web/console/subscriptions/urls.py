"""Addresses of subscriptions below /console/<slug>/."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.subscriptions import pages, repairs

_ONE = "deliveries/subscriptions/<int:subscription_id>/"
urlpatterns = [
    path("deliveries/subscriptions/", pages.subscriptions, name="subscriptions"),
    path(_ONE, pages.subscription, name="subscription"),
    path(f"{_ONE}address/", repairs.address, name="subscription_address"),
    path(f"{_ONE}pause/", repairs.pause, name="subscription_pause"),
    path(f"{_ONE}resume/", repairs.resume, name="subscription_resume"),
    path(f"{_ONE}ask/", repairs.ask, name="subscription_ask"),
    path(f"{_ONE}delete/", repairs.delete, name="subscription_delete"),
]
