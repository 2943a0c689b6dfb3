"""A tenant's pages: below an address that nobody can guess, and holding nothing of another's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from standfast.apps.incidents.models import Issue
from standfast.apps.publishing.addresses import tenant_prefix
from standfast.apps.publishing.services.tenant_pages import give_page, take_page, turn_address
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope
from tests.apps.publishing.backups import report_on, texts_below, write_all
from tests.factories import SYSTEM, make_provider, make_service, make_subscription
from tests.factories_incidents import World, make_world, on, publish_issue


def give(tenant: Organisation) -> str:
    return tenant_prefix(give_page(tenant=tenant, by=SYSTEM, now=timezone.now()))


def site(folder: Path, prefix: str) -> dict[str, str]:
    return texts_below(folder / prefix)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_tenant_sees_its_own_issue_and_how_many_it_hits(world: World, tmp_path: Path) -> None:
    prefix = give(world.alice)
    issue = publish_issue(world, on(world.first), now=timezone.now()).issue
    write_all()
    files = site(tmp_path / "bundle", prefix)
    assert "214 of your people are affected" in files["index.html"]
    assert "信箱變慢" in files[f"zh-hant/issues/{issue.reference}/index.html"]
    assert issue.reference in files["api/v2/summary.json"]
    assert 'content="noindex, nofollow, noarchive"' in files["index.html"]
    assert report_on(tmp_path / "bundle", prefix).is_good


def test_an_address_is_long_of_its_own_and_another_after_each_turn(
    world: World, tmp_path: Path
) -> None:
    first = give(world.alice)
    assert re.fullmatch(r"t/[a-z2-7]{32}/", first)
    assert give(world.bob) != first
    assert give(world.alice) == first
    write_all()
    page = turn_address(tenant=world.alice, by=SYSTEM, now=timezone.now())
    second = tenant_prefix(page)
    assert second != first
    write_all()
    assert site(tmp_path / "bundle", first) == {}
    assert site(tmp_path / "bundle", second) != {}


def test_pages_that_are_given_up_are_removed(world: World, tmp_path: Path) -> None:
    prefix = give(world.alice)
    write_all()
    take_page(tenant=world.alice, by=SYSTEM, now=timezone.now())
    write_all()
    assert site(tmp_path / "bundle", prefix) == {}
    assert report_on(tmp_path / "bundle").is_good


def test_pages_are_written_again_only_for_the_tenants_that_a_change_concerns(
    world: World, tmp_path: Path
) -> None:
    alice, charlie = give(world.alice), give(world.charlie)
    assert write_all() == [3]
    before = site(tmp_path / "bundle", charlie)
    publish_issue(world, on(world.first), now=timezone.now())
    assert write_all() == [2]
    assert site(tmp_path / "bundle", charlie) == before
    assert "Mailboxes are slow" in site(tmp_path / "bundle", alice)["index.html"]


# Which of alice, bob and charlie have pages, and the parts of each issue (first, second, both).
ISSUES = st.lists(
    st.tuples(st.sampled_from(["first", "second", "region"]), st.booleans()), max_size=3
)
OWNERS = st.sets(st.sampled_from(["alice", "bob", "charlie", "dora"]))


def _names(text: str, tenant: Organisation) -> bool:
    """Whether the tenant's name stands in it as a word: a signature may hold its three letters."""
    return bool(re.search(rf"\b{re.escape(tenant.name)}\b", text, re.ASCII))


class Isolation(TestCase):
    """No public file holds a tenant's address or name; no tenant's page another tenant's."""

    @hypothesis_settings(
        max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None
    )
    @given(owners=OWNERS, issues=ISSUES)
    def test_nothing_of_a_tenant_is_anywhere_else(
        self, owners: set[str], issues: list[tuple[str, bool]]
    ) -> None:
        import shutil

        from django.conf import settings

        folder = Path(settings.STANDFAST_BACKUP_TARGETS[0])
        shutil.rmtree(folder, ignore_errors=True)
        forget()  # the rows of the example before are gone, and their ids come again
        world = make_world()
        tenants: dict[str, Organisation] = {
            name: getattr(world, name) for name in ("alice", "bob", "charlie", "dora")
        }
        prefixes = {name: give(tenants[name]) for name in sorted(owners)}
        seen: dict[str, set[str]] = {name: set() for name in tenants}
        everything: set[str] = set()
        for part, is_public in issues:
            scope: Scope = on(getattr(world, part))
            issue = publish_issue(world, scope, now=timezone.now(), is_public=is_public).issue
            everything.add(issue.reference)
            for name in _told(issue, tenants):
                seen[name].add(issue.reference)
        write_all()
        public = {
            path: text for path, text in texts_below(folder).items() if not path.startswith("t/")
        }
        for path, text in public.items():
            for name, tenant in tenants.items():
                assert not _names(text, tenant), path
                assert prefixes.get(name, "no page") not in text, path
        for name, prefix in prefixes.items():
            for path, text in site(folder, prefix).items():
                for other in tenants.keys() - {name}:
                    assert not _names(text, tenants[other]), path
                    assert prefixes.get(other, "no page") not in text, path
                for reference in everything - seen[name]:
                    assert reference not in path + text


def forget() -> None:
    from standfast.apps.catalog.index import forget_index
    from standfast.apps.incidents.queries import board, reach
    from standfast.apps.publishing.services.making import forget_made

    board.forget_boards()
    reach.forget_audiences()
    forget_index()
    forget_made()


def _told(issue: Issue, tenants: dict[str, Organisation]) -> set[str]:
    from pyroaring import BitMap

    assert issue.audience
    numbers = set(BitMap.deserialize(bytes(issue.audience.tenants)))
    return {name for name, tenant in tenants.items() if tenant.number in numbers}


def test_it_leads_to_the_public_pages_of_the_tenant_s_own_providers(
    world: World, tmp_path: Path
) -> None:
    make_service(make_provider("foreign-cloud"))
    second = make_provider("other-cloud", name="Other Cloud")
    make_subscription(world.alice, make_service(second))
    prefix = give(world.alice)
    write_all()
    page = site(tmp_path / "bundle", prefix)["zh-hant/index.html"]
    targets = {
        (tmp_path / "bundle" / prefix / "zh-hant" / link).resolve()
        for link in re.findall(r'href="([./]*(?:p/|zh-hant/)[^"]*index.html)"', page)
    }
    assert (tmp_path / "bundle/p/other-cloud/zh-hant/index.html").resolve() in targets
    assert (tmp_path / "bundle/zh-hant/index.html").resolve() in targets
    assert "foreign-cloud" not in page
    assert all(target.is_file() for target in targets)
