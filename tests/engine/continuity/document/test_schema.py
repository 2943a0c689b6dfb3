"""The published schema is the one of the reader, and takes what the reader takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from standfast.engine.continuity.document import dump, json_schema, load
from tools.continuity_schema import KEYS, SCHEMA, keys_text, schema_text

ROOT = Path(__file__).parents[4]
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def data(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_what_is_published_of_the_format_is_up_to_date() -> None:
    advice = "write it again: python -m tools.continuity_schema"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), advice
    assert KEYS.read_text(encoding="utf-8") == keys_text(), advice


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/continuity").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_example_fits_the_schema_as_written_and_as_written_anew(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert list(VALIDATOR.iter_errors(data(text))) == []
    assert list(VALIDATOR.iter_errors(data(dump(load(text))))) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: Without a version",
        "{standfast: 1, name: x, sysems: {}}",
        "{standfast: 1, name: x, groups: {g: {}}}",
        "{standfast: 1, name: x, groups: {g: {heads: -1}}}",
        "{standfast: 1, name: x, systems: {s: {kind: applikation}}}",
        "{standfast: 1, name: x, systems: {s: {recovery: 4}}}",
        "{standfast: 1, name: x, systems: {s: {unavailability: 2}}}",
        "{standfast: 1, name: x, functions: {f: {needs: {al: [s]}}}}",
        "{standfast: 1, name: x, functions: {f: {needs: [{staff: g}]}}}",
        "{standfast: 1, name: x, policies: {p: {changes: [{improv: s}]}}}",
    ],
)
def test_an_editor_marks_what_the_reader_refuses(text: str) -> None:
    assert list(VALIDATOR.iter_errors(data(text)))
    with pytest.raises(ValueError, match="line 1"):
        load(text)
