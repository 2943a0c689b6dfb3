"""What the buttons on a subscription's page do; each writes to both organisations' logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.delivery.queries.directory import get_subscription_of
from standfast.apps.delivery.services.operating import (
    ask_again_for,
    correct_address,
    delete_for,
    pause_for,
    resume_for,
)
from standfast.web.console.frame import attempt, back_to, console_page, typed
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Subscription


@require_POST
@console_page("delivery.manage")
def address(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Correct the address; one that its owner must agree to is asked anew."""
    new = typed(request, "address")
    return _repair(request, subscription_id, correct_address, _("Saved."), address=new)


@require_POST
@console_page("delivery.manage")
def pause(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Tell nothing until it is resumed."""
    return _repair(request, subscription_id, pause_for, _("The subscription is paused."))


@require_POST
@console_page("delivery.manage")
def resume(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Tell again."""
    return _repair(request, subscription_id, resume_for, _("Resumed, from the next post on."))


@require_POST
@console_page("delivery.manage")
def ask(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Send the link that confirms it once more."""
    return _repair(request, subscription_id, ask_again_for, _("The link is on its way."))


@require_POST
@console_page("delivery.manage")
def delete(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Remove it for good."""
    found = get_subscription_of(request.access, subscription_id)
    _do(request, found, delete_for, _("The subscription is deleted."))
    return back_to(request, "subscriptions")


def _repair(
    request: PageRequest,
    subscription_id: int,
    write: Callable[..., None],
    done: str,
    **more: Any,
) -> HttpResponse:
    found = get_subscription_of(request.access, subscription_id)
    _do(request, found, write, done, **more)
    return back_to(request, "subscription", found.pk)


def _do(
    request: PageRequest,
    found: Subscription,
    write: Callable[..., None],
    done: str,
    **more: Any,
) -> None:
    access = request.access
    attempt(
        request,
        lambda: write(
            provider=access.organisation,
            subscription=found,
            by=access.actor,
            now=request.now,
            **more,
        ),
        done=done,
    )
