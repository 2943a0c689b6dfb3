"""How fresh each target is, for the console, the doctor and the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from standfast.apps.publishing.models import EmergencyPost, Target, TenantPage, WrittenSite
from standfast.apps.tenancy.models import Organisation


@dataclass(frozen=True, slots=True)
class Freshness:
    """One target. `level` is ok, warn (trouble or not written yet) or bad (stale, or it failed
    before it was ever written).

    `generated_at` and `stale_after` are those of the oldest public site in it.
    """

    target: Target
    generated_at: datetime | None
    stale_after: datetime | None
    next_at: datetime | None
    sites: int
    files: int
    size: int
    level: str

    def age(self, now: datetime) -> timedelta | None:
        """How old the content is."""
        return now - self.generated_at if self.generated_at else None


def freshness(*, now: datetime) -> list[Freshness]:
    """Every target that a worker has met, with the age of what stands in it."""
    return [_freshness(target, now) for target in stored_targets()]


def stored_targets() -> list[Target]:
    """The targets that a worker has met, in the order of the configuration."""
    return list(Target.objects.all())


def emergency_posts(provider: Organisation, *, limit: int = 20) -> list[EmergencyPost]:
    """What was posted straight to the provider's backup site, newest first."""
    rows = EmergencyPost.objects.filter(provider=provider).select_related("issue")
    return list(rows.order_by("-found_at", "-id")[:limit])


def tenant_pages() -> int:
    """How many tenants have pages of their own."""
    return TenantPage.objects.count()


def page_of(tenant: Organisation) -> TenantPage | None:
    """The tenant's pages, if it has some."""
    return TenantPage.objects.filter(tenant=tenant).first()


def _freshness(target: Target, now: datetime) -> Freshness:
    rows = WrittenSite.objects.filter(target=target)
    public = rows.exclude(prefix__startswith="t/").aggregate(
        made=Min("generated_at"), due=Min("stale_after"), next=Min("refresh_at")
    )
    total = rows.aggregate(files=Sum("files"), size=Sum("size"))
    due = public["due"]
    level = "warn" if target.failures or due is None else "ok"
    if (due is None and target.failures) or (due is not None and due < now):
        level = "bad"
    return Freshness(
        target=target,
        generated_at=public["made"],
        stale_after=due,
        next_at=target.retry_at or public["next"],
        sites=rows.count(),
        files=total["files"] or 0,
        size=total["size"] or 0,
        level=level,
    )
