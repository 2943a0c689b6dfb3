"""The sentences of a delivery's log: written in English, found again by whoever translates them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from standfast.engine.health.refusal import gettext_noop

GONE: Final = gettext_noop("The receiver is gone: %(answer)s")
MOVED: Final = gettext_noop(
    "The receiver moved (%(status)s); redirects are not followed, so enter the new address."
)
REFUSES: Final = gettext_noop("The receiver refuses: %(answer)s")
NOT_NOW: Final = gettext_noop("The receiver cannot take it now: %(answer)s")
NO_SECRET: Final = gettext_noop("The subscription has no secret to sign with; make one.")
NO_HOST: Final = gettext_noop("%(host)s is not a host that can be called.")
PRIVATE: Final = gettext_noop(
    "%(host)s is in a private network; only public addresses are called unless the operator"
    " allows this host."
)
IN_THE_CLEAR: Final = gettext_noop(
    "Write https://: on the way to %(host)s others could read what is sent."
)
TIMED_OUT: Final = gettext_noop("%(host)s: time-out")
HANGS: Final = gettext_noop("%(host)s: gave no answer to several requests; it is tried again soon")
ODD_ANSWER: Final = gettext_noop("%(host)s: an answer of another kind than its documentation says")
UNKNOWN_NAME: Final = gettext_noop("%(host)s: the name is unknown")
BAD_CERTIFICATE: Final = gettext_noop("%(host)s: its certificate is not valid")
NO_CONNECTION: Final = gettext_noop("%(host)s: no connection")
NOT_CONNECTED: Final = gettext_noop("%(host)s: no connection (%(answer)s)")
NO_SERVER: Final = gettext_noop("The mail server cannot be used: %(answer)s")
BAD_SENDER: Final = gettext_noop("The server refuses the sender: %(answer)s")
BAD_UNSUBSCRIBE: Final = gettext_noop("The address for unsubscribing is not a web address.")
NO_KEYS: Final = gettext_noop("The keys that belong to this address are missing; add it again.")
NOT_SET_UP: Final = gettext_noop("The operator of this installation has not set this channel up.")
NOT_ALLOWED: Final = gettext_noop("“%(schema)s” is not among the services that are allowed here.")
AFTER_THE_ONE_BEFORE: Final = gettext_noop("The post before it comes first.")
NOT_TRIED: Final = gettext_noop("not tried")
TIME_OUT: Final = gettext_noop("time-out")

#: The most telling first: of two that fit, the first is meant.
TEMPLATES: Final = (
    *(GONE, MOVED, REFUSES, NOT_NOW, NO_SECRET, NO_SERVER, BAD_SENDER, BAD_UNSUBSCRIBE),
    *(
        NO_KEYS,
        NOT_SET_UP,
        NOT_ALLOWED,
        AFTER_THE_ONE_BEFORE,
        NOT_TRIED,
        TIME_OUT,
        PRIVATE,
        IN_THE_CLEAR,
        NO_HOST,
    ),
    *(TIMED_OUT, HANGS, ODD_ANSWER, UNKNOWN_NAME, BAD_CERTIFICATE, NO_CONNECTION, NOT_CONNECTED),
)


def recognised(detail: str) -> tuple[str, Mapping[str, str]] | None:
    """The template and the values that an English detail was made of; None for other words."""
    for template in TEMPLATES:
        if found := _pattern(template).fullmatch(detail):
            return template, found.groupdict()
    return None


def answer_of_gone(detail: str) -> str:
    """What the receiver said, of a detail that says that it is gone; other details as they are."""
    found = recognised(detail)
    return found[1]["answer"] if found and found[0] == GONE else detail


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pattern = ""
    for place, piece in enumerate(re.split(r"%\((\w+)\)s", template)):
        # Texts and names of placeholders take turns; a host is one word, an answer is anything.
        kind = r"\S+" if piece == "host" else ".*"
        pattern += f"(?P<{piece}>{kind})" if place % 2 else re.escape(piece)
    return re.compile(pattern, re.DOTALL)
