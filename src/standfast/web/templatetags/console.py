"""Template tags of the console: a send plan in words."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from standfast.apps.delivery.queries.plans import PlanView
from standfast.engine.health.cadence import OnTime
from standfast.web.labels import label_of

register = template.Library()

SEND_REASONS: Mapping[str, str | Promise] = {
    "service_chosen": gettext_lazy("chose this service"),
    "all_services": gettext_lazy("follows all services"),
    "provider_staff": gettext_lazy("works for the provider"),
    "released": gettext_lazy("was told before"),
    "service_owner": gettext_lazy("owns the service"),
    "test": gettext_lazy("asked for a test"),
}
SKIP_REASONS: Mapping[str, str | Promise] = {
    "inactive": gettext_lazy("paused or stopped"),
    "not_in_audience": gettext_lazy("not in the audience"),
    "not_for_staff": gettext_lazy("not meant for the provider's own people"),
    "kind_not_chosen": gettext_lazy("does not follow this kind of issue"),
    "service_not_chosen": gettext_lazy("does not follow this service"),
    "below_severity": gettext_lazy("wants only more severe issues"),
    "duplicate_of": gettext_lazy("the same address is told once already"),
}


@register.filter
def sends_in_words(plan: PlanView | None) -> str:
    """“3,201 e-mails and 40 webhooks”, or that nobody gets a message."""
    if plan is None or not plan.total:
        return _("no messages")
    parts = [
        _count_of(channel, count) for channel, count in sorted(plan.by_channel.items()) if count
    ]
    return _(" and ").join(parts)


@register.filter
def send_reason(reason: str) -> str:
    """Why somebody is told."""
    return str(SEND_REASONS.get(reason, reason))


@register.filter
def skip_reason(reason: str) -> str:
    """Why a subscription gets nothing."""
    return str(SKIP_REASONS.get(reason, reason))


def _count_of(channel: str, count: int) -> str:
    if channel == "email":
        return ngettext("%(n)s e-mail", "%(n)s e-mails", count) % {"n": f"{count:,}"}
    if channel == "webhook":
        return ngettext("%(n)s webhook", "%(n)s webhooks", count) % {"n": f"{count:,}"}
    return _("%(n)s over %(channel)s") % {
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
