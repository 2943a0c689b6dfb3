"""The token that confirms a subscription: made again from the row, kept only as a hash.

So a mail can carry it when it is written, and a stolen database confirms nothing.
"""

from __future__ import annotations

import hashlib

from django.utils.crypto import salted_hmac

from standfast.apps.delivery.models import Subscription


def token_of(subscription: Subscription) -> str:
    """The token of the subscription's open question."""
    until = subscription.confirm_until.isoformat() if subscription.confirm_until else ""
    text = f"{subscription.pk} {subscription.address} {until}"
    return salted_hmac("standfast.confirm", text, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
