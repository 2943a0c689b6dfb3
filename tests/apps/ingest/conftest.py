"""Fixtures; models are imported late, because this file is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.factories_ingest import Monitored


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    from standfast.apps.catalog.index import forget_index

    forget_index()
    yield
    forget_index()


@pytest.fixture
def monitored(db: None) -> Monitored:
    from tests.factories_ingest import make_monitored

    return make_monitored()
