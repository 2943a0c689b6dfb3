"""Who does something: a person, a program with a token, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.apps.tenancy.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Actor:
    """`user` is None for programs of their own and for the system; `label` is kept in the logs."""

    user: User | None
    label: str

    @classmethod
    def person(cls, user: User, *, acting_for: str = "") -> Actor:
        """A signed-in person; `acting_for` names the partner through which the person acts."""
        return cls(user, f"{user.email} ({acting_for})" if acting_for else user.email)

    @classmethod
    def program(cls, token: ApiToken) -> Actor:
        """A program with an API token."""
        return cls(token.user, f"token {token.prefix} ({token.name})")

    @classmethod
    def system(cls, name: str) -> Actor:
        """Standfast itself: a rule, a schedule, a command."""
        return cls(None, f"system: {name}")
