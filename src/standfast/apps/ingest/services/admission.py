"""Who may post alerts, and what the body says: everything before anything is stored."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from standfast.apps.ingest.errors import NotAdmitted
from standfast.apps.ingest.models import AlertSource
from standfast.apps.ingest.queries.sources import source_by_key
from standfast.apps.ingest.services.sources import credential_hash
from standfast.apps.tenancy.sealing import unseal
from standfast.feeds.alerts import Notification
from standfast.feeds.registry import get_feed, receive


def source_at(key: str) -> AlertSource:
    """The active source with this key. Raises NotAdmitted."""
    source = source_by_key(key)
    if source is None or not source.is_active:
        raise NotAdmitted("no such source")
    return source


def check_bearer(source: AlertSource, authorization: str, *, now: datetime) -> None:
    """Let in whoever shows the source's token; signed feeds pass (their body is checked later).

    Raises NotAdmitted.
    """
    if get_feed(source.kind).signed:
        return
    kind, _, token = authorization.partition(" ")
    given = credential_hash(token.strip())
    known = [source.token_hash, source.token_hash_before if _old_works(source, now) else ""]
    # Both are compared in any case, in constant time.
    fitting = [hmac.compare_digest(each, given) for each in known]
    if kind.lower() != "bearer" or not any(fitting):
        raise NotAdmitted("the bearer token is missing or wrong")


def parsed(
    source: AlertSource, body: bytes, headers: Mapping[str, str], *, now: datetime
) -> Notification:
    """The notification in the body, its signature checked where the feed is signed.

    Raises FeedError, of which BadSignature and BodyTooLarge are kinds.
    """
    sealed = [source.secret, source.secret_before if _old_works(source, now) else ""]
    return receive(
        source.kind,
        body,
        headers=headers,
        secrets=[unseal(each) for each in sealed if each],
        now=now,
        limit=settings.STANDFAST_MAX_BODY_BYTES,
    )


def _old_works(source: AlertSource, now: datetime) -> bool:
    return source.before_until is not None and source.before_until > now
