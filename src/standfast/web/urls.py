"""Addresses of all pages; each audience has its own module."""

from __future__ import annotations

from django.urls import include, path

from standfast.web import home, language, unsubscribe
from standfast.web.phone import devices, manifest, places, worker
from standfast.web.public import subscribing

urlpatterns = [
    path("", home.home, name="home"),
    path("issues/<str:reference>/", home.issue, name="issue"),
    path("maintenance/<str:message>/", home.maintenance, name="maintenance"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("service-worker.js", worker.service_worker, name="service_worker"),
    path("offline", places.offline, name="offline"),
    path("signed-out", places.signed_out, name="signed_out"),
    path("go/<slug:place>", places.go, name="go"),
    path("push/renew", devices.renew, name="push_renew"),
    path("language", language.switch, name="language"),
    path("accounts/", include("standfast.web.account_urls")),
    path("console/<slug:slug>/", include("standfast.web.console.urls", namespace="console")),
    path("portal/<slug:slug>/", include("standfast.web.portal.urls", namespace="portal")),
    path("partner/<slug:slug>/", include("standfast.web.partner.urls", namespace="partner")),
    path(
        "settings/<str:face>/<slug:slug>/",
        include("standfast.web.settings.urls", namespace="settings"),
    ),
    path("unsubscribe/<str:unsubscribe_key>", unsubscribe.unsubscribe_page, name="unsubscribe"),
    path("subscription/confirm/<str:token>", subscribing.confirm, name="subscription_confirm"),
    path("subscription/<str:unsubscribe_key>", subscribing.manage, name="subscription_manage"),
    path("feeds/", include("standfast.web.feeds.urls", namespace="feeds")),
    path("status/", include("standfast.web.public.urls", namespace="public")),
]
