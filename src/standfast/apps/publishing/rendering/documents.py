"""Statuspage's documents of a site: the main site's with the same ids, at other addresses."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from standfast.bundle.manifest import as_text
from standfast.engine.wire.statuspage.documents import Facts, documents


def api_files(
    facts: Facts, *, shown: Collection[str], address: str, now: datetime, due: datetime
) -> dict[str, bytes]:
    """The files below api/v2/, stale after `due`. `shown` are the issues that have a page here."""
    moved = replace(
        facts,
        page=replace(facts.page, url=address, updated_at=now),
        incidents=tuple(
            replace(each, url=f"{address}issues/{each.key}/index.html")
            for each in facts.incidents
            if each.key in shown
        ),
        maintenances=tuple(
            replace(each, url=f"{address}index.html") for each in facts.maintenances
        ),
    )
    age = json.dumps({"backup": {"generated_at": as_text(now), "stale_after": as_text(due)}})
    # One member more at the end, which Statuspage's clients pass over.
    return {
        f"api/v2/{path}": b"%b,%b" % (content.removesuffix(b"}"), age.encode()[1:])
        for path, content in documents(moved).items()
    }
