"""What people wrote to a provider's accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from standfast.apps.incidents.models import Issue
from standfast.apps.social.models import Mention
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access


def mentions_of(provider: Organisation, *, state: str = "") -> QuerySet[Mention]:
    """The mentions of all accounts, newest first."""
    rows = Mention.objects.filter(account__subscription__organisation=provider)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("account__subscription", "issue", "answered_by")


def mentions_about(issue: Issue) -> list[Mention]:
    """The mentions that were tied to an issue, newest first."""
    return list(Mention.objects.filter(issue=issue).select_related("account__subscription"))


def waiting_mentions(provider: Organisation) -> int:
    """How many nobody has looked at yet."""
    return mentions_of(provider, state="open").order_by().count()


def get_mention_for(access: Access, mention_id: int) -> Mention:
    """One of the provider's mentions. Raises NoAccess."""
    row = mentions_of(access.organisation).filter(pk=mention_id).first()
    if access.face != "provider" or row is None:
        raise NoAccess
    return row
