"""What differs from one recipient of a notice to the next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils import translation
from django.utils.translation import ngettext

from standfast.apps.delivery import links
from standfast.apps.delivery.confirming import token_of
from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.moments import in_zone, zone_of
from standfast.apps.delivery.rendering.maintenance import maintenance_personal
from standfast.apps.incidents.queries.reach import users_in


def personal_of(delivery: Delivery) -> Mapping[str, str]:
    """The values of the content's slots for this recipient."""
    subscription, notice = delivery.subscription, delivery.notice
    organisation = subscription.organisation if subscription else None
    values = {"due": _due(delivery)}
    if subscription and organisation:
        values |= {
            "organisation": organisation.name,
            "settings_link": links.settings_of(subscription),
            "unsubscribe_link": links.unsubscribe(subscription),
            "issues_link": links.issues_of(subscription),
            "maintenance_link": links.maintenance_of(subscription),
        }
    if subscription and notice.kind == "confirm":
        values["confirm_link"] = links.confirm(token_of(subscription))
    if notice.issue is not None:
        if subscription is None or notice.post is None:  # a warning of the provider's people
            values["link"] = links.console_issue(notice.issue)
        else:
            values["link"] = f"{links.issues_of(subscription)}{notice.issue.reference}/"
            values["affected"] = affected_words(affected_users(delivery), delivery.language)
    if notice.message_update is not None:
        values |= maintenance_personal(delivery)
    if subscription and notice.kind == "digest":
        values["link"] = links.issues_of(subscription).removesuffix("issues/")
    return values


def affected_users(delivery: Delivery) -> int:
    """How many users of the recipient's tenant the post's audience counted."""
    post, subscription = delivery.notice.post, delivery.subscription
    if post is None or subscription is None or subscription.is_public:
        return 0
    if subscription.organisation.number is None:
        return 0
    audience = post.audience_id
    return users_in([audience], subscription.organisation.number)[audience]


@lru_cache(maxsize=4_096)
def affected_words(users: int, language: str) -> str:
    """“214 of your users are affected.”, or nothing."""
    if not users:
        return ""
    with translation.override(language):
        return ngettext(
            "%(count)s of your users is on the affected systems.",
            "%(count)s of your users are on the affected systems.",
            users,
        ) % {"count": f"{users:,}"}


def _due(delivery: Delivery) -> str:
    notice = delivery.notice
    if notice.issue is None:
        return ""
    due = notice.post.next_update_by if notice.post else notice.issue.next_update_by
    if due is None:
        return ""
    subscription = delivery.subscription
    organisation = subscription.organisation if subscription else notice.issue.provider
    user = subscription.user if subscription else delivery.user
    return in_zone(due, zone_of(user, organisation), delivery.language)
