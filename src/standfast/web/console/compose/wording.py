"""A template's wording, filled for what is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.apps.incidents.queries.issues import get_template_for
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.templates import fill
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.queries.access import Access
from standfast.web.console.texts import spread

if TYPE_CHECKING:
    from standfast.apps.incidents.models import PostTemplate


def chosen_template(access: Access, number: str | None) -> PostTemplate | None:
    """The template that an address or a form names; None when it names none of the provider's."""
    if not (number and number.isascii() and number.isdecimal() and len(number) < 11):
        return None
    try:
        return get_template_for(access, int(number))
    except NoAccess:
        return None


def template_values(template: PostTemplate, fields: IssueFields) -> dict[str, Any]:
    """What a template puts into the form of a draft. Raises Refused for a broken placeholder."""
    values: dict[str, Any] = {
        "classification": template.classification,
        "status": template.status,
    }
    for name in ("title", "user_impact"):
        filled = fill(getattr(template, name), fields=fields)
        values |= {key: words for key, words in spread(name, filled).items() if words}
    return values


def body_values(template: PostTemplate, fields: IssueFields) -> dict[str, str]:
    """What a template puts into the form of a post."""
    return spread("body", fill(template.body, fields=fields))
