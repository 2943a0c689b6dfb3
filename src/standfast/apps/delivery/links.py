"""Addresses that notifications lead to."""

from __future__ import annotations

from django.conf import settings

from standfast.apps.delivery.models import Subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation


def portal_issue(tenant: Organisation, issue: Issue) -> str:
    """The issue as the tenant sees it."""
    return f"{settings.BASE_URL}/portal/{tenant.slug}/issues/{issue.reference}/"


def console_issue(issue: Issue) -> str:
    """The issue as its provider sees it."""
    return f"{settings.BASE_URL}/console/{issue.provider.slug}/issues/{issue.reference}/"


def notifications(tenant: Organisation) -> str:
    """Where the tenant's people choose what they are told."""
    return f"{settings.BASE_URL}/portal/{tenant.slug}/notifications/"


def unsubscribe(subscription: Subscription) -> str:
    """The one-click page (RFC 8058: mail programs post to this very address)."""
    return f"{settings.BASE_URL}/unsubscribe/{subscription.unsubscribe_key}"
