"""The story of the mission without a browser: every page by its form, the worker's duties by hand.

The same cast as in `tests/browser`, so that what fails there and passes here is the browser's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from standardwebhooks import Webhook

from standfast.apps.catalog.index import forget_index
from standfast.apps.catalog.models import Component
from standfast.apps.delivery.services.planning import plan_waiting
from standfast.apps.incidents.models import Issue, Promise
from standfast.apps.incidents.queries.board import forget_boards
from standfast.apps.incidents.services.promises import check_promises
from standfast.apps.tenancy.models import AuditEntry, Organisation, User
from tests.apps.delivery.receivers import Receivers, receivers
from tests.browser.world import (
    BESIDE,
    COMMUNICATOR,
    INSIDE,
    OUTSIDE,
    PROVIDER,
    TOKEN,
    admin_of,
    mailbox_of,
    store,
)
from tests.factories_delivery import send_all

TITLE = {"en": "People cannot open their mailboxes", "zh-hant": "使用者無法開啟信箱"}
FIRST = {"en": "A server has stopped; we look into it.", "zh-hant": "一台伺服器停止，調查中。"}
SECOND = {"en": "The standby copy is starting.", "zh-hant": "備援複本啟動中。"}
THIRD = {"en": "Only one database is hit.", "zh-hant": "僅一個資料庫受影響。"}
CLOSING = {"en": "Your mailboxes are fine.", "zh-hant": "您的信箱正常。"}
LAST = {"en": "All mailboxes open again.", "zh-hant": "所有信箱已可開啟。"}


@dataclass
class Play:
    """The system, seen by everybody in one language."""

    received: Receivers
    secret: str
    language: str
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, email: str = "") -> Client:
        """Somebody's browser; nobody's without an address."""
        if email not in self.clients:
            tag = "zh-TW" if self.language == "zh-hant" else "en"
            self.clients[email] = Client(headers={"Accept-Language": tag})
            if email:
                self.clients[email].force_login(User.objects.get(email=email))
        return self.clients[email]

    @property
    def issue(self) -> Issue:
        """The one issue of the story, as stored now."""
        return Issue.objects.select_related("audience", "service").get()

    def console(self, step: str = "", data: dict[str, Any] | None = None) -> str:
        """Open a page of the issue in the console, or send its form; the page that follows."""
        path = f"/console/{PROVIDER}/issues/{self.issue.reference}/{step}"
        client = self.client(COMMUNICATOR)
        if data is None:
            return page(client, path)
        version = {} if "version" in data else {"version": self.issue.version}
        response = client.post(path, {**version, **data}, follow=True)
        assert response.status_code == 200
        text = response.content.decode()
        assert response.redirect_chain, f"{step} was not taken: {text}"
        return text

    def portal(self, slug: str, rest: str = "") -> str:
        """A page of a tenant's portal."""
        forget_boards()  # a living process may be 0.2 seconds behind
        return page(self.client(admin_of(slug)), f"/portal/{slug}/{rest}")

    def issue_status(self, slug: str) -> int:
        """What the tenant's administrator gets for the issue's address."""
        forget_boards()
        path = f"/portal/{slug}/issues/{self.issue.reference}/"
        return self.client(admin_of(slug)).get(path).status_code

    def work(self, now: datetime | None = None) -> None:
        """What a worker does: plan and send."""
        now = now or datetime.now(UTC)
        plan_waiting(now=now)
        for channel in ("email", "webhook"):
            send_all(channel, now=now + timedelta(seconds=1))

    def mails(self, slug: str) -> list[str]:
        """The subjects of the mails to a tenant's mailbox."""
        return [str(mail["Subject"]) for mail in self.received.mails_to(mailbox_of(slug))]


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def texts(name: str, text: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{tag.replace('-', '_')}": words for tag, words in text.items()}


@pytest.fixture(params=["en", "zh-hant"])
def play(request: pytest.FixtureRequest, db: None, settings: Settings) -> Iterator[Play]:
    """The cast, with real receivers of what is sent."""
    settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS = True
    forget_index()
    with receivers() as received:
        settings.STANDFAST_EMAIL_URL = received.email_url
        yield Play(received, store(received.url("hook"))["secret"], request.param)
    forget_index()


def notification(
    *databases: str, status: str = "firing", truncated: int = 0, resolved: tuple[str, ...] = ()
) -> bytes:
    """What Alertmanager posts about databases, some of them well again."""
    began = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return json.dumps(
        {
            "version": "4",
            "groupKey": "{}:{}",
            "status": status,
            "truncatedAlerts": truncated,
            "alerts": [
                {
                    "status": "resolved" if key in resolved else "firing",
                    "labels": {"alertname": "DatabaseDown", "mailbox_database": key},
                    "annotations": {},
                    "startsAt": began.isoformat(),
                    "endsAt": (
                        datetime.now(UTC).isoformat() if key in resolved else "0001-01-01T00:00:00Z"
                    ),
                }
                for key in databases
            ],
        }
    ).encode()


def post_alert(body: bytes, token: str = TOKEN) -> int:
    return (
        Client()
        .post(
            "/api/ingest/prometheus/",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        .status_code
    )


def test_the_story(play: Play) -> None:
    detect(play)
    scope_and_compose(play)
    publish(play)
    keep_the_promise(play)
    narrow(play)
    resolve(play)
    audited = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"issue.detected", "issue.published", "issue.audience_changed"} <= audited


def detect(play: Play) -> None:
    """However often and however cut short it is told, one problem is one detected issue."""
    assert post_alert(notification("MBX-0173"), token="wrong") == 401
    assert not Issue.objects.exists()
    for body in (
        notification("MBX-0173"),
        notification("MBX-0173"),
        notification("MBX-0173", truncated=3),
        notification("MBX-0173", "MBX-0174"),
        notification("MBX-0173", "MBX-0174", resolved=("MBX-0174",)),
    ):
        assert post_alert(body) in {200, 202}
    assert play.issue.stage == "detected"
    assert play.issue.reference in page(play.client(COMMUNICATOR), f"/console/{PROVIDER}/")
    assert "MBX-0174" in play.console()
    assert play.issue_status(INSIDE) == 404
    assert play.issue.reference not in play.portal(INSIDE)
    play.work()
    assert [play.mails(slug) for slug in (INSIDE, BESIDE, OUTSIDE)] == [[], [], []]
    play.console("confirm/", {})
    assert play.issue.stage == "draft"


def scope_and_compose(play: Play) -> None:
    """The whole server while it is unclear; the picker and the preview say who and why."""
    server = Component.objects.get(key="MXS-01")
    chosen = {"picked": "1", "c": [str(server.pk)], "unclear": "1"}
    query = f"picked=1&c={server.pk}&unclear=1"
    picker = play.console(f"scope/?{query}")
    assert "MXS-01" in picker
    assert "Asterholm Foods" in picker
    why = page(play.client(COMMUNICATOR), f"/console/{PROVIDER}/scope/why/?{query}&q=corvane")
    assert "MBX-0200" in why
    play.console("scope/", chosen)
    before = play.issue
    play.console(
        "edit/",
        {
            "service": before.service_id,
            "classification": "incident",
            "status": "serviceDegradation",
            "severity": "high",
            "start_at": before.start_at.strftime("%Y-%m-%dT%H:%MZ"),
            "cadence_minutes": "60",
            "is_public": "on",
            **texts("title", TITLE),
            **texts("user_impact", {"en": "Mail waits.", "zh-hant": "郵件等候中。"}),
        },
    )
    seen = play.client(COMMUNICATOR).post(
        f"/console/{PROVIDER}/issues/{play.issue.reference}/preview/",
        {"tenant": "Asterholm Foods", "promise": "usual", **texts("body", FIRST)},
    )
    assert FIRST[play.language] in seen.content.decode()
    assert "214" in seen.content.decode()
    assert not Promise.objects.exists(), "a preview stores nothing"
    assert play.issue_status(INSIDE) == 404


def publish(play: Play) -> None:
    """Exactly the audience sees it and is told."""
    play.console("publish/", {"promise": "usual", "why": "not located yet", **texts("body", FIRST)})
    audience = play.issue.audience
    assert audience
    assert (audience.tenant_count, audience.unclear) == (2, True)
    for slug in (INSIDE, BESIDE):
        assert TITLE[play.language] in play.portal(slug)
        assert FIRST[play.language] in play.portal(slug, f"issues/{play.issue.reference}/")
    assert TITLE[play.language] not in play.portal(OUTSIDE)
    assert play.issue_status(OUTSIDE) == 404
    assert TITLE[play.language] in page(play.client(), f"/status/{PROVIDER}/")
    play.work()
    assert [len(play.mails(slug)) for slug in (INSIDE, BESIDE, OUTSIDE)] == [1, 1, 0]
    assert TITLE["en"] in play.mails(INSIDE)[0]
    assert TITLE["zh-hant"] in play.mails(BESIDE)[0]
    (hook,) = play.received.hooks
    assert play.issue.reference in str(Webhook(play.secret).verify(hook.body, hook.headers))
    play.work()
    assert len(play.mails(INSIDE)) == 1, "nothing is told twice"


def keep_the_promise(play: Play) -> None:
    """Communicators are warned before it lapses; an update answers it; tenants see the new one."""
    due = play.issue.next_update_by
    assert due
    assert abs(due - datetime.now(UTC) - timedelta(minutes=60)) < timedelta(minutes=1)
    soon = due - timedelta(minutes=14)
    assert check_promises(now=due - timedelta(minutes=16)) == 0
    assert check_promises(now=soon) == 1
    assert check_promises(now=soon) == 0
    play.work(soon)
    warned = [mail for to, mail in play.received.mails if to == COMMUNICATOR]
    assert any(play.issue.reference in str(mail["Subject"]) for mail in warned)
    play.console(
        "update/",
        {
            "status": "restoringService",
            "kind": "regular",
            "promise": "cadence",
            "cadence_minutes": "30",
            **texts("body", SECOND),
            **texts("user_impact", {"en": "Mail waits.", "zh-hant": "郵件等候中。"}),
        },
    )
    issue = play.portal(INSIDE, f"issues/{play.issue.reference}/")
    assert issue.index(SECOND[play.language]) < issue.index(FIRST[play.language])
    assert play.issue.cadence_minutes == 30
    assert Promise.objects.filter(answered_at__isnull=False).count() == 1
    lapsed = play.issue.next_update_by
    assert lapsed
    assert abs(lapsed - datetime.now(UTC) - timedelta(minutes=30)) < timedelta(minutes=1)
    assert check_promises(now=lapsed - timedelta(minutes=16)) == 0, "the first one is answered"
    assert check_promises(now=lapsed + timedelta(seconds=1)) == 1
    play.work(lapsed)
    told = [mail for to, mail in play.received.mails if to == COMMUNICATOR]
    assert len(told) == len(warned) + 1, "it has escalated to the owner of the service"
    assert [len(play.mails(slug)) for slug in (INSIDE, BESIDE, OUTSIDE)] == [2, 2, 0]


def narrow(play: Play) -> None:
    """Released tenants get a closing note, and every version of the audience is kept."""
    database = Component.objects.get(key="MBX-0173")
    step = f"audience/change/?picked=1&c={database.pk}"
    assert "貝嶼航運" in play.console(step)
    play.console(
        step,
        {
            "why": "found on one database",
            "promise": "usual",
            **texts("body", THIRD),
            **texts("closing_note", CLOSING),
        },
    )
    beside = Organisation.objects.get(slug=BESIDE)
    versions = list(play.issue.audiences.order_by("number"))
    assert [each.tenant_count for each in versions] == [2, 1]
    assert versions[1].released_count == 1
    assert versions[1].actor == COMMUNICATOR
    play.work()
    assert [len(play.mails(slug)) for slug in (INSIDE, BESIDE, OUTSIDE)] == [3, 3, 0]
    closing = play.received.mails_to(mailbox_of(BESIDE))[-1].as_bytes().decode()
    assert beside.slug in closing
    told = play.portal(BESIDE, f"issues/{play.issue.reference}/")
    assert CLOSING[play.language] in told
    assert THIRD[play.language] not in told
    assert THIRD[play.language] in play.portal(INSIDE, f"issues/{play.issue.reference}/")


def resolve(play: Play) -> None:
    """It moves to the history; the released hear no more of it; a closed issue takes no post."""
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    play.console(
        "resolve/",
        {
            "status": "serviceRestored",
            "end_at": end.strftime("%Y-%m-%dT%H:%MZ"),
            **texts("body", LAST),
        },
    )
    assert (play.issue.stage, play.issue.end_at) == ("resolved", end)
    play.work()
    assert [len(play.mails(slug)) for slug in (INSIDE, BESIDE, OUTSIDE)] == [4, 3, 0]
    assert play.issue.reference in play.portal(INSIDE, "history/")
    assert play.issue.reference not in play.portal(OUTSIDE, "history/")
    assert LAST[play.language] in play.portal(INSIDE, f"issues/{play.issue.reference}/")
    assert LAST[play.language] not in play.portal(BESIDE, f"issues/{play.issue.reference}/")
    late = play.client(COMMUNICATOR).post(
        f"/console/{PROVIDER}/issues/{play.issue.reference}/update/",
        {"version": play.issue.version, "status": "serviceDegradation", **texts("body", SECOND)},
    )
    assert SECOND[play.language] in late.content.decode(), "what was typed is kept"
    assert play.issue.posts.count() == 5
