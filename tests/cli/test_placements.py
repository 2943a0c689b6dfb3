"""`standfast placements import` as an operator uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standfast.apps.catalog.models import Placement
from standfast.cli.placements import placements
from tests.factories import make_component, make_provider, make_service, make_tenant

pytestmark = pytest.mark.django_db
HEAD = "tenant,component,service,users\n"


@pytest.fixture
def world() -> None:
    provider = make_provider("cloud")
    make_component(provider, "S1")
    make_service(provider, "mail")
    make_tenant("acme")


def run(tmp_path: Path, rows: str, *options: str) -> Result:
    file = tmp_path / "placements.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    return CliRunner().invoke(placements, ["import", str(file), *options])


@pytest.mark.usefixtures("world")
def test_a_file_is_imported_and_told_in_figures(tmp_path: Path) -> None:
    done = run(tmp_path, "acme,S1,mail,5\n")
    assert done.exit_code == 0, done.output
    assert "1 rows read: 1 placements added, 0 changed, 0 removed." in done.output
    again = run(tmp_path, "acme,S1,mail,0\n", "--mode", "delta", "--format", "json")
    assert json.loads(again.stdout)["removed"] == 1


@pytest.mark.usefixtures("world")
def test_bad_rows_are_listed_reported_and_change_nothing(tmp_path: Path) -> None:
    report = tmp_path / "bad.csv"
    rows = "acme,S1,mail,5\n" + "nobody,S1,mail,1\n" * 30
    done = run(tmp_path, rows, "--report", str(report))
    assert done.exit_code == 1
    assert "line 3, tenant: There is no tenant “nobody”" in done.stderr
    assert "… and 10 more" in done.stderr
    assert "30 bad rows in 31: nothing was changed." in done.stderr
    assert len(report.read_text(encoding="utf-8").splitlines()) == 31
    assert not Placement.objects.exists()


@pytest.mark.usefixtures("world")
def test_the_provider_must_be_said_when_there_are_several(tmp_path: Path) -> None:
    make_provider("other")
    done = run(tmp_path, "acme,S1,mail,5\n")
    assert done.exit_code == 2
    assert "--provider" in done.stderr
    assert "cloud, other" in done.stderr
    assert run(tmp_path, "acme,S1,mail,5\n", "--provider", "cloud").exit_code == 0
    assert run(tmp_path, "acme,S1,mail,5\n", "--provider", "acme").exit_code == 2
