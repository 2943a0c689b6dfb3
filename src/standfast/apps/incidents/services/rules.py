"""The engine's refusals as the pages' refusals, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext

from standfast.apps.tenancy.errors import Refused
from standfast.engine.health.refusal import Refused as RuleBroken


@contextmanager
def by_the_rules() -> Iterator[None]:
    """Turn a broken rule of `engine.health` into a `Refused` with a translated message."""
    try:
        yield
    except RuleBroken as broken:
        template = gettext(broken.template)
        raise Refused(
            broken.field, template % broken.params if broken.params else template
        ) from broken
