"""Addresses of writing an issue."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.compose import draft, markdown, publish

urlpatterns = [
    path("issues/new/", draft.new, name="issue_new"),
    path("issues/<str:reference>/edit/", draft.edit, name="issue_edit"),
    path("issues/<str:reference>/preview/", publish.preview, name="issue_preview"),
    path("issues/<str:reference>/publish/", publish.publish, name="issue_publish"),
    path("markdown/", markdown.markdown, name="markdown"),
]
