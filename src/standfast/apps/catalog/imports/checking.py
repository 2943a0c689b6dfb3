"""From text to rows that can be stored: keys become ids, counts become numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from standfast.apps.catalog.imports.faults import Faults
from standfast.apps.catalog.imports.rows import Ints, Rows

MOST_USERS = 2**31 - 1
_KEYS = ("tenant", "component", "service")
_CONTROL = r"[\x00-\x1f\x7f]"


class KeyMap:
    """From keys to row ids, packed: a million keys take some 30 MB."""

    def __init__(self, chunks: Iterable[list[tuple[str, int]]]) -> None:
        keys, ids = [pa.array([], pa.string())], [np.zeros(0, np.int64)]
        for chunk in chunks:
            keys.append(pa.array([key for key, _id in chunk], pa.string()))
            ids.append(np.array([found for _key, found in chunk], np.int64))
        self._keys, self._ids = pa.concat_arrays(keys), np.concatenate(ids)

    def ids_of(self, keys: Any) -> Ints:
        """The id of each key of a pyarrow string array; -1 where there is none."""
        # The few keys of the chunk are hashed, not the million known ones, chunk after chunk.
        asked = pc.unique(keys)
        found = pc.index_in(self._keys, value_set=asked)
        known = found.is_valid().to_numpy(zero_copy_only=False)
        ids = np.full(len(asked), -1, np.int64)
        ids[found.drop_null().to_numpy()] = self._ids[known]
        answers: Ints = ids[pc.index_in(keys, value_set=asked).to_numpy()]
        return answers


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that may be stored: ids and counts, all of shape (n,)."""

    line: Ints
    tenant: Ints
    component: Ints
    service: Ints
    users: Ints


def check(rows: Rows, maps: Mapping[str, KeyMap], faults: Faults) -> Checked:
    """Give the good rows of a chunk; every bad one goes to `faults`, once, for its first fault."""
    good = np.ones(len(rows.lines), np.bool_)

    def refuse(bad: NDArray[np.bool_], field: str, problem: str) -> None:
        bad = bad & good
        if bad.any():
            at = np.flatnonzero(bad)
            values = rows.columns[field].take(pa.array(at)).to_pylist()
            faults.add_all(rows.lines[at].tolist(), field, problem, values)
            good[at] = False

    text = {}
    for name, column in rows.columns.items():
        refuse(_true(pc.match_substring_regex(column, _CONTROL)), name, "control_characters")
        text[name] = pc.utf8_trim_whitespace(column)
        refuse(_true(pc.equal(text[name], "")), name, "missing")
    users = _numbers(text["users"], refuse)
    ids = {}
    for name in _KEYS:
        ids[name] = maps[name].ids_of(text[name])
        refuse(ids[name] < 0, name, f"unknown_{name}")
    return Checked(
        rows.lines[good],
        ids["tenant"][good],
        ids["component"][good],
        ids["service"][good],
        users[good],
    )


def _numbers(text: Any, refuse: Any) -> Ints:
    refuse(_true(pc.match_substring_regex(text, r"^-\d+$")), "users", "negative")
    refuse(~_true(pc.match_substring_regex(text, r"^\+?\d+$")), "users", "not_a_number")
    small = pc.match_substring_regex(text, r"^\+?0*\d{1,10}$")
    refuse(~_true(small), "users", "too_large")
    digits = pc.if_else(small, pc.utf8_ltrim(text, "+"), "0")
    users: Ints = pc.cast(digits, pa.int64()).to_numpy()
    refuse(users > MOST_USERS, "users", "too_large")
    return users


def _true(mask: Any) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False)
    return found
