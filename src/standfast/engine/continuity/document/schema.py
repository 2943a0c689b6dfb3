"""The JSON Schema of the document, for editors; made from the same declarations as the reader."""

from __future__ import annotations

from typing import Any

from standfast.engine.continuity.document.reading import DOCUMENT
from standfast.engine.continuity.document.requirement import INFRASTRUCTURE, Need


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12). What spans places, such as references, only the reader checks."""
    definitions = {
        **Need().definitions(),
        **Need(INFRASTRUCTURE, people=False).definitions(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Standfast continuity model",
        **DOCUMENT.schema(),
        "$defs": definitions,
    }
