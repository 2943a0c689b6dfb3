"""The language switch: a cookie for everybody, and the profile for people signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.services.people import choose_language


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Change the language and go back to the page that asked."""
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        return HttpResponseBadRequest("language: choose en or zh-hant.")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    if request.user.is_authenticated:
        choose_language(user=request.user, language=language, now=timezone.now())
    response = redirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
