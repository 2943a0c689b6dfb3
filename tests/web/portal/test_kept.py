"""What is kept of a dashboard is never shown to the wrong reader, nor after it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.tenancy.models import User
from standfast.web.portal.parts import PEOPLE, SLUG
from tests.factories_incidents import make_world, on
from tests.web.portal.readers import close, open_issue, page, reader, say

HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_every_change_of_an_issue_shows_at_once() -> None:
    world = make_world()
    alice = reader(world.alice)
    assert "works as it should" in page(alice, "dashboard", world.alice)
    issue = open_issue(world, on(world.first), ago=HOUR)
    assert "Service degradation" in page(alice, "dashboard", world.alice)
    say(issue, "Fixing it.", status="restoringService", ago=HOUR / 2)
    assert "Restoring service" in page(alice, "dashboard", world.alice)
    close(issue, ago=timedelta(0))
    assert "works as it should" in page(alice, "dashboard", world.alice)


@pytest.mark.django_db
def test_language_and_rights_are_each_reader_s_own() -> None:
    world = make_world()
    open_issue(world, on(world.first), ago=HOUR)
    admin = page(reader(world.alice), "dashboard", world.alice)
    staff = page(reader(world.alice, "staff"), "dashboard", world.alice)
    chinese = page(reader(world.alice, language="zh-hant"), "dashboard", world.alice)
    assert ("Report a problem" in admin, "Report a problem" in staff) == (True, False)
    assert ("Mailboxes are slow" in admin, "信箱變慢" in chinese) == (True, True)
    assert "Mailboxes are slow" not in chinese


@pytest.mark.django_db
def test_a_line_that_tenants_share_names_each_ones_own_people_and_page() -> None:
    world = make_world()
    issue = open_issue(world, on(world.first), ago=HOUR)
    for tenant, own in ((world.alice, "214 of your people"), (world.bob, "30 of your people")):
        html = reader(tenant).get(f"/portal/{tenant.slug}/").content.decode()
        assert own in html
        assert f'href="/portal/{tenant.slug}/issues/{issue.reference}/"' in html
        assert html.count("of your people") == 2, "in the answer and on the line"
        assert SLUG not in html
        assert PEOPLE not in html


@pytest.mark.django_db
def test_a_kept_top_bar_has_a_working_token_and_the_present_name() -> None:
    world = make_world()
    client = reader(world.alice)
    client.handler.enforce_csrf_checks = True
    for name in ("First Name", "Second Name"):
        User.objects.update(name=name)
        html = client.get("/portal/alice/").content.decode()
        assert name in html
        token = html.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        answer = client.post("/language", {"language": "en", "csrfmiddlewaretoken": token})
        assert answer.status_code == 302
