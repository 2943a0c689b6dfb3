"""The demo: a world that is the same every time, stored whole, served and ended cleanly."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from standfast.cli import main
from standfast.cli.demo.folder import State, clear, state_of, write_mark
from standfast.cli.demo.greeting import program
from standfast.cli.demo.world.history import past_issues
from standfast.cli.demo.world.infrastructure import ComponentPlan, components
from standfast.cli.demo.world.offerings import services
from standfast.cli.demo.world.people import PEOPLE
from standfast.cli.demo.world.placements import uses
from standfast.cli.demo.world.reading import read
from standfast.cli.demo.world.tenants import LARGEST, partner_customers, tenants
from standfast.cli.listening import free_port
from standfast.engine.health.lifecycle import check_first, check_transition

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def depth(plan: ComponentPlan, by_key: dict[str, ComponentPlan]) -> int:
    return 1 + max((depth(by_key[key], by_key) for key in plan.parents), default=0)


def test_the_infrastructure_is_five_levels_deep_and_a_graph() -> None:
    plans = components(services())
    by_key = {plan.key: plan for plan in plans}
    assert len(plans) == len(by_key) >= 2_000
    assert {depth(plan, by_key) for plan in plans if plan.is_leaf} == {5}
    assert any(len(plan.parents) == 2 for plan in plans)
    seen: set[str] = set()
    for plan in plans:
        assert set(plan.parents) <= seen, f"{plan.key} comes before its parent"
        seen.add(plan.key)


def test_tenants_are_500_with_sizes_from_one_person_to_twenty_thousand() -> None:
    plans = tenants(random.Random(1))
    assert len({plan.slug for plan in plans}) == len({plan.name for plan in plans}) == 500
    sizes = [plan.size for plan in plans]
    assert (min(sizes), max(sizes)) == (1, LARGEST)
    assert sorted(sizes)[250] < 30
    assert sorted(sizes)[480] > 900
    assert len(partner_customers(plans)) == 8
    assert sum(plan.language == "zh-hant" for plan in plans) > 150


def test_every_seat_is_placed_in_a_fitting_region_or_nowhere() -> None:
    parts, chance = components(services()), random.Random(1)
    found = list(uses(tenants(chance), services(), parts, chance))
    by_key = {plan.key: plan for plan in parts}
    for use in found:
        expected = max(1, round(use.tenant.size * use.service.share))
        assert sum(use.users_on.values()) in {0, expected}
        assert {by_key[key].service for key in use.users_on} <= {use.service.key}
        assert all(users > 0 for users in use.users_on.values())
    harrowmere = next(use for use in found if use.tenant.slug == "harrowmere-foods")
    assert (harrowmere.tenant.size, harrowmere.users_on["MBX-0173"]) == (5_200, 214)


def test_the_same_seed_gives_the_same_world() -> None:
    def world() -> list[Any]:
        chance, parts = random.Random(5), components(services())
        plans = tenants(chance)
        found = list(uses(plans, services(), parts, chance))
        return [plans, found, past_issues(parts, {plan.key for plan in parts}, chance)]

    assert world() == world()


def test_every_text_of_the_world_is_in_both_languages() -> None:
    missing: list[str] = []

    def look(value: Any, path: str) -> None:
        if isinstance(value, dict):
            if "en" in value and bool(value["en"]) != bool(value.get("zh-hant")):
                missing.append(path)
            for key, inner in value.items():
                look(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                look(inner, f"{path}[{place}]")

    for name in ("services", "stories", "open_now", "wording", "monitoring"):
        look(read(name), name)
    assert missing == []


@pytest.mark.parametrize("story", read("stories")["story"], ids=lambda row: row["title"]["en"])
def test_every_story_follows_the_life_cycle(story: dict[str, Any]) -> None:
    statuses = [beat[1] for beat in story["beats"]]
    check_first(statuses[0])
    for before, after in pairwise(statuses):
        check_transition(before, after)


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = CliRunner().invoke(
        main, ["demo", "--data-dir", str(tmp_path), "--port", str(free_port())]
    )
    assert done.exit_code == 1
    assert "holds something else than a demo" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_taken_port_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        folder = tmp_path / "new"
        done = CliRunner().invoke(main, ["demo", "--data-dir", str(folder), "--port", port])
    assert done.exit_code == 2
    assert f"--port: {port} is taken" in done.output
    assert not folder.exists()


def test_the_folder_knows_a_demo_an_interrupted_one_and_what_it_may_remove(tmp_path: Path) -> None:
    assert state_of(tmp_path / "absent") is State.EMPTY
    (tmp_path / "standfast.sqlite3").write_text("")
    (tmp_path / "mail").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    assert state_of(tmp_path) is State.FOREIGN
    write_mark(tmp_path, seeded_at=NOW, finished=False)
    assert state_of(tmp_path) is State.UNFINISHED
    write_mark(tmp_path, seeded_at=NOW, finished=True)
    assert state_of(tmp_path) is State.DEMO
    clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_seeded_can_be_seen_by_those_whom_it_concerns() -> None:
    from standfast.apps.catalog.index import forget_index
    from standfast.apps.incidents.queries.health import dashboard_for
    from standfast.apps.incidents.queries.issues import what_needs_me
    from standfast.apps.incidents.queries.promises import on_time_report
    from standfast.apps.tenancy.models import Delegation, OutboxEvent
    from standfast.apps.tenancy.queries.organisations import organisation_by_slug
    from standfast.cli.demo.seeding.seed import seed

    said: list[str] = []
    forget_index()
    try:
        tokens = seed(now=NOW, say=said.append)
        provider = organisation_by_slug("nimbarrow")
        hit, far = (organisation_by_slug(s) for s in ("harrowmere-foods", "emberfell-clinics"))
        assert provider
        assert hit
        assert far
        seen = dashboard_for(hit, now=NOW)
        incidents = {view.issue.service.key: view for view in seen.incidents}
        assert incidents.keys() == {"mail", "voice"}
        assert [view.issue.service.key for view in seen.advisories] == ["files"]
        mail = incidents["mail"]
        assert mail.users >= 318
        assert mail.issue.next_update_by == NOW + timedelta(minutes=25)
        assert not dashboard_for(far, now=NOW).incidents
        needs = what_needs_me(provider, now=NOW)
        assert len(needs.detected) == len(needs.unclear) == 1
        total = on_time_report(provider, now=NOW).total
        assert total.kept > total.missed > 5
        assert Delegation.objects.count() == 8
        assert not OutboxEvent.objects.filter(handled_at__isnull=True).exists()
        assert len(tokens) == 2
        assert len(said) == 6
    finally:
        forget_index()


def environment() -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if not name.startswith("STANDFAST_")}
    return {**kept, "STANDFAST_LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"}


@contextmanager
def running_demo(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield it and what it has printed until it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "standfast", "demo", "--data-dir", folder, "--port", str(port)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if "Ctrl-C" in line:
            break
    try:
        yield process, printed
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def answer(request: urllib.request.Request | str) -> tuple[int, str]:
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.status, response.read().decode()


def children_of(pid: int) -> list[int]:
    command = ["ps", "-A", "-o", "pid=,ppid="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_greeting_says_what_to_type_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "a venv" / "standfast"
    script.parent.mkdir()
    script.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setenv("PATH", "/usr/bin")
    assert program() == f"'{script}'"
    monkeypatch.setenv("PATH", str(script.parent))
    assert program() == "standfast"


@pytest.mark.slow
def test_the_command_seeds_serves_greets_takes_an_alert_and_ends(tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    with running_demo(folder, port) as (process, printed):
        assert f"http://127.0.0.1:{port}/" in printed
        logins = json.loads((folder / "demo-logins.json").read_text())
        assert len(logins) == sum(bool(plan.what) for plan in PEOPLE)
        for login in logins:
            assert login["email"] in printed
        status, page = answer(f"http://127.0.0.1:{port}/accounts/login/")
        assert status == 200
        assert all(login["email"] in page for login in logins)
        token = re.search(r"Bearer (\S+)'", printed)
        body = re.search(r"-d '(.*?)'", printed, re.DOTALL)
        assert token
        assert body
        alert = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/ingest/prometheus-asia/",
            data=body[1].encode(),
            headers={
                "Authorization": f"Bearer {token[1]}",
                "Content-Type": "application/json",
            },
        )
        status, text = answer(alert)
        assert status in {200, 202}
        assert re.search(r"ML\d+", text), text
        workers = children_of(process.pid)
        assert len(workers) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert not any(is_running(pid) for pid in workers)
    with running_demo(folder, port) as (process, printed):
        assert "as it is" in printed
        assert "Seeding" not in printed
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
