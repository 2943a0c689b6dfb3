"""Errors that a person can act on. Pages show them at the field, APIs as JSON."""

from __future__ import annotations


class Refused(Exception):
    """A write that was not done. `field` names what is wrong, `message` says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class Conflict(Refused):
    """Somebody else changed the same thing meanwhile; nothing was overwritten."""


class NoAccess(Exception):
    """Not there, or not for this person: the two are answered alike, so nothing leaks."""


class MissingScope(NoAccess):
    """The token is genuine, but was not made for this; `scope` is what it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope
