"""What a sender is told when its payload cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from standfast.engine.health.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words in a form that pages can translate; `str()` says them in English.

    `template` has %(name)s placeholders, `params` their values; a value may be a `Sentence` too.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


class FeedError(ValueError):
    """A payload cannot be used: `field` names the part, `message` says what would be right.

    `message` and `str()` are English; `said` and `whole` are the same for pages to translate,
    without and with the name of the part.
    """

    def __init__(self, field: str, template: str, **params: object) -> None:
        self.field = field
        self.template = template
        self.params = params
        self.said = Sentence(template, params)
        self.message = str(self.said)
        super().__init__(str(self.whole))

    @property
    def whole(self) -> Sentence:
        """The message with the part in front."""
        return Sentence(
            gettext_noop("%(part)s: %(problem)s"), {"part": self.field, "problem": self.said}
        )


class BodyTooLarge(FeedError):
    """The body has more bytes, or more alerts, than are accepted at once."""


class BadSignature(FeedError):
    """The body is not proven to come from somebody who knows the secret."""
