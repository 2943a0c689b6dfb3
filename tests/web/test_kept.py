"""Rendered parts that are kept."""

from __future__ import annotations

from standfast.web.kept import Kept


def test_only_so_much_is_kept_and_the_least_wanted_goes_first() -> None:
    parts: Kept[str] = Kept(most=2)
    made: list[str] = []

    def ask(key: str) -> None:
        def make() -> str:
            made.append(key)
            return key

        assert parts.get(key, make) == key

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert made == ["a", "b", "c", "b"]
