"""What each tenant should see of issues, from sets and dictionaries: slow, and easy to believe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from standfast.engine.targeting import Scope

OPEN_KINDS = {"regular", "quick", "automatic"}


@dataclass(frozen=True, slots=True)
class Catalog:
    """`children` of each component; users by (tenant, component, service); (tenant, service)."""

    children: dict[int, list[int]]
    placed: dict[tuple[int, int, int], int]
    subscribed: frozenset[tuple[int, int]]

    def below(self, components: Collection[int]) -> set[int]:
        """The components and everything below them."""
        found = set(components)
        for component in components:
            found |= self.below(self.children[component])
        return found

    def audience(self, scope: Scope, service: int) -> dict[int, int]:
        """Users by tenant that an issue of the service reaches with this scope."""
        services = scope.services or {service}
        places = self.below(scope.components) if scope.components else set(self.children)
        users: Counter[int] = Counter()
        if scope.components or scope.services or scope.unclear:
            for (tenant, component, used), count in self.placed.items():
                if component in places and used in services:
                    users[tenant] += count
        if scope.unclear or (scope.services and not scope.components):
            located = {(tenant, used) for tenant, _component, used in self.placed}
            for tenant, used in self.subscribed - located:
                if used in services:
                    users[tenant] += 0
        for tenant in scope.include:
            users[tenant] += 0
        return {tenant: users[tenant] for tenant in users if tenant not in scope.exclude}

    def users_of(self, tenant: int, service: int) -> int:
        """All users of the service that the tenant has placed anywhere."""
        return sum(
            count
            for (placed, _component, used), count in self.placed.items()
            if (placed, used) == (tenant, service)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One version of an audience: users by tenant, and how it differs from the one before."""

    users: dict[int, int]
    added: frozenset[int]
    released: frozenset[int]
    unclear: bool


@dataclass(slots=True)
class KnownPost:
    """A post: `version` is the place of its audience in the issue's list."""

    number: int
    kind: str
    version: int
    body: dict[str, str]


@dataclass(slots=True)
class KnownIssue:
    """An issue as the reference follows it."""

    key: int
    reference: str
    service: int
    classification: str
    status: str
    stage: str = "draft"
    ended: datetime | None = None
    versions: list[Told] = field(default_factory=list)
    posts: list[KnownPost] = field(default_factory=list)

    def tell(self, users: dict[int, int], *, unclear: bool) -> Told:
        """Give the issue another audience."""
        before = set(self.versions[-1].users) if self.versions else set()
        told = Told(
            users, frozenset(users.keys() - before), frozenset(before - users.keys()), unclear
        )
        self.versions.append(told)
        return told

    def post(self, kind: str, body: dict[str, str]) -> None:
        """Add a post to the audience of this moment."""
        self.posts.append(KnownPost(len(self.posts) + 1, kind, len(self.versions) - 1, body))

    def holds(self, tenant: int) -> bool:
        """Whether the tenant is in the audience now."""
        return bool(self.versions) and tenant in self.versions[-1].users

    def let_go(self, tenant: int) -> bool:
        """Whether the tenant was told once and is no longer in."""
        told = any(tenant in version.released for version in self.versions)
        return told and not self.holds(tenant)

    def readable(self, tenant: int) -> list[tuple[int, dict[str, str]]]:
        """Numbers and texts of the posts that the tenant may read, newest first."""
        if self.holds(tenant):
            mine = [post for post in self.posts if post.kind in OPEN_KINDS]
        elif self.let_go(tenant):
            mine = [post for post in self.posts if self._was_told(post, tenant)]
        else:
            mine = []
        return [(post.number, post.body) for post in reversed(mine)]

    def _was_told(self, post: KnownPost, tenant: int) -> bool:
        version = self.versions[post.version]
        return tenant in (version.released if post.kind == "closing" else version.users)

    def is_history(self, tenant: int, since: datetime) -> bool:
        """Whether it stands in the tenant's history of issues that ended since then."""
        recent = self.ended is not None and self.ended >= since
        if self.let_go(tenant):
            return self.stage == "published" or recent
        return self.holds(tenant) and recent


def open_for(issues: Collection[KnownIssue], tenant: int) -> dict[str, int]:
    """The tenant's users by reference, of each open issue that it is in."""
    return {
        issue.reference: issue.versions[-1].users[tenant]
        for issue in issues
        if issue.stage == "published" and issue.holds(tenant)
    }


def history_of(
    issues: Collection[KnownIssue], tenant: int, now: datetime, days: int
) -> dict[str, tuple[int, bool]]:
    """(users, released) by reference, of each issue in the tenant's history."""
    since = now - timedelta(days=days)
    return {
        issue.reference: (
            issue.versions[-1].users.get(tenant, 0),
            issue.let_go(tenant),
        )
        for issue in issues
        if issue.is_history(tenant, since)
    }


def affected_users(issues: Collection[KnownIssue], tenant: int) -> int:
    """The most users that one open issue hits: the same people may be in several."""
    hit = (
        issue.versions[-1].users[tenant]
        for issue in issues
        if issue.stage == "published" and issue.holds(tenant)
    )
    return max(hit, default=0)
