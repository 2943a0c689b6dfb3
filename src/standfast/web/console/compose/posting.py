"""What every form that posts has in common: one way to save it, and to say why it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.apps.tenancy.errors import Conflict, Refused
from standfast.engine.targeting import UnknownComponents
from standfast.web.console.compose.conflict import accept_newer, differences
from standfast.web.console.texts import Text, TextsForm

BODY = Text(
    gettext_lazy("What you tell them"),
    rows=5,
    hint=gettext_lazy("Markdown: **bold**, lists, [links](https://…). No HTML."),
    required=True,
)


class NotSaved(Exception):
    """The form was not saved; `context` is what the page shows about it."""

    def __init__(self, context: dict[str, Any]) -> None:
        super().__init__("not saved")
        self.context = context


def save_form(
    form: TextsForm,
    save: Callable[[], object],
    *,
    newest: Callable[[], tuple[int, Mapping[str, Any]]],
) -> None:
    """Save a valid form. Raises NotSaved with everything typed still in the form.

    `newest` gives the issue's version now and its stored values, to compare after a conflict.
    """
    try:
        save()
    except Conflict as conflict:
        version, stored = newest()
        accept_newer(form, version)
        raise NotSaved(
            {"conflict": conflict.message, "differences": differences(form, stored)}
        ) from conflict
    except Refused as refused:
        form.refuse(refused)
        raise NotSaved({}) from refused
    except UnknownComponents as gone:
        form.add_error(None, _("Some of the components no longer exist; choose the scope again."))
        raise NotSaved({}) from gone
