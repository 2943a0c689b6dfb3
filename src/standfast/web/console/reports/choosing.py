"""Which issue a report or a mention is about: chosen from a list, or named by its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfast.apps.incidents.queries.issues import get_provider_issue, issues_to_tie
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.web.console.frame import typed

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue
    from standfast.web.entry import PageRequest

_FIRST_WORD = re.compile(r"\w+")


def chosen_issue(page: PageRequest) -> Issue:
    """The issue of the field `issue`: an id, a line of the list, or words of one title alone.

    Raises Refused (issue), which says what to do.
    """
    text = " ".join(typed(page, "issue").split())
    if not text:
        raise Refused("issue", _("Choose an issue from the list, or write its id."))
    first = _FIRST_WORD.match(text)
    try:
        return get_provider_issue(page.access, first.group().upper() if first else "")
    except NoAccess:
        pass  # then these are words of its title
    found = [
        issue
        for issue in issues_to_tie(page.access.organisation, now=page.now)
        if any(text.casefold() in title.casefold() for title in issue.title.values())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(
            "issue",
            ngettext(
                "%(n)s issue has “%(words)s” in its title; choose one from the list.",
                "%(n)s issues have “%(words)s” in their titles; choose one from the list.",
                len(found),
            )
            % {"n": len(found), "words": text},
        )
    raise Refused(
        "issue",
        _(
            "None of your issues is called “%(words)s”; choose one from the list, or copy the id "
            "from its page."
        )
        % {"words": text},
    )
