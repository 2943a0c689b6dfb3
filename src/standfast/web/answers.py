"""The first line of a page: one answer to its reader's question, in whole sentences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from standfast.apps.incidents.queries.customers import CustomersHealth
from standfast.apps.incidents.queries.public import PublicOverview
from standfast.apps.incidents.queries.views import Dashboard, TenantIssue, TenantIssueView

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue


def dashboard_answer(dashboard: Dashboard) -> str:
    """Is anything wrong for us?"""
    total, troubled = len(dashboard.services), len(dashboard.troubled)
    if not total:
        return _("You use no service yet. Once your provider has noted one, its health is here.")
    if not dashboard.open_count:
        return ngettext(
            "Your service works as it should.",
            "All your %(n)s services work as they should.",
            total,
        ) % {"n": total}
    sentences = [
        ngettext(
            "%(troubled)s of your services (of %(total)s) has a problem.",
            "%(troubled)s of your %(total)s services have a problem.",
            troubled,
        )
        % {"troubled": troubled, "total": total}
    ]
    if dashboard.affected_users:
        several = dashboard.open_count > 1
        sentences.append(people_affected(dashboard.affected_users, at_least=several))
    if dashboard.next_update_by:
        sentences.append(next_update(dashboard.next_update_by))
    return joined(sentences)


def history_answer(found: list[TenantIssue], days: int) -> str:
    """What was wrong for us, and what of it was real?"""
    ended = [each for each in found if not each.released]
    false = sum(1 for each in ended if each.issue.status == "falsePositive")
    released = len(found) - len(ended)
    sentences = [
        ngettext(
            "%(n)s issue ended in the last %(days)s days.",
            "%(n)s issues ended in the last %(days)s days.",
            len(ended),
        )
        % {"n": len(ended), "days": days}
    ]
    if false:
        sentences.append(
            ngettext(
                "%(n)s of them was a false positive.", "%(n)s of them were false positives.", false
            )
            % {"n": false}
        )
    if released:
        sentences.append(
            ngettext(
                "%(n)s turned out not to affect you.",
                "%(n)s turned out not to affect you.",
                released,
            )
            % {"n": released}
        )
    return joined(sentences)


def issue_answer(view: TenantIssueView) -> str:
    """Does it hit us, and when do we hear more?"""
    if view.released:
        return _("We now know that you are not affected.")
    sentences = []
    if view.users and view.users_total >= view.users:
        sentences.append(
            ngettext(
                "%(users)s of your %(total)s users is affected.",
                "%(users)s of your %(total)s users are affected.",
                view.users,
            )
            % {"users": intcomma(view.users), "total": intcomma(view.users_total)}
        )
    elif view.users:
        sentences.append(people_affected(view.users))
    else:
        sentences.append(_("You use this service, so you may be affected."))
    if not view.issue.is_open:
        sentences = [_("This is over.")]
    elif view.issue.next_update_by:
        sentences.append(next_update(view.issue.next_update_by))
    return joined(sentences)


def customers_answer(found: CustomersHealth) -> str:
    """Which of my customers need me?"""
    if not found.customers:
        return _("No customer lets you act for it yet.")
    troubled = found.troubled
    if not troubled:
        return _("No customer needs you: all their services work as they should.")
    first = ngettext(
        "%(troubled)s of your %(total)s customers has a problem.",
        "%(troubled)s of your %(total)s customers have a problem.",
        len(troubled),
    ) % {"troubled": len(troubled), "total": len(found.customers)}
    most = _("%(customer)s needs you first.") % {"customer": troubled[0].tenant.name}
    return joined([first, most])


def public_answer(overview: PublicOverview) -> str:
    """Is it them or me?"""
    troubled = sum(1 for each in overview.services if each.issues)
    if not troubled:
        return _(
            "We know of no problem that concerns everybody. If something fails for you, sign in: "
            "your own dashboard knows more."
        )
    sentences = [
        ngettext(
            "It may be us: %(n)s of our services has a problem.",
            "It may be us: %(n)s of our services have a problem.",
            troubled,
        )
        % {"n": troubled}
    ]
    due = [issue.next_update_by for issue in overview.open_issues if issue.next_update_by]
    if due:
        sentences.append(next_update(min(due)))
    return joined(sentences)


def public_issue_answer(issue: Issue) -> str:
    """Is it still going on, and when do we hear more?"""
    if not issue.is_open:
        return _("This is over.")
    due = [next_update(issue.next_update_by)] if issue.next_update_by else []
    return joined([_("We know of this and are working on it."), *due])


def people_affected(users: int, *, at_least: bool = False) -> str:
    """“214 of your people are affected.”; with several issues that is the least that is known."""
    if at_least:
        return ngettext(
            "At least %(n)s of your people is affected.",
            "At least %(n)s of your people are affected.",
            users,
        ) % {"n": intcomma(users)}
    return ngettext(
        "%(n)s of your people is affected.", "%(n)s of your people are affected.", users
    ) % {"n": intcomma(users)}


def next_update(due: datetime) -> str:
    """“Next update by 14:30.”, or that it is late."""
    if due < timezone.now():
        return _("An update was due by %(time)s.") % {"time": clock(due)}
    return _("Next update by %(time)s.") % {"time": clock(due)}


def clock(value: datetime) -> str:
    """A time within half a day as 14:30, any other with its date."""
    local = timezone.localtime(value)
    if abs(value - timezone.now()) < timedelta(hours=12):
        return date_format(local, "H:i")
    chinese = (get_language() or "en").startswith("zh")
    return date_format(local, "n月j日 H:i" if chinese else "j M H:i")


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, as the page's language writes them."""
    return ("" if (get_language() or "en").startswith("zh") else " ").join(sentences)
