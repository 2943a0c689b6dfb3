"""Following or muting one issue, from its page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.delivery.queries.subscriptions import own_subscriptions
from standfast.apps.delivery.services.choices import wish_for_issue
from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.tenancy.errors import Refused
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page


@require_POST
@portal_page("subscription.own")
def wish(request: PageRequest, reference: str) -> HttpResponse:
    """Follow it, mute it, or (with an empty wish) neither."""
    issue = issue_for(request.access.organisation, reference, now=request.now).issue
    wanted = request.POST.get("wish", "")
    try:
        wish_for_issue(user=request.user, issue=issue, wish=wanted, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        _say(request, wanted)
    return redirect("portal:issue", request.access.organisation.slug, issue.reference)


def _say(request: PageRequest, wanted: str) -> None:
    if wanted == "follow" and not own_subscriptions(request.access):
        text = _("You follow it, but you have no channel yet: choose one under Notifications.")
        messages.warning(request, text)
    elif wanted == "follow":
        text = _("You are told of every update of this issue, without waiting for a digest.")
        messages.success(request, text)
    elif wanted == "mute":
        messages.success(request, _("You get no more messages about this issue."))
    else:
        messages.success(request, _("This issue is told as you chose for all others."))
