"""Fixtures; models are imported late, because this file is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.apps.delivery.receivers import Receivers, receivers

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories_incidents import World


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    from standfast.apps.catalog.index import forget_index
    from standfast.apps.incidents.queries.reach import forget_audiences

    forget_index()
    forget_audiences()
    yield
    forget_index()
    forget_audiences()


@pytest.fixture
def world(db: None) -> World:
    from tests.factories_incidents import make_world

    return make_world()


@pytest.fixture
def arrived(settings: Settings) -> Iterator[Receivers]:
    """Receivers that the channels of this installation reach."""
    with receivers() as found:
        settings.STANDFAST_EMAIL_URL = found.email_url
        settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS = True
        settings.DEFAULT_FROM_EMAIL = "Standfast <status@provider.example>"
        yield found
