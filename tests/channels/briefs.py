"""Messages with a brief, as the channels for people get them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from standfast.channels.contract import Brief, Content, Message, slot

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINK = "https://status.example/portal/alice/issues/EX123456/"
BRIEF = Brief(
    title="Mail is slow [EX123456]",
    body="We look into <mail> & *more*.\n\nNext: [a link](https://evil.example) <!here>",
    facts=(("Status", "Investigating"), ("Next update by", slot("due")), ("Affected", slot("no"))),
    link_label="All updates",
    tone="warn",
    urgency="high",
)
PERSONAL = {"link": LINK, "due": "1 Mar 2026 13:00 (UTC)"}


def message(**changes: Any) -> Message:
    """A message about an issue; `brief` changes what it says."""
    brief = changes.pop("brief", BRIEF)
    content = Content("s", "t", language="en", thread="issue-EX123456", brief=brief)
    given: dict[str, Any] = {"content": content, "personal": PERSONAL, **changes}
    return Message(**{"idempotency_key": "p1-s1-x", "address": "https://a.example/x", **given})
