"""Signed-in browsers for the settings' tests."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from standfast.apps.tenancy.models import Organisation, User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, organisation: Organisation, *args: object, face: str = "tenant") -> str:
    return reverse(f"settings:{name}", args=[face, organisation.slug, *args])
