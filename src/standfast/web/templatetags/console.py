"""Template tags of the console: a send plan in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfast.apps.delivery.queries.plans import PlanView
from standfast.engine.health.cadence import OnTime
from standfast.web.labels import label_of

register = template.Library()


@register.filter
def sends_in_words(plan: PlanView | None) -> str:
    """“3,201 e-mails and 40 webhooks”, or that nobody gets a message."""
    if plan is None or not plan.total:
        return _("no messages")
    parts = [
        _count_of(channel, count) for channel, count in sorted(plan.by_channel.items()) if count
    ]
    return _(" and ").join(parts)


def _count_of(channel: str, count: int) -> str:
    if channel == "email":
        return ngettext("%(n)s e-mail", "%(n)s e-mails", count) % {"n": f"{count:,}"}
    if channel == "webhook":
        return ngettext("%(n)s webhook", "%(n)s webhooks", count) % {"n": f"{count:,}"}
    # The name of a channel is a thing's or a firm's, so it takes neither a plural nor “over”.
    return _("%(n)s \u00d7 %(channel)s") % {
        "n": f"{count:,}",
        "channel": label_of("channel", channel),
    }


@register.filter
def percent(rate: float) -> str:
    """A share from 0 to 1 as “97 %”; only a full share reads 100 %."""
    whole = round(rate * 100)
    return f"{min(whole, 99) if rate < 1 else whole}\u00a0%"


@register.filter
def decided(rate: OnTime) -> int:
    """How many promises came due: kept and missed together."""
    return rate.kept + rate.missed
