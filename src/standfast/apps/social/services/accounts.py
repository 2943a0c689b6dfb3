"""Adding, changing and removing the accounts that a provider speaks from."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.addresses import kept_address
from standfast.apps.delivery.services.by_hand import send_test
from standfast.apps.delivery.services.subscriptions import cancel_waiting, delete_subscription
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.social.models import SocialAccount
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.sealing import seal
from standfast.apps.tenancy.services.audit import record
from standfast.channels.registry import get_channel
from standfast.engine.health.severity import Classification, Severity


@dataclass(frozen=True, slots=True)
class AccountWish:
    """What an account says: kinds of issues, from which severity on, in which language."""

    language: str = "en"
    kinds: Collection[str] = ("incident",)
    min_severity: str = "normal"
    listens: bool = True
    secret: str = field(default="", repr=False)


def add_account(
    *,
    provider: Organisation,
    channel: str,
    address: str,
    wish: AccountWish,
    by: Actor,
    now: datetime,
) -> SocialAccount:
    """Add an account and try it at once. Raises Refused (channel, address, secret, language, …)."""
    kept = _normalised(channel, address)
    if not wish.secret.strip():
        raise Refused("secret", _("Enter the account's keys; without them it cannot post."))
    _check_secret(channel, wish.secret)
    columns = _columns(wish)
    try:
        with transaction.atomic():
            subscription = Subscription.objects.create(
                organisation=provider,
                channel=channel,
                address=kept,
                is_public=True,
                confirmed_at=now,
                created_at=now,
                secret=seal(wish.secret.strip()),
                unsubscribe_key=secrets.token_urlsafe(32),
                **columns,
            )
            account = SocialAccount.objects.create(
                subscription=subscription, listens=wish.listens, next_listen_at=now
            )
            _audit("social.account_added", account, by, now)
            send_test(subscription=subscription, by=by, now=now)
    except IntegrityError as error:
        raise Refused("address", _("This account is there already; change it.")) from error
    return account


@transaction.atomic
def change_account(*, account: SocialAccount, wish: AccountWish, by: Actor, now: datetime) -> None:
    """Change what it says, and its keys when new ones are given. Raises Refused."""
    columns: dict[str, object] = _columns(wish)
    if wish.secret.strip():
        _check_secret(account.subscription.channel, wish.secret)
        columns["secret"] = seal(wish.secret.strip())
        if account.subscription.stopped_because:  # the old keys were why
            columns |= {"is_active": True, "stopped_because": ""}
    Subscription.objects.filter(pk=account.subscription_id).update(**columns)
    SocialAccount.objects.filter(pk=account.pk).update(
        listens=wish.listens, next_listen_at=now, listen_failures=0, listen_error=""
    )
    _audit("social.account_changed", account, by, now, keys=bool(wish.secret.strip()))


@transaction.atomic
def remove_account(*, account: SocialAccount, by: Actor, now: datetime) -> None:
    """Remove it with the mentions that were read; what it posted stays where it was posted."""
    _audit("social.account_removed", account, by, now)
    cancel_waiting(account.subscription_id)
    delete_subscription(subscription=account.subscription, by=by, now=now)


def _check_secret(channel: str, secret: str) -> None:
    with by_the_rules():
        get_channel(channel).check_secret(secret.strip())


def _normalised(channel: str, address: str) -> str:
    with by_the_rules():
        kind = get_channel(channel)
    if not kind.social:
        raise Refused("channel", _("Choose one of the services offered."))
    kept = kept_address(kind, address)
    if kept.startswith("http://") and not settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS:
        raise Refused("address", _("Write https://; the account's keys travel to this address."))
    return kept


def _columns(wish: AccountWish) -> dict[str, object]:
    kinds = [kind.value for kind in Classification if kind in wish.kinds]
    if not kinds or len(kinds) != len(set(wish.kinds)):
        raise Refused("kinds", _("Choose incidents, advisories, or both."))
    if wish.min_severity not in list(Severity):
        raise Refused("min_severity", _("Choose normal, high or critical."))
    if wish.language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    return {"kinds": kinds, "min_severity": wish.min_severity, "language": wish.language}


def _audit(
    action: str, account: SocialAccount, by: Actor, now: datetime, **details: object
) -> None:
    subscription = account.subscription
    record(
        by=by,
        organisation=subscription.organisation,
        action=action,
        kind="social account",
        key=account.pk,
        now=now,
        channel=subscription.channel,
        address=subscription.address,
        **details,
    )
