"""The chart as a customer sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from standfast.apps.responsibility.services.chart import hide_row
from tests.factories import SYSTEM, make_placement, make_service, make_tenant
from tests.factories_incidents import make_world
from tests.web.portal.readers import page, reader

pytestmark = pytest.mark.django_db


def test_the_picture_is_a_table_with_a_row_for_each_responsibility() -> None:
    world = make_world()
    alice = reader(world.alice)
    html = alice.get(reverse("portal:responsibility", args=[world.alice.slug])).content.decode()
    assert html.count('<th scope="row">') == 15
    # Shared rows are filled on both sides, the others on the owner's side alone.
    assert (html.count("owns-customer"), html.count("owns-provider")) == (5, 11)
    assert "4 responsibilities are yours. 1 is shared. 10 are the provider's." in page(
        alice, "responsibility", world.alice
    )


def test_regular_operations_and_an_incident_say_different_things() -> None:
    world = make_world()
    alice = reader(world.alice)
    regular = page(alice, "responsibility", world.alice)
    incident = page(alice, "responsibility", world.alice, query="?when=incident")
    assert "Have two ways to the Internet" in regular
    assert "Have two ways to the Internet" not in incident
    assert "switch to your second line" in incident


def test_each_service_has_its_own_chart() -> None:
    world = make_world()
    files = make_service(world.provider, "files", name="Files")
    make_placement(world.alice, world.first, files)
    hide_row(
        provider=world.provider, service=files, key="storage", by=SYSTEM, now=datetime.now(UTC)
    )
    alice = reader(world.alice)
    assert "Storage" in page(alice, "responsibility", world.alice)
    assert "Storage" not in page(alice, "responsibility", world.alice, query=f"?service={files.pk}")


def test_a_service_of_others_is_not_shown() -> None:
    world = make_world()
    secret = make_service(world.provider, "secret", name="Secret service")
    alice = reader(world.alice)
    shown = page(alice, "responsibility", world.alice, query=f"?service={secret.pk}")
    assert not re.search("Secret", shown)
    new = make_tenant("newcomer")
    assert "You use no service yet." in page(reader(new), "responsibility", new)
