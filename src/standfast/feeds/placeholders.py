"""Templates over an alert: “{label}” and “{annotations.name}”; a doubled brace is a brace."""

from __future__ import annotations

import re
from typing import Final

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.alerts import Alert
from standfast.feeds.errors import FeedError

LONGEST_TEMPLATE: Final = 500
ANNOTATIONS: Final = "annotations."
_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class MissingLabel(FeedError):
    """A template wants a label or an annotation that this alert does not have."""


def check_template(template: str, field: str) -> tuple[str, ...]:
    """The placeholders of the template, in order; raises `FeedError` for stray braces."""
    if len(template) > LONGEST_TEMPLATE:
        raise FeedError(
            field, gettext_noop("is longer than %(longest)s characters."), longest=LONGEST_TEMPLATE
        )
    names = []
    for piece in _PIECE.finditer(template):
        if piece[0] in {"{", "}"}:
            raise FeedError(
                field,
                gettext_noop("has a single “%(brace)s”; write {label}, or double it."),
                brace=piece[0],
            )
        if piece[1] is not None:
            if not piece[1].removeprefix(ANNOTATIONS):
                raise FeedError(field, gettext_noop("has an empty placeholder; write {label}."))
            names.append(piece[1])
    return tuple(names)


def fill(template: str, alert: Alert, field: str) -> str:
    """The template with the alert's values; raises `MissingLabel` naming what the alert lacks."""

    def value(piece: re.Match[str]) -> str:
        name = piece[1]
        if name is None:
            return piece[0][0]
        if name.startswith(ANNOTATIONS):
            found = alert.annotations.get(name.removeprefix(ANNOTATIONS))
        else:
            found = alert.labels.get(name)
        if not found:
            has = ", ".join(sorted(alert.labels)[:20])
            raise MissingLabel(
                field,
                gettext_noop("needs “%(name)s”, which this alert lacks; it has %(labels)s."),
                name=name,
                labels=has,
            )
        return found

    return _PIECE.sub(value, template)
