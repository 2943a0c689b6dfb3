"""What is kept of a dashboard is never shown to the wrong reader, nor after it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.safestring import SafeString

from standfast.web.portal import kept as keeping
from standfast.web.portal.kept import HealthParts, kept
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


def test_only_so_much_is_kept_and_the_least_wanted_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    keeping._kept.clear()
    made: list[str] = []

    def ask(key: str) -> None:
        def make() -> HealthParts:
            made.append(key)
            return HealthParts(SafeString(key), SafeString(""))

        assert kept(key, make).now == key

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert made == ["a", "b", "c", "b"]
    keeping._kept.clear()
