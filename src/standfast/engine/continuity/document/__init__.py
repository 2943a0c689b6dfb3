"""One YAML document and the model: read, checked, described by a schema, written, revised."""

from __future__ import annotations

from standfast.engine.continuity.document.problems import DocumentError, Problem, nearest
from standfast.engine.continuity.document.reading import load
from standfast.engine.continuity.document.revising import revise
from standfast.engine.continuity.document.schema import json_schema
from standfast.engine.continuity.document.source import MAX_BYTES, check_size
from standfast.engine.continuity.document.values import duration, percent
from standfast.engine.continuity.document.writing import dump, to_data

__all__ = [
    "MAX_BYTES",
    "DocumentError",
    "Problem",
    "check_size",
    "dump",
    "duration",
    "json_schema",
    "load",
    "nearest",
    "percent",
    "revise",
    "to_data",
]
