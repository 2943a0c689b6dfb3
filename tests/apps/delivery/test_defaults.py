"""What an organisation's people begin with: once, and only what can still be chosen."""

from __future__ import annotations

from standfast.apps.delivery.models import OrganisationDefaults, Subscription
from standfast.apps.delivery.services.defaults import subscribe_new_member
from standfast.apps.tenancy.models import Member
from tests.factories import NOW, make_member, make_service
from tests.factories_delivery import subscribe_person
from tests.factories_incidents import World


def defaults_of(world: World, **changes: object) -> OrganisationDefaults:
    return OrganisationDefaults.objects.create(
        organisation=world.alice, for_new_members=True, kinds=["incident"], **changes
    )


def newcomer(world: World) -> Member:
    return Member.objects.get(user=make_member(world.alice, "admin"))


def test_a_newcomer_is_subscribed_once(world: World) -> None:
    defaults_of(world, digest="daily")
    member = newcomer(world)
    made = subscribe_new_member(member=member, now=NOW)
    assert made is not None
    assert (made.address, made.digest, made.kinds) == (member.user.email, "daily", ["incident"])
    assert subscribe_new_member(member=member, now=NOW) is None
    assert Subscription.objects.count() == 1


def test_who_has_chosen_already_keeps_the_choice(world: World) -> None:
    defaults_of(world)
    member = newcomer(world)
    subscribe_person(world.alice, user=member.user, kinds=["advisory"])
    assert subscribe_new_member(member=member, now=NOW) is None
    assert Subscription.objects.get().kinds == ["advisory"]


def test_a_service_that_is_not_used_any_more_is_left_out(world: World) -> None:
    kept = defaults_of(world)
    kept.services.set([world.service, make_service(world.provider, "archive")])
    made = subscribe_new_member(member=newcomer(world), now=NOW)
    assert made is not None
    assert list(made.services.all()) == [world.service]
