"""Addresses of the scope picker."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.scope import draft, explore

urlpatterns = [
    path("scope/", explore.scope, name="scope"),
    path("scope/tenants/", explore.tenants, name="scope_tenants"),
    path("scope/why/", explore.why, name="scope_why"),
    path("issues/<str:reference>/scope/", draft.issue_scope, name="issue_scope"),
]
