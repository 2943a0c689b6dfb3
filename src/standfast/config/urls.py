"""All addresses: the pages, the API, the error pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("standfast.api.urls")),
    path("status/<slug:slug>/api/v2/", include("standfast.api.statuspage.public")),
    path("", include("standfast.web.urls")),
]

handler400 = "standfast.web.errors.bad_request"
handler403 = "standfast.web.errors.forbidden"
handler404 = "standfast.web.errors.not_found"
handler500 = "standfast.web.errors.server_error"
