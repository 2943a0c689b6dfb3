"""What a digest tells: one story for each issue, its updates newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from standfast.apps.delivery.models import Notice
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.tenancy.languages import pick


@dataclass(frozen=True, slots=True)
class Update:
    """One post in the digest's language; `closing` says that it is not affected after all."""

    post: Post
    body: str
    closing: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One issue of a digest with all that was told of it meanwhile."""

    issue: Issue
    title: str
    service: str
    updates: list[Update]

    @property
    def status(self) -> str:
        """The newest status."""
        return self.updates[0].post.status

    @property
    def closing(self) -> bool:
        """Whether the last word is that it does not affect the recipient."""
        return self.updates[0].closing


def stories_of(covered: Iterable[Notice], language: str) -> list[Story]:
    """The issues among what a digest covers, the one with the newest update first."""
    updates: dict[int, list[Update]] = {}
    issues: dict[int, Issue] = {}
    for notice in covered:
        if notice.issue is None or notice.post is None:
            continue
        issues[notice.issue.pk] = notice.issue
        body = pick(notice.post.body, language)
        update = Update(notice.post, body, notice.kind == "closing")
        updates.setdefault(notice.issue.pk, []).append(update)
    return [
        Story(
            issue=issues[pk],
            title=pick(issues[pk].title, language),
            service=pick(issues[pk].service.name, language),
            updates=told,
        )
        for pk, told in updates.items()
    ]


def covered_by(digest: Notice) -> list[Notice]:
    """What any of its messages covers, for all cover the same; newest first."""
    rows = Notice.objects.filter(deliveries__covered_by__notice=digest)
    related = rows.select_related("issue__service", "post", "message_update__message")
    return list(related.distinct().order_by("-id"))
