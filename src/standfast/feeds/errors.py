"""What a sender is told when its payload cannot be used."""

from __future__ import annotations


class FeedError(ValueError):
    """A payload cannot be used: `field` names the part, `message` says what would be right."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


class BodyTooLarge(FeedError):
    """The body has more bytes, or more alerts, than are accepted at once."""


class BadSignature(FeedError):
    """The body is not proven to come from somebody who knows the secret."""
