"""What somebody asks to be told, checked as a whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Service
from standfast.apps.delivery.outgoing import is_usable
from standfast.apps.delivery.queries.subscriptions import services_to_choose
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation, User
from standfast.channels.contract import AddressRefused, ConfigError
from standfast.channels.kind import ChannelKind
from standfast.channels.registry import get_channel
from standfast.engine.health.severity import Classification, Severity


@dataclass(frozen=True, slots=True)
class Wish:
    """`services` are ids, empty for all; `kinds` are incident and advisory.

    `keys` come with the address of a keyed channel: what a browser gives for its push messages.
    """

    channel: str
    address: str
    services: Collection[int] = ()
    kinds: Collection[str] = ("incident", "advisory")
    min_severity: str = "normal"
    language: str = "en"
    keys: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CheckedWish:
    """The same with a normalised address and real services."""

    channel: str
    address: str
    services: list[Service]
    kinds: list[str]
    min_severity: str
    language: str


def checked_wish(wish: Wish, *, organisation: Organisation, user: User | None) -> CheckedWish:
    """Return the wish cleaned. Raises Refused naming the first field that cannot be used."""
    if not organisation.is_tenant:
        raise Refused("organisation", _("Only an organisation that uses services can subscribe."))
    kinds = [kind.value for kind in Classification if kind in wish.kinds]
    if not kinds or len(kinds) != len(set(wish.kinds)):
        raise Refused("kinds", _("Choose incidents, advisories, or both."))
    if wish.min_severity not in list(Severity):
        raise Refused("min_severity", _("Choose normal, high or critical."))
    if wish.language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    return CheckedWish(
        channel=wish.channel,
        address=_address(wish, user),
        services=_services(wish, organisation),
        kinds=kinds,
        min_severity=wish.min_severity,
        language=wish.language,
    )


def _address(wish: Wish, user: User | None) -> str:
    try:
        channel = get_channel(wish.channel)
        _check(channel)
        address = channel.normalise(wish.address)
    except (AddressRefused, ConfigError) as refused:
        template = _(refused.template)
        message = template % refused.params if refused.params else template
        raise Refused(refused.field, message) from refused
    # Otherwise anybody could have mails sent to a stranger, who never agreed to them.
    if user is not None and wish.channel == "email" and address != user.email.lower():
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


def _services(wish: Wish, organisation: Organisation) -> list[Service]:
    usable = {service.pk: service for service in services_to_choose(organisation)}
    if not usable.keys() >= set(wish.services):
        raise Refused("services", _("Choose among the services that your organisation uses."))
    return [usable[pk] for pk in sorted(set(wish.services))]
