"""What an organisation's people begin with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from standfast.apps.catalog.queries.regions import regions_to_choose
from standfast.apps.delivery.models import OrganisationDefaults, Subscription
from standfast.apps.delivery.queries.subscriptions import services_to_choose
from standfast.apps.delivery.services.choices import QuietWish, checked_quiet
from standfast.apps.delivery.services.subscriptions import create_subscription
from standfast.apps.delivery.services.wishes import Wish, checked_wish
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Member, Organisation
from standfast.apps.tenancy.queries.access import FACES
from standfast.apps.tenancy.services.audit import record


@transaction.atomic
def save_defaults(
    *,
    organisation: Organisation,
    wish: Wish,
    quiet: QuietWish,
    for_new_members: bool,
    by: Actor,
    now: datetime,
) -> OrganisationDefaults:
    """Store the defaults; `wish.channel` and `address` do not count. Raises Refused."""
    checked = checked_wish(wish, organisation=organisation, user=None)
    hours = checked_quiet(quiet)
    row, _made = OrganisationDefaults.objects.update_or_create(
        organisation=organisation,
        defaults={
            "for_new_members": for_new_members,
            "kinds": checked.kinds,
            "min_severity": wish.min_severity,
            "digest": wish.digest,
            "digest_at": wish.digest_at,
            "digest_day": wish.digest_day,
            "quiet_is_on": hours.is_on,
            "quiet_start": hours.start,
            "quiet_end": hours.end,
            "quiet_days": sorted(set(hours.days)),
            "quiet_breaks_at": hours.breaks_at,
        },
    )
    row.services.set(checked.services)
    row.regions.set(checked.regions)
    record(
        by=by,
        organisation=organisation,
        action="notification_defaults.changed",
        kind="organisation",
        key=organisation.slug,
        now=now,
        for_new_members=for_new_members,
    )
    return row


def subscribe_new_member(*, member: Member, now: datetime) -> Subscription | None:
    """Give a new member the organisation's default subscription, once; None when there is none."""
    organisation, user = member.organisation, member.user
    defaults = OrganisationDefaults.objects.filter(
        organisation=organisation, for_new_members=True
    ).first()
    may = FACES["tenant"].get(member.role, frozenset())
    if defaults is None or "subscription.own" not in may or not organisation.is_tenant:
        return None
    if Subscription.objects.filter(organisation=organisation, user=user).exists():
        return None
    made, _secret = create_subscription(
        organisation=organisation,
        user=user,
        wish=Wish(
            channel="email",
            address=user.email,
            services=_still(defaults.services.all(), services_to_choose(organisation)),
            regions=_still(defaults.regions.all(), regions_to_choose(organisation)),
            kinds=defaults.kinds,
            min_severity=defaults.min_severity,
            language=user.language or organisation.language,
            digest=defaults.digest,
            digest_at=defaults.digest_at,
            digest_day=defaults.digest_day,
        ),
        by=Actor.system("notification defaults"),
        now=now,
    )
    return made


def _still(chosen: Iterable[Model], usable: Iterable[Model]) -> list[int]:
    """The ids of what was chosen and can still be."""
    there = {each.pk for each in usable}
    return [each.pk for each in chosen if each.pk in there]
