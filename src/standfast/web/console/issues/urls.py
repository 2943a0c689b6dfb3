"""Addresses of issues. Their forms stand in `compose`, `scope` and `updates`."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.issues import acts, listing, page

urlpatterns = [
    path("issues/", listing.issues, name="issues"),
    path("issues/<str:reference>/confirm/", acts.confirm, name="issue_confirm"),
    path("issues/<str:reference>/dismiss/", acts.dismiss, name="issue_dismiss"),
    path("issues/<str:reference>/restore/", acts.restore, name="issue_restore"),
    path("issues/<str:reference>/", page.issue, name="issue"),
]
