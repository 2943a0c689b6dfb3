"""A provider's accounts, for the people who look after them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.outgoing import usable_channels
from standfast.apps.delivery.queries.subscriptions import last_tries
from standfast.apps.social.models import SocialAccount
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access
from standfast.channels.kind import ChannelKind


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with its newest posts and how many mentions wait."""

    account: SocialAccount
    tries: list[Delivery]
    waiting: int


def social_channels() -> list[ChannelKind]:
    """The channels that an account can be of."""
    return [channel for channel in usable_channels() if channel.social]


def accounts_of(provider: Organisation) -> list[AccountView]:
    """The provider's accounts, in the order of their channels."""
    return [
        AccountView(
            account, last_tries(account.subscription), account.mentions.filter(state="open").count()
        )
        for account in _rows(provider)
    ]


def get_account_for(access: Access, account_id: int) -> SocialAccount:
    """One of the provider's accounts. Raises NoAccess."""
    account = _rows(access.organisation).filter(pk=account_id).first()
    if access.face != "provider" or account is None:
        raise NoAccess
    return account


def _rows(provider: Organisation) -> QuerySet[SocialAccount]:
    rows = SocialAccount.objects.filter(subscription__organisation=provider)
    return rows.select_related("subscription__organisation")
