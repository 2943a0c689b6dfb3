"""Addresses of posts on published issues."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.updates import audience, correcting, posts

urlpatterns = [
    path("issues/<str:reference>/update/", posts.update, name="issue_update"),
    path("issues/<str:reference>/resolve/", posts.resolve, name="issue_resolve"),
    path("issues/<str:reference>/reopen/", posts.reopen, name="issue_reopen"),
    path("issues/<str:reference>/audience/", audience.audience, name="issue_audience"),
    path("issues/<str:reference>/audience/change/", audience.change, name="issue_audience_change"),
    path(
        "issues/<str:reference>/posts/<int:number>/correct/",
        correcting.correct,
        name="post_correct",
    ),
]
