"""Devices that are told by push: one address belongs to whoever said yes there last."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.rendering.messages import signing_secrets
from standfast.apps.delivery.services.devices import (
    Device,
    forget_device,
    keep_device,
    renew_device,
)
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import Organisation, User
from tests.factories import NOW, SYSTEM, make_member
from tests.factories_incidents import World

pytestmark = pytest.mark.django_db


def told(address: str = "https://push.example.test/1") -> dict[str, Any]:
    """What a browser gives."""
    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    text = urlsafe_b64encode(point).rstrip(b"=").decode()
    return {"endpoint": address, "keys": {"p256dh": text, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}


def keep(tenant: Organisation, user: User, **changes: Any) -> Subscription:
    return keep_device(
        organisation=tenant,
        user=user,
        device=Device.parse(told(**changes)),
        language="zh-hant",
        by=SYSTEM,
        now=NOW,
    )


def test_a_device_is_told_of_everything_beside_what_the_person_chose(world: World) -> None:
    made = keep(world.alice, make_member(world.alice, "admin"))
    assert {"incident", "advisory", "maintenance"} <= set(made.kinds)
    assert (made.always, made.language) == (True, "zh-hant")
    (secret,) = signing_secrets(made, now=NOW)
    assert "p256dh" in secret
    assert "p256dh" not in made.secret, "stored sealed"


def test_saying_yes_twice_makes_one_and_wakes_a_stopped_one(world: World) -> None:
    user = make_member(world.alice, "admin")
    made = keep(world.alice, user)
    Subscription.objects.filter(pk=made.pk).update(is_active=False, stopped_because="gone")
    again = keep(world.alice, user)
    assert (again.pk, again.is_active, again.stopped_because) == (made.pk, True, "")


def test_the_next_person_in_the_same_browser_takes_the_address_over(world: World) -> None:
    first, second = make_member(world.alice, "admin"), make_member(world.bob, "admin")
    keep(world.alice, first)
    keep(world.bob, second)
    assert [row.user for row in Subscription.objects.all()] == [second]


def test_a_device_is_forgotten_for_its_own_person_only(world: World) -> None:
    user, other = make_member(world.alice, "admin"), make_member(world.alice, "staff")
    made = keep(world.alice, user)
    gone: dict[str, Any] = {
        "organisation": world.alice,
        "address": made.address,
        "by": SYSTEM,
        "now": NOW,
    }
    assert forget_device(user=other, **gone) == 0
    assert forget_device(user=user, **gone) == 1
    assert not Subscription.objects.exists()


def test_whoever_knows_the_old_address_may_say_the_new_one(world: World) -> None:
    made = keep(world.alice, make_member(world.alice, "admin"))
    fresh = Device.parse(told("https://push.example.test/2"))
    later = NOW + timedelta(days=1)
    assert renew_device(before=made.address, device=fresh, now=later) == 1
    made.refresh_from_db()
    assert made.address == fresh.address
    with pytest.raises(NoAccess):
        renew_device(before="https://push.example.test/1", device=fresh, now=later)


@pytest.mark.parametrize(("why", "is_told"), [("", False), ("The address is gone: 410", True)])
def test_a_renewal_wakes_what_a_dead_address_stopped_and_not_what_a_person_paused(
    world: World, why: str, is_told: bool
) -> None:
    made = keep(world.alice, make_member(world.alice, "admin"))
    Subscription.objects.update(is_active=False, stopped_because=why)
    fresh = Device.parse(told("https://push.example.test/2"))
    renew_device(before=made.address, device=fresh, now=NOW)
    made.refresh_from_db()
    assert (made.address, made.is_active, made.stopped_because) == (fresh.address, is_told, "")


@pytest.mark.parametrize(
    "bad",
    [
        None,
        {},
        {"endpoint": "https://push.example.test/1"},
        {**told(), "endpoint": "http://push.example.test/1"},
        {**told(), "endpoint": "https://push.example.test/" + "x" * 600},
        {**told(), "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {**told(), "keys": {**told()["keys"], "more": "x" * 2_000}},
        {**told(), "endpoint": 7},
    ],
)
def test_what_no_browser_gives_is_refused(bad: object) -> None:
    with pytest.raises(Refused) as refused:
        Device.parse(bad)
    assert refused.value.field == "device"
