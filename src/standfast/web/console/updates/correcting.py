"""Correcting the wording of a post that is out already."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.incidents.queries.issues import get_provider_issue, posts_of
from standfast.apps.incidents.services.updating import correct_post
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.texts import spread
from standfast.web.console.updates.forms import CorrectionForm
from standfast.web.entry import PageRequest


@console_page("issue.publish")
def correct(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Change a post's words; what it said before stays in the audit log."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    post = next((each for each in posts_of(issue) if each.number == number), None)
    if post is None:
        raise Http404
    form = CorrectionForm(request.POST or None, initial=spread("body", post.body))
    if request.method == "POST" and form.is_valid():
        try:
            correct_post(post=post, body=form.localised("body"), by=page.access.actor, now=page.now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("Post %(number)s is corrected; open pages follow.") % {"number": number}
            )
            return back_to(page, "issue", reference)
    return show(request, "updates/correct", {"issue": issue, "post": post, "form": form})
