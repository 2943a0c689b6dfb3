"""Reading hostile JSON: each reader checks type and size, and names the field when it refuses."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.errors import BodyTooLarge, FeedError, Sentence

#: The largest body that is parsed unless the caller says otherwise, in bytes.
BODY_LIMIT: Final = 1_000_000
#: The most alerts of one body, the most labels of one alert, and the longest texts in characters.
ALERT_LIMIT: Final = 1_000
LABEL_LIMIT: Final = 64
NAME_LENGTH: Final = 128
VALUE_LENGTH: Final = 1_024
NOTE_LENGTH: Final = 4_000
URL_LENGTH: Final = 1_000

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_INSTANT: Final = re.compile(
    r"(?P<year>\d{4})-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(?P<zone>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)


def require_size(body: bytes, limit: int) -> None:
    """Raise `BodyTooLarge` when the body has more than `limit` bytes."""
    if len(body) > limit:
        raise BodyTooLarge(
            "body",
            gettext_noop("has %(count)s bytes; send at most %(limit)s."),
            count=f"{len(body):,}",
            limit=f"{limit:,}",
        )


def parse_object(body: bytes, *, limit: int = BODY_LIMIT) -> dict[str, Any]:
    """The JSON object in `body` (at most `limit` bytes); raises `FeedError` for anything else."""
    require_size(body, limit)
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise FeedError(
            "body", gettext_noop("is not UTF-8 (byte %(place)s)."), place=error.start
        ) from None
    except RecursionError:
        raise FeedError("body", gettext_noop("is nested too deeply.")) from None
    except ValueError as error:
        raise FeedError(
            "body", gettext_noop("is not JSON: %(reason)s."), reason=str(error)
        ) from None
    return as_object(document, "body")


def as_object(value: object, field: str) -> dict[str, Any]:
    """`value` when it is a JSON object."""
    if isinstance(value, dict):
        return value
    raise FeedError(field, gettext_noop("must be an object, not %(kind)s."), kind=_kind(value))


def as_list(value: object, field: str, *, limit: int) -> list[Any]:
    """`value` when it is a JSON list of at most `limit` items."""
    if not isinstance(value, list):
        raise FeedError(field, gettext_noop("must be a list, not %(kind)s."), kind=_kind(value))
    if len(value) > limit:
        raise BodyTooLarge(
            field,
            gettext_noop("has %(count)s items; send at most %(limit)s at once."),
            count=f"{len(value):,}",
            limit=f"{limit:,}",
        )
    return value


def as_text(value: object, field: str, *, longest: int = VALUE_LENGTH, lines: bool = False) -> str:
    """`value` when it is text of at most `longest` characters, without control characters."""
    if not isinstance(value, str):
        raise FeedError(field, gettext_noop("must be text, not %(kind)s."), kind=_kind(value))
    text = without_controls(value, lines=lines).strip()
    if len(text) > longest:
        raise FeedError(
            field,
            gettext_noop("has %(count)s characters; use at most %(limit)s."),
            count=f"{len(text):,}",
            limit=f"{longest:,}",
        )
    return text


def as_note(value: object, field: str) -> str:
    """Text for people, of any length; what is too long is cut, as words matter less than alerts."""
    text = as_text(value, field, longest=BODY_LIMIT, lines=True)
    return text if len(text) <= NOTE_LENGTH else f"{text[: NOTE_LENGTH - 1]}…"


def as_count(value: object, field: str) -> int:
    """`value` when it is a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise FeedError(
            field, gettext_noop("must be a whole number, not %(kind)s."), kind=_kind(value)
        )
    if value < 0:
        raise FeedError(field, gettext_noop("must not be negative."))
    return value


def as_choice(value: object, field: str, choices: Iterable[str]) -> str:
    """`value` when it is one of the choices."""
    allowed = tuple(choices)
    if value not in allowed:
        shown = repr(value)[:60] if isinstance(value, str) else _kind(value)
        raise FeedError(
            field,
            gettext_noop("must be one of %(allowed)s, not %(given)s."),
            allowed=", ".join(allowed),
            given=shown,
        )
    return str(value)


def as_labels(value: object, field: str) -> dict[str, str]:
    """Labels: short names, values of at most 1,024 characters, no more than 64."""
    labels = as_object(value, field)
    if len(labels) > LABEL_LIMIT:
        raise FeedError(
            field,
            gettext_noop("has %(count)s labels; use at most %(limit)s."),
            count=len(labels),
            limit=LABEL_LIMIT,
        )
    return {
        as_text(name, f"{field} (a name)", longest=NAME_LENGTH): as_text(
            text, f"{field}.{name}"[:200]
        )
        for name, text in labels.items()
    }


def as_notes(value: object, field: str) -> dict[str, str]:
    """Annotations: like labels, but their texts may be long and have several lines."""
    notes = as_object(value, field)
    if len(notes) > LABEL_LIMIT:
        raise FeedError(
            field,
            gettext_noop("has %(count)s annotations; use at most %(limit)s."),
            count=len(notes),
            limit=LABEL_LIMIT,
        )
    return {
        as_text(name, f"{field} (a name)", longest=NAME_LENGTH): as_note(
            text, f"{field}.{name}"[:200]
        )
        for name, text in notes.items()
    }


def as_instant(value: object, field: str) -> datetime:
    """An RFC 3339 time as aware UTC; fractions below a microsecond are cut."""
    instant = as_instant_or_none(value, field)
    if instant is None:
        raise FeedError(field, gettext_noop("must be a time like 2026-01-31T14:00:00Z."))
    return instant


def as_instant_or_none(value: object, field: str) -> datetime | None:
    """Like `as_instant`; None for null, an empty text, and Go's zero time in the year 1."""
    if value is None or value == "":
        return None
    text = as_text(value, field, longest=60)
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise FeedError(
            field, gettext_noop("“%(given)s” is not a time like 2026-01-31T14:00:00Z."), given=text
        )
    if match["year"] == "0001":
        return None
    if match["zone"] is None:
        raise FeedError(
            field,
            gettext_noop("“%(given)s” has no zone; end it with Z or an offset like +02:00."),
            given=text,
        )
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FeedError(
            field, gettext_noop("“%(given)s” is not a possible time."), given=text
        ) from None


def as_link(value: object, field: str) -> str:
    """An http or https address; anything else (relative, script, too long) becomes empty text."""
    text = as_text(value if value is not None else "", field, longest=BODY_LIMIT)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_link = parts.scheme in {"http", "https"} and bool(parts.netloc) and len(text) <= URL_LENGTH
    return text if is_link else ""


def required(document: Mapping[str, Any], name: str, path: str = "") -> Any:
    """The member `name`; raises `FeedError` naming `path` + `name` when it is missing."""
    try:
        return document[name]
    except KeyError:
        raise FeedError(f"{path}{name}", gettext_noop("is missing.")) from None


def without_controls(text: str, *, lines: bool = False) -> str:
    """`text` without control characters, lone surrogates and direction overrides."""
    kept = "\n\t" if lines else ""
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in kept
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in _BIDI)
    )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


_KINDS: Final = {
    type(None): gettext_noop("null"),
    dict: gettext_noop("an object"),
    list: gettext_noop("a list"),
    str: gettext_noop("text"),
    bool: gettext_noop("true or false"),
}


def _kind(value: object) -> Sentence:
    return Sentence(_KINDS.get(type(value), gettext_noop("a number")))
