"""A damaged file is an error, never a wrong answer; a good one is replaced all at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfast.engine.targeting import (
    IndexFileError,
    PlacementChange,
    PlacementIndex,
    Scope,
    explain,
    resolve,
    split_by_service,
)


@cache
def good_index() -> PlacementIndex:
    """Two regions, 40 servers, 900 tenants: some segments are large enough for Roaring bytes."""
    random = np.random.default_rng(5)
    keys = np.unique(random.integers(0, (40, 900, 3), (6_000, 3)), axis=0)
    return PlacementIndex.build(
        edges=([1] * 20 + [2] * 20, list(range(10, 50))),
        placements=(keys[:, 0] + 10, keys[:, 1], keys[:, 2] + 1, random.integers(1, 99, len(keys))),
        subscriptions=([1, 1, 3], [0, 950, 951]),
        revision=4,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "places.index"
    good_index().save(path)
    return path


def answers(index: PlacementIndex) -> list[object]:
    """Ask so much that nearly every byte of the file matters."""
    found: list[object] = []
    for scope in (
        Scope(components=frozenset([1])),
        Scope(components=frozenset([12, 2]), services=frozenset([1, 2])),
        Scope(unclear=True),
    ):
        audience = resolve(index, scope)
        tenants, users = audience.users_by_tenant()
        shares = [
            (each.key, set(each.tenants), each.users) for each in split_by_service(index, scope)
        ]
        found += [set(audience.tenants), tenants.tolist(), users.tolist(), audience.total_users]
        found += [shares, explain(index, scope, 7), explain(index, scope, 950)]
    return found


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_flipped_byte_is_an_error_or_does_not_matter(data: st.DataObject, path: Path) -> None:
    good = path.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    damaged = path.with_name("damaged.index")
    damaged.write_bytes(bad)
    try:
        found = answers(PlacementIndex.open(damaged))
    except IndexFileError:
        return
    assert found == answers(good_index())


def test_every_byte_of_a_column_matters(path: Path) -> None:
    good = path.read_bytes()
    refused = 0
    for at in range(0, len(good), len(good) // 200):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            PlacementIndex.open(path).tables.arrays()
        except IndexFileError:
            refused += 1
    assert refused >= 190  # the others hit the gaps between columns


@pytest.mark.parametrize("kept", [0, 1, 19, 20, 500, 5_000, 20_000, -4, -1])
def test_a_truncated_file_is_refused(path: Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexFileError, match=r"places\.index"):
        PlacementIndex.open(path)


def test_a_file_with_something_behind_it_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(IndexFileError, match="instead of"):
        PlacementIndex.open(path)


def test_a_missing_file_another_file_and_another_format_are_told_apart(path: Path) -> None:
    with pytest.raises(IndexFileError, match=r"nothing\.index does not exist"):
        PlacementIndex.open(path.with_name("nothing.index"))
    good = path.read_bytes()
    path.write_bytes(b"PK\x03\x04 archive" + good[14:])
    with pytest.raises(IndexFileError, match="not an index file"):
        PlacementIndex.open(path)
    path.write_bytes(good[:8] + (2).to_bytes(4, "little") + good[12:])
    with pytest.raises(IndexFileError, match="has format 2, this program reads 1"):
        PlacementIndex.open(path)


def test_saving_contains_pending_changes_and_keeps_the_revision(path: Path) -> None:
    changed = PlacementIndex.open(path).apply([PlacementChange(9, 10, 899, 77, 5)])
    changed.save(path)
    again = PlacementIndex.open(path)
    assert (again.revision, again.pending) == (9, 0)
    assert list(resolve(again, Scope(services=frozenset([77]))).tenants) == [899]


def test_an_open_index_keeps_answering_when_the_file_is_replaced(path: Path) -> None:
    index = PlacementIndex.open(path)
    PlacementIndex.build().save(path)
    assert answers(index) == answers(good_index())
    assert resolve(PlacementIndex.open(path), Scope(unclear=True)).total_users == 0


def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("standfast.engine.targeting.file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        PlacementIndex.build(revision=99).save(path)
    assert list(path.parent.iterdir()) == [path]
    assert PlacementIndex.open(path).revision == 4
