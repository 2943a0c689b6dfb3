"""Components typed as their keys: where the parts of a maintenance are written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.components import components_by_key

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component
    from standfast.apps.tenancy.models import Organisation

MOST_COMPONENTS = 200
# No key holds any of these (see component_key); keys.js parts them in the same way.
_BETWEEN = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Keys:
    """What was typed: the components found, in its order, and the keys that nothing has.

    Of too many, none are looked for. `problem` says what is to be corrected; '' when nothing is.
    """

    found: list[Component]
    missing: list[str]
    problem: str = ""


def read_keys(provider: Organisation, typed: str) -> Keys:
    """Look up typed keys, apart by spaces, lines, commas or semicolons. One query."""
    keys = list(dict.fromkeys(filter(None, _BETWEEN.split(typed))))
    if len(keys) > MOST_COMPONENTS:
        words = _("Name at most %(most)s; choose one that they stand below.")
        return Keys([], [], words % {"most": MOST_COMPONENTS})
    known = components_by_key(provider, keys) if keys else {}
    missing = [key for key in keys if key not in known]
    words = _("There is no component %(keys)s; copy its key from the catalog.")
    problem = words % {"keys": ", ".join(missing[:5])} if missing else ""
    return Keys([known[key] for key in keys if key in known], missing, problem)
