"""YAML is taken within bounds, and read as YAML 1.2."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.document.problems import DocumentError
from standfast.engine.continuity.document.source import MAX_BYTES, Node, check_size, parse


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {name: plain(child) for name, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def refusal(text: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    return str(caught.value)


def test_words_stay_words() -> None:
    text = "{on: no, a: 010, b: 1e3, c: 0x1f, d: '1', e: ~, f: true, g: 12:30, h: 40 %, i: -.5}"
    assert plain(parse(text)) == {
        "on": "no", "a": 10, "b": 1000.0, "c": "0x1f", "d": "1", "e": None, "f": True,
        "g": "12:30", "h": "40 %", "i": -0.5,
    }  # fmt: skip


def test_a_value_is_on_the_line_of_its_key() -> None:
    root = parse("a: 1\nb:\n  - x\n  - y\n")
    assert root.value["b"].line == 2
    assert [item.line for item in root.value["b"].value] == [3, 4]


def test_an_alias_is_what_it_refers_to() -> None:
    assert plain(parse("a: &x [1, 2]\nb: *x\n")) == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the document is empty"),
        ("a: 1\nb: 2\na: 3\n", "line 3: “a” is here twice, first on line 1"),
        ("a: [1, 2\n", "this is not YAML"),
        ("a: 1\n--- \nb: 2\n", "line 2: a second document starts here"),
        ("a: *nothing\n", "is not defined before"),
        ("a: &x [*x]\n", "line 1: the alias “*x” contains itself"),
        ("? [a]\n: 1\n", "a key must be a word"),
        ("[" * 100 + "]" * 100, "nested deeper than 60 levels"),
        (b"a: \xff\xfe\n", "this is not YAML"),
        ("a: !!python/object:os.system x\n", ""),
        ("a: \x07\n", "this is not YAML"),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(text: str | bytes, said: str) -> None:
    if said:
        assert said in refusal(text)
    else:
        assert plain(parse(text)) == {"a": "x"}  # a tag is only a word here; nothing is made of it


def test_aliases_that_unfold_without_end_are_refused_fast() -> None:
    first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"
    more = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30))
    lines = [first, *more]
    assert "unfolds to more than 1,000,000 values" in refusal("\n".join(lines))


def test_a_huge_document_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(DocumentError, match="the document has 105 MB; at most 17 MB are read"):
        check_size(100 * 1024 * 1024)
    assert "MB are read" in refusal(b" " * (MAX_BYTES + 1))
