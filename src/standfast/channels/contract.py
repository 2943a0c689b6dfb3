"""What every channel takes and gives: messages in, one outcome for each of them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from standfast.engine.health.refusal import Refused

LONGEST_DETAIL: Final = 500
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_SLOT: Final = re.compile("\ue000([a-z_]+)\ue001")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


def slot(name: str) -> str:
    """A mark to put into a content's text or HTML: each message has its own value there."""
    if not re.fullmatch("[a-z_]+", name):
        raise ValueError(f"“{name}” is no name for a slot: use a-z and “_”.")
    return f"\ue000{name}\ue001"


def split_at_slots(text: str) -> tuple[list[str], list[str]]:
    """The texts between slots (one more than there are slots) and the slots' names."""
    pieces = _SLOT.split(text)
    return pieces[::2], pieces[1::2]


Tone = Literal["ok", "info", "warn", "bad"]
Urgency = Literal["normal", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Brief:
    """What chats, phones and social accounts say: plain words, and never a link in them.

    `facts` are pairs of a word and what it is (“Status”, “Investigating”). The link is each
    message's own, in `personal`; `link_label` is what a button says. `body` may be long: a channel
    cuts it to what it can carry.
    """

    title: str
    body: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    link_label: str = ""
    tone: Tone = "info"
    urgency: Urgency = "normal"


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is told, once per language, shared by all messages that say it.

    `payload` is what programs get, as JSON. `thread` groups what belongs to one issue. `brief` is
    for channels that say it shortly; without one they say `subject` and `text`. A `trial` shows
    that a channel works: one that speaks to everybody says nothing in public.
    """

    subject: str
    text: str
    html: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    thread: str = ""
    brief: Brief | None = None
    trial: bool = False

    @property
    def short(self) -> Brief:
        """The brief, or one made of the subject and the text."""
        return self.brief or Brief(self.subject, self.text)


@dataclass(frozen=True, slots=True)
class Message:
    """A content on its way to one address.

    `personal` fills the content's slots, as plain text, and is added to a payload as `recipient`.
    `secrets` sign webhooks, newest first, or are the keys that the address was given with.
    `reply_to` is the receipt of the message before in the same thread. `fields` are JSON texts for
    those values of the payload that are slots. Raises ValueError for an impossible key.
    """

    idempotency_key: str
    address: str = field(repr=False)
    content: Content
    personal: Mapping[str, str] = field(default_factory=dict)
    unsubscribe_url: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    reply_to: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.idempotency_key):
            raise ValueError("The idempotency key has 1 to 80 letters, digits, “_” and “-”.")


Result = Literal["sent", "temporary", "permanent"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `detail` is for the log and free of secrets.

    After `temporary` try again, not before `retry_after`; after `permanent` do not. `gone` means
    that the address itself is dead, so its subscription should stop. `receipt` is what the receiver
    calls the message, for those that threads are made of.
    """

    result: Result
    detail: str = ""
    retry_after: timedelta | None = None
    gone: bool = False
    duration: timedelta = timedelta(0)
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A receiver took a message: what it said, and what it calls the message."""

    detail: str
    receipt: str = ""


class PermanentFailure(Exception):
    """Trying again would not help."""

    def __init__(self, detail: str, *, gone: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.gone = gone


class TemporaryFailure(Exception):
    """Trying again later may help; not before `retry_after`, if the receiver said so."""

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class ConfigError(Refused):
    """A channel's setting cannot be used: `field` names it, `message` says the fix."""


class AddressRefused(Refused):
    """An address of a subscription cannot be used; `field` is “address”."""

    def __init__(self, template: str, **params: object) -> None:
        super().__init__("address", template, **params)


class Channel(Protocol):
    """An open channel. It keeps connections, so it belongs to one event loop, and is closed."""

    async def send_many(self, messages: Sequence[Message], *, now: datetime) -> list[Outcome]:
        """Try each message once; outcomes in the order of the messages. Never raises for one."""

    async def close(self) -> None:
        """Close the connections; the channel may be used again and opens new ones."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wrote to an account: plain text, as hostile as any other.

    `number` is the service's for the notification, growing; `receipt` is what an answer replies to.
    """

    number: str
    receipt: str
    author: str
    text: str
    url: str
    at: datetime
    language: str = ""


class Listener(Protocol):
    """Fetches what people wrote to an account."""

    async def hear(self, address: str, secret: str, *, since: str) -> list[Heard]:
        """What came after the notification `since` (all of it when empty), oldest first.

        Raises one of the two failures.
        """

    async def close(self) -> None:
        """Close the connections."""


def redacted(text: str, secrets: Iterable[str]) -> str:
    """`text` on one line, cut to 500 characters, every secret in it replaced by dots."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "•••")
    return _CONTROLS.sub(" ", text).strip()[:LONGEST_DETAIL]
