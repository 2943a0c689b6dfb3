"""What somebody wants to be told, and over which channel."""

from __future__ import annotations

from datetime import time
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q

from standfast.apps.catalog.models import Component, Service
from standfast.apps.tenancy.models import Organisation
from standfast.channels.registry import CHANNELS


def unconfirmed(path: str) -> Q:
    """Where `Subscription.is_unconfirmed` holds; `path` leads there, as in “subscription__”."""
    asked = Q(**{f"{path}is_public": True}) | Q(**{f"{path}confirm_until__isnull": False})
    return asked & Q(**{f"{path}confirmed_at__isnull": True})


def shown_address(address: str) -> str:
    """An address for other eyes than its owner's: of a webhook the host, of a service its name.

    The path of a web address is often all the secret that its receiver asks for; in the address of
    another service (“tgram://…”) even the host may be one.
    """
    parts = urlsplit(address)
    if not parts.scheme or "://" not in address:
        return address
    host = parts.hostname if parts.scheme in {"http", "https"} else ""
    return f"{parts.scheme}://{host}/…" if host else f"{parts.scheme}://…"


class Subscription(models.Model):
    """One channel of a person (`user` set), of an organisation, or of a visitor (`is_public`).

    `services` and `regions` empty mean all. `rank` is the place in the person's preference order,
    `always` takes it out of that order. `secret` and `secret_before` are encrypted; after a
    rotation both sign until `secret_before_until`. `unsubscribe_key` opens the page of its owner.
    A visitor's is of the provider. With `confirm_until` the address was asked for its consent, and
    is told nothing before `confirmed_at`.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="subscriptions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
    )
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    regions = models.ManyToManyField(Component, blank=True, related_name="+")
    kinds = models.JSONField(default=list)
    min_severity = models.CharField(max_length=10, default="normal")
    language = models.CharField(max_length=10, default="en")
    rank = models.PositiveSmallIntegerField(default=0)
    always = models.BooleanField(default=False)
    digest = models.CharField(max_length=10, default="at_once")
    digest_at = models.TimeField(default=time(8, 0))
    digest_day = models.PositiveSmallIntegerField(default=0)
    is_public = models.BooleanField(default=False)
    confirm_hash = models.CharField(max_length=64, blank=True, db_index=True)
    confirm_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    secret = models.TextField(blank=True)
    secret_before = models.TextField(blank=True)
    secret_before_until = models.DateTimeField(null=True, blank=True)
    unsubscribe_key = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["channel", "address"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "address"],
                condition=Q(user__isnull=True, is_public=False),
                name="one_subscription_per_organisation_and_address",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user", "channel", "address"],
                condition=Q(user__isnull=False),
                name="one_subscription_per_person_and_address",
            ),
            models.UniqueConstraint(
                fields=["organisation", "channel", "address"],
                condition=Q(is_public=True),
                name="one_subscription_per_visitor",
            ),
        ]

    @property
    def shown_address(self) -> str:
        """See `shown_address`."""
        return shown_address(self.address)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the owner of the address was asked, and has not said yes."""
        return self.confirmed_at is None and (self.is_public or self.confirm_until is not None)

    @property
    def owner_address(self) -> str:
        """The address as its owner's people see it, unless it is as good as a password."""
        channel = CHANNELS.get(self.channel)
        return self.shown_address if channel and channel.hides else self.address
