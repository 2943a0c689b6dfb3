"""Fixtures; models are imported late, because this file is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.apps.social.mastodon_server import MastodonServer, mastodon_server

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories_incidents import World


@pytest.fixture
def world(db: None) -> World:
    from standfast.apps.catalog.index import forget_index
    from tests.factories_incidents import make_world

    forget_index()
    return make_world()


@pytest.fixture
def mastodon(settings: Settings) -> Iterator[MastodonServer]:
    """A Mastodon server that this installation may reach."""
    settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS = True
    with mastodon_server() as server:
        yield server
