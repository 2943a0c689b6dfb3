"""How fresh each target is, for the console, the doctor and the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from standfast.apps.publishing.models import Target, WrittenSite


@dataclass(frozen=True, slots=True)
class Freshness:
    """One target. `level` is ok, warn (trouble, but still fresh) or bad (stale or never written).

    `generated_at` and `stale_after` are those of the oldest public site in it.
    """

    target: Target
    generated_at: datetime | None
    stale_after: datetime | None
    sites: int
    files: int
    size: int
    level: str

    def age(self, now: datetime) -> timedelta | None:
        """How old the content is."""
        return now - self.generated_at if self.generated_at else None


def freshness_of(targets: list[Target], *, now: datetime) -> list[Freshness]:
    """Each target with the age of what stands in it."""
    return [_freshness(target, now) for target in targets]


def stored_targets() -> list[Target]:
    """The targets that a worker has met, in the order of the configuration."""
    return list(Target.objects.all())


def written_site(target: Target, prefix: str = "") -> WrittenSite | None:
    """One site as it stands in the target."""
    return WrittenSite.objects.filter(target=target, prefix=prefix).first()


def _freshness(target: Target, now: datetime) -> Freshness:
    rows = WrittenSite.objects.filter(target=target)
    public = rows.exclude(prefix__startswith="t/").aggregate(
        made=Min("generated_at"), due=Min("stale_after")
    )
    total = rows.aggregate(files=Sum("files"), size=Sum("size"))
    due = public["due"]
    level = "warn" if target.failures else "ok"
    if due is None or due < now:
        level = "bad"
    return Freshness(
        target=target,
        generated_at=public["made"],
        stale_after=due,
        sites=rows.count(),
        files=total["files"] or 0,
        size=total["size"] or 0,
        level=level,
    )
