"""Each answer to "why is it in?" and "why is it not?"."""

from __future__ import annotations

from standfast.engine.targeting import Because, Explanation, PlacementIndex, Scope, explain

MAIL, CHAT = 1, 2
EAST, WEST, DATABASE = 10, 20, 173
ALICE, BOB, CHARLIE, DORA = range(4)

INDEX = PlacementIndex.build(
    edges=([EAST, WEST], [DATABASE, 21]),
    placements=(
        [DATABASE, EAST, 21, 21, DATABASE],
        [ALICE, ALICE, ALICE, BOB, BOB],
        [MAIL, MAIL, MAIL, MAIL, CHAT],
        [214, 300, 4_686, 50, 8],
    ),
    subscriptions=([MAIL, MAIL], [ALICE, CHARLIE]),
)
EAST_MAIL = Scope(components=frozenset([EAST]), services=frozenset([MAIL]))


def test_a_tenant_is_in_by_the_components_that_carry_its_users_largest_first() -> None:
    assert explain(INDEX, EAST_MAIL, ALICE) == Explanation(
        included=True,
        reasons=(
            Because("placement", EAST, MAIL, 300),
            Because("placement", DATABASE, MAIL, 214),
        ),
        users=514,
        users_total=5_200,
    )


def test_a_tenant_whose_users_are_elsewhere_is_told_where() -> None:
    told = explain(INDEX, EAST_MAIL, BOB)
    assert not told.included
    assert told.reasons == (
        Because("no_placement_here", 21, MAIL, 50),
        Because("other_service", DATABASE, CHAT, 8),
    )
    assert (told.users, told.users_total) == (0, 50)


def test_a_subscriber_without_placements_is_in_only_while_the_scope_is_unclear() -> None:
    unclear = Scope(EAST_MAIL.components, EAST_MAIL.services, unclear=True)
    assert explain(INDEX, unclear, CHARLIE).reasons == (Because("subscription", None, MAIL),)
    told = explain(INDEX, EAST_MAIL, CHARLIE)
    assert not told.included
    assert told.reasons == (Because("no_placement", None, MAIL),)


def test_a_stranger_is_not_subscribed() -> None:
    told = explain(INDEX, Scope(unclear=True), DORA)
    assert (told.included, told.reasons) == (False, (Because("not_subscribed"),))


def test_tenants_by_hand() -> None:
    scope = Scope(include=frozenset([BOB, DORA]), exclude=frozenset([ALICE, BOB]), unclear=True)
    assert explain(INDEX, scope, DORA).reasons == (Because("included"),)
    for tenant in (ALICE, BOB):
        told = explain(INDEX, scope, tenant)
        assert (told.included, told.reasons) == (False, (Because("excluded"),))


def test_nothing_chosen_says_so() -> None:
    assert explain(INDEX, Scope(), ALICE).reasons == (Because("empty_scope"),)
    by_name = Scope(include=frozenset([BOB]))
    assert explain(INDEX, by_name, ALICE).reasons == (Because("empty_scope"),)


def test_where_else_its_users_are_is_limited_to_the_largest() -> None:
    many = range(100, 120)
    index = PlacementIndex.build(
        placements=([*many, 1], [0] * 20 + [1], [MAIL] * 21, [*range(1, 21), 1])
    )
    told = explain(index, Scope(components=frozenset([1])), 0, elsewhere=2)
    assert [reason.users for reason in told.reasons] == [20, 19]
    assert told.users_total == sum(range(1, 21))
