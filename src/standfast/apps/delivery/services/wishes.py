"""What somebody asks to be told, checked as a whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import time

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, Service
from standfast.apps.catalog.queries.regions import regions_to_choose
from standfast.apps.delivery.outgoing import is_usable
from standfast.apps.delivery.queries.subscriptions import services_to_choose
from standfast.apps.delivery.services.addresses import kept_address
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation, User
from standfast.channels.kind import ChannelKind
from standfast.channels.registry import get_channel
from standfast.engine.health.severity import Severity
from standfast.engine.routing.kinds import Kind
from standfast.engine.routing.times import Every

AT_ONCE = "at_once"
RHYTHMS = (AT_ONCE, *(every.value for every in Every))


@dataclass(frozen=True, slots=True)
class Wish:
    """`services` and `regions` are ids, empty for all; `kinds` are of `engine.routing.kinds`.

    `digest` is at_once, hourly, daily or weekly (at `digest_at` on `digest_day`, 0 is Monday).
    `keys` come with the address of a keyed channel: what a browser gives for its push messages.
    """

    channel: str
    address: str
    services: Collection[int] = ()
    regions: Collection[int] = ()
    kinds: Collection[str] = ("incident", "advisory")
    min_severity: str = "normal"
    language: str = "en"
    always: bool = False
    digest: str = AT_ONCE
    digest_at: time = time(8, 0)
    digest_day: int = 0
    keys: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CheckedWish:
    """The same with a normalised address, real services and regions, and kinds in their order."""

    wish: Wish
    address: str
    services: list[Service]
    regions: list[Component]
    kinds: list[str]

    def columns(self) -> dict[str, object]:
        """What is stored in the subscription's own row, beside its channel."""
        wish = self.wish
        return {
            "address": self.address,
            "kinds": self.kinds,
            "min_severity": wish.min_severity,
            "language": wish.language,
            "always": wish.always,
            "digest": wish.digest,
            "digest_at": wish.digest_at,
            "digest_day": wish.digest_day,
        }


def checked_wish(wish: Wish, *, organisation: Organisation, user: User | None) -> CheckedWish:
    """Return the wish cleaned. Raises Refused naming the first field that cannot be used."""
    if not organisation.is_tenant:
        raise Refused("organisation", _("Only an organisation that uses services can subscribe."))
    kinds = checked_kinds(wish.kinds)
    if wish.min_severity not in list(Severity):
        raise Refused("min_severity", _("Choose normal, high or critical."))
    if wish.language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    check_rhythm(wish.digest, wish.digest_day)
    return CheckedWish(
        wish=wish,
        address=_address(wish, user),
        services=services_among(wish.services, organisation),
        regions=regions_among(wish.regions, organisation),
        kinds=kinds,
    )


def checked_kinds(kinds: Collection[str]) -> list[str]:
    """The kinds in their order. Raises Refused when there is none, or one that is unknown."""
    known = [kind.value for kind in Kind if kind in kinds]
    if not known or len(known) != len(set(kinds)):
        raise Refused("kinds", _("Choose at least one of the kinds offered."))
    return known


def check_rhythm(digest: str, day: int) -> None:
    """Raise Refused when this is no rhythm, or no day of the week."""
    if digest not in RHYTHMS:
        raise Refused("digest", _("Choose at once, hourly, daily or weekly."))
    if not 0 <= day <= 6:
        raise Refused("digest_day", _("Choose a day of the week."))


def normalised_address(channel: str, address: str) -> str:
    """The address in its channel's one spelling. Raises Refused (channel, address)."""
    with by_the_rules():
        kind = get_channel(channel)
    _check(kind)
    return kept_address(kind, address)


def services_among(chosen: Collection[int], organisation: Organisation) -> list[Service]:
    """The services with these ids. Raises Refused when the tenant does not use one."""
    usable = {service.pk: service for service in services_to_choose(organisation)}
    if not usable.keys() >= set(chosen):
        raise Refused("services", _("Choose among the services that your organisation uses."))
    return [usable[pk] for pk in sorted(set(chosen))]


def regions_among(chosen: Collection[int], organisation: Organisation) -> list[Component]:
    """The regions with these ids. Raises Refused when the tenant has no users in one."""
    if not chosen:
        return []
    usable = {region.pk: region for region in regions_to_choose(organisation)}
    if not usable.keys() >= set(chosen):
        raise Refused("regions", _("Choose among the regions that your users are in."))
    return [usable[pk] for pk in sorted(set(chosen))]


def _address(wish: Wish, user: User | None) -> str:
    address = normalised_address(wish.channel, wish.address)
    if user is None:
        return address
    if not get_channel(wish.channel).personal:
        raise Refused("channel", _("This channel is for an organisation, not for one person."))
    # Otherwise anybody could have mails sent to a stranger, who never agreed to them.
    if wish.channel == "email" and address != user.email.lower():
        raise Refused(
            "address",
            _("Your own e-mails go to %(email)s. An administrator can add a shared mailbox.")
            % {"email": user.email},
        )
    return address


def _check(channel: ChannelKind) -> None:
    if channel.social:
        raise Refused(
            "channel",
            _("This channel speaks to everybody; the provider sets it up in its console."),
        )
    if not is_usable(channel):
        raise Refused(
            "channel",
            _("The operator of this installation has not set this channel up; choose another."),
        )
