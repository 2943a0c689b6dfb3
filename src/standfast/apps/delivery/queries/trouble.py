"""What is failing for whom, as far as channels depend on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from pyroaring import BitMap

from standfast.apps.catalog.models import Service
from standfast.apps.delivery.models import Attempt
from standfast.apps.incidents.models import Issue
from standfast.channels.registry import CHANNELS
from standfast.engine.health.severity import Classification
from standfast.engine.routing.circumstances import Audience

# A channel of which so many of the newest tries failed for now, and none succeeded, is in doubt.
LOOK_BACK = 500
FAILURES_THAT_TELL = 20


class Everybody:
    """The audience of what fails for all."""

    def __contains__(self, tenant: int, /) -> bool:
        return True


def needs_of(channel: str) -> frozenset[str]:
    """The words for what a channel depends on; each channel depends on itself."""
    return _NEEDS.get(channel) or frozenset({own_word(channel)})


def own_word(channel: str) -> str:
    """The word for the channel itself, as this installation runs it."""
    return f"channel {channel}"


_NEEDS = {kind: channel.needs | {own_word(kind)} for kind, channel in CHANNELS.items()}


def failing_at(now: datetime) -> Mapping[str, Audience]:
    """For each word that channels may need, the tenants for whom it fails.

    A service that provides it takes it from the audience of its open incidents; a channel whose
    newest tries all failed is in doubt for everybody.
    """
    found: dict[str, Audience] = dict(_failing_services(now))
    found |= {own_word(kind): Everybody() for kind in _failing_channels()}
    return found


def failing_with(
    failing: Mapping[str, Audience], issue: Issue | None, tenants: BitMap
) -> Mapping[str, Audience]:
    """The same, with what this very issue takes from its tenants, be it published yet or not."""
    if issue is None or issue.classification != Classification.INCIDENT:
        return failing
    found = dict(failing)
    for word in issue.service.capabilities:
        before = found.get(word)
        if before is None or isinstance(before, BitMap):
            found[word] = (before or BitMap()) | tenants
    return found


def _failing_services(now: datetime) -> dict[str, BitMap]:
    services = Service.objects.exclude(capabilities=[]).values_list("id", "capabilities")
    provided = {pk: words for pk, words in services if words}
    if not provided:
        return {}
    open_incidents = Issue.objects.filter(
        service__in=provided,
        stage="published",
        published_at__lte=now,
        classification=Classification.INCIDENT,
        audience__isnull=False,
    )
    failing: dict[str, BitMap] = {}
    for service, tenants in open_incidents.values_list("service", "audience__tenants"):
        hit = BitMap.deserialize(bytes(tenants))
        for word in provided[service]:
            failing[word] = failing.get(word, BitMap()) | hit
    return failing


def _failing_channels() -> list[str]:
    newest = Attempt.objects.order_by("-id").values_list("delivery__channel", "outcome")
    counts = Counter(newest[:LOOK_BACK])
    return [
        kind
        for kind in {channel for channel, _ in counts}
        if counts[kind, "temporary"] >= FAILURES_THAT_TELL and not counts[kind, "sent"]
    ]
