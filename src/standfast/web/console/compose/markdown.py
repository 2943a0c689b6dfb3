"""How a text will look, while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from standfast.web.console.frame import console_page
from standfast.web.templatetags.standfast import rich

LONGEST = 20_000


@require_POST
@console_page("issue.read")
def markdown(request: HttpRequest) -> HttpResponse:
    """Render the field that `field` names as readers will see it."""
    text = request.POST.get(request.POST.get("field", ""), "")
    return HttpResponse(rich(text[:LONGEST]))
