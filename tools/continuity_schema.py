"""Write what the declarations of the continuity document say, for editors and for people.

docs/continuity.schema.json is the JSON Schema; docs/guides/continuity-keys.md lists every key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standfast.engine.continuity.document import json_schema
from standfast.engine.continuity.document.happenings import (
    ACCESS_PATH,
    CHANGE,
    EFFECT,
    EVENT_RECORD,
    OCCURRENCE,
    OUTAGE,
    POLICY_RECORD,
    SCENARIO,
)
from standfast.engine.continuity.document.reading import DOCUMENT
from standfast.engine.continuity.document.requirement import Need, forms, step
from standfast.engine.continuity.document.sections import (
    CONNECTIVITY,
    FUNCTION,
    GROUP,
    LOCATION_RECORD,
    PARTY,
    SYSTEM,
)
from standfast.engine.continuity.document.shapes import Record
from standfast.engine.continuity.document.values import Choice
from standfast.engine.continuity.library.kinds import KINDS

DOCS = Path(__file__).parents[1] / "docs"
SCHEMA = DOCS / "continuity.schema.json"
KEYS = DOCS / "guides/continuity-keys.md"

TABLES: tuple[tuple[str, str, Record], ...] = (
    ("The document", "", DOCUMENT),
    ("`groups`", "People.", GROUP),
    ("`locations`", "Sites, network locations, home, on the road.", LOCATION_RECORD),
    ("`systems`", "Applications, cloud services, networks, devices, power.", SYSTEM),
    (
        "`access_paths`",
        "How people at a location reach systems; preferred ones first.",
        ACCESS_PATH,
    ),
    ("`connectivity` of an access path", "", CONNECTIVITY),
    ("`parties`", "Suppliers, customers, partners.", PARTY),
    ("`functions`", "What the organisation exists to do.", FUNCTION),
    ("`policies`", "Policies in place, and other mitigations to consider.", POLICY_RECORD),
    ("`events`", "What can happen.", EVENT_RECORD),
    ("`effects` of an event", "", EFFECT),
    ("`scenarios`", "Events and outages over time.", SCENARIO),
    ("`events` of a scenario", "A name, or:", OCCURRENCE),
    ("`down` of a scenario", "A name, or:", OUTAGE),
)


def schema_text() -> str:
    """The JSON Schema."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def keys_text() -> str:
    """Every key of a document, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Continuity model: every key"
    yield ""
    yield "Written by `python -m tools.continuity_schema` from the declarations of the reader."
    yield "How to use them is in [the guide](continuity-model.md)."
    for heading, words, record in TABLES:
        yield from _table(f"## {heading}", words, record)
    yield from ("", "## Needs", "", "A name, a list (all of them), or one of these mappings.")
    for record in forms(Need()):
        yield from _table(f"### {record.called}", "", record)
    yield from _table("### A fallback (an item of `otherwise`)", "", step(Need()))
    yield from ("", "## Changes of a policy", "")
    for record in CHANGE.records:
        yield from _table(f"### {record.called}", "", record)
    yield from ("", "## Events of the library (`like`)", "")
    yield from ("| Name | Lasts | A year | At a site |", "|---|---|---|---|")
    for kind, facts in KINDS.items():
        hours = facts.lasts.total_seconds() / 3600
        lasts = f"{hours / 24:g} d" if hours >= 48 else f"{hours:g} h"
        yield f"| `{kind.value}` | {lasts} | {facts.per_year:g} | {'yes' if facts.local else ''} |"


def _table(heading: str, words: str, record: Record) -> Iterator[str]:
    yield from ("", heading, "")
    if words:
        yield from (words, "")
    yield from ("| Key | Means |", "|---|---|")
    for key in record.keys:
        needed = " (needed)" if key.needed else ""
        yield f"| `{key.name}` | {key.help}{needed}{_words(key.kind)} |"


def _words(kind: Any) -> str:
    kind = getattr(kind, "kind", kind)
    if not isinstance(kind, Choice):
        return ""
    return ": " + ", ".join(f"`{word.value}`" for word in kind.of)


def main() -> None:
    """Write both files."""
    SCHEMA.write_text(schema_text(), "utf-8")
    KEYS.write_text(keys_text(), "utf-8")


if __name__ == "__main__":
    main()
