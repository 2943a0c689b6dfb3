"""Audiences are compared, ranked and stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from standfast.engine.targeting import (
    StoredAudience,
    TargetingError,
    compare,
    largest,
    pack_audience,
    unpack_audience,
)
from standfast.engine.targeting.arrays import ints
from standfast.engine.targeting.audience import Audience

numbers = st.integers(0, 2**27 - 1)
users_by_tenant = st.dictionaries(numbers, st.integers(0, 2**40), max_size=40)


def audience_of(users: dict[int, int]) -> Audience:
    tenants = sorted(users)
    columns = ints(tenants), ints([users[tenant] for tenant in tenants])
    return Audience(BitMap(tenants), lambda: columns, lambda: sum(users.values()))


@given(users_by_tenant)
def test_a_stored_audience_comes_back_the_same(users: dict[int, int]) -> None:
    audience = audience_of(users)
    stored = unpack_audience(pack_audience(audience))
    assert stored.tenants == audience.tenants
    tenants, counts = stored.users_by_tenant()
    assert dict(zip(tenants.tolist(), counts.tolist(), strict=True)) == users
    assert stored.total_users == audience.total_users
    assert pack_audience(stored) == pack_audience(audience)


def test_a_million_tenants_are_stored_in_little_room() -> None:
    users = ints(range(1_000_000)) % 97
    stored = StoredAudience(BitMap(range(1_000_000)), users)
    packed = pack_audience(stored)
    assert len(packed) < 100_000
    assert unpack_audience(packed).total_users == int(users.sum())


@given(users_by_tenant, st.data())
def test_damaged_bytes_are_refused(users: dict[int, int], data: st.DataObject) -> None:
    packed = bytearray(pack_audience(audience_of(users)))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    kept = data.draw(st.sampled_from([len(packed), len(packed) - 1, 5, 0]))
    with pytest.raises(TargetingError, match=r"^audience: "):
        unpack_audience(bytes(packed[:kept]))


@given(st.sets(numbers), st.sets(numbers))
def test_a_comparison_leads_from_the_old_audience_to_the_new(old: set[int], new: set[int]) -> None:
    added, released = compare(BitMap(old), BitMap(new))
    assert set(added) == new - old
    assert set(released) == old - new


@given(users_by_tenant, st.integers(-1, 50))
def test_the_largest_are_the_first_by_users_then_number(users: dict[int, int], n: int) -> None:
    ranked = sorted(users.items(), key=lambda each: (-each[1], each[0]))
    assert largest(audience_of(users), n) == ranked[: max(n, 0)]
