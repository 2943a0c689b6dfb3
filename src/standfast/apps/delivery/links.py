"""Addresses that notifications lead to."""

from __future__ import annotations

from django.conf import settings

from standfast.apps.delivery.models import Subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.messagecenter.models import Message
from standfast.apps.tenancy.models import Organisation


def portal_issue(tenant: Organisation, issue: Issue) -> str:
    """The issue as the tenant sees it."""
    return f"{settings.BASE_URL}/portal/{tenant.slug}/issues/{issue.reference}/"


def issues_of(subscription: Subscription) -> str:
    """What the ids of issues follow, where this subscriber sees them: portal, console or public."""
    organisation = subscription.organisation
    if subscription.is_public:
        return f"{settings.BASE_URL}/status/{organisation.slug}/issues/"
    face = "console" if organisation.number is None else "portal"
    return f"{settings.BASE_URL}/{face}/{organisation.slug}/issues/"


def maintenance_of(subscription: Subscription) -> str:
    """What the ids of maintenance follow, where this subscriber sees it."""
    organisation = subscription.organisation
    if subscription.is_public:
        return f"{settings.BASE_URL}/status/{organisation.slug}/maintenance/"
    face = "console" if organisation.number is None else "portal"
    return f"{settings.BASE_URL}/{face}/{organisation.slug}/maintenance/"


def console_maintenance(message: Message) -> str:
    """The maintenance as its provider sees it."""
    return f"{settings.BASE_URL}/console/{message.provider.slug}/maintenance/{message.reference}/"


def console_issue(issue: Issue) -> str:
    """The issue as its provider sees it."""
    return f"{settings.BASE_URL}/console/{issue.provider.slug}/issues/{issue.reference}/"


def notifications(tenant: Organisation) -> str:
    """Where the tenant's people choose what they are told."""
    return f"{settings.BASE_URL}/portal/{tenant.slug}/notifications/"


def settings_of(subscription: Subscription) -> str:
    """Where this subscriber chooses what it is told: a visitor by its key, others signed in."""
    if subscription.is_public:
        return f"{settings.BASE_URL}/subscription/{subscription.unsubscribe_key}"
    return notifications(subscription.organisation)


def confirm(token: str) -> str:
    """Where a visitor confirms that it wants the messages."""
    return f"{settings.BASE_URL}/subscription/confirm/{token}"


def unsubscribe(subscription: Subscription) -> str:
    """The one-click page (RFC 8058: mail programs post to this very address)."""
    return f"{settings.BASE_URL}/unsubscribe/{subscription.unsubscribe_key}"
