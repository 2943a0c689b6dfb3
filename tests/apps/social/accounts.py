"""Accounts for tests."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.social.models import SocialAccount
from standfast.apps.social.services.accounts import AccountWish, add_account
from standfast.apps.tenancy.models import Organisation
from tests.apps.social.mastodon_server import TOKEN, MastodonServer
from tests.factories import NOW, SYSTEM


def add(
    provider: Organisation, server: MastodonServer, *, now: datetime = NOW, **wish: object
) -> SocialAccount:
    """Add the server's account."""
    return add_account(
        provider=provider,
        channel="mastodon",
        address=server.account,
        wish=AccountWish(**{"secret": TOKEN, **wish}),  # type: ignore[arg-type]
        by=SYSTEM,
        now=now,
    )
