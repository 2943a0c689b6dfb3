"""A rule says no: which field, and what would be allowed."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Mark `text` for translation; the pages translate `Refused.template`, not the engine."""
    return text


class Refused(ValueError):
    """An input breaks a rule of `engine.health`.

    `field` names the input, `message` says in English what is allowed; `template` (with %(name)s
    placeholders) and `params` are the same message in a form that pages can translate.
    """

    def __init__(self, field: str, template: str, **params: object) -> None:
        self.field = field
        self.template = template
        self.params = params
        self.message = template % params if params else template
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"
