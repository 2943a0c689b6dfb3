"""`standfast emergency post` as an operator meets it on a bad day."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standfast.bundle.keys import make_key, public_text, save_key
from standfast.cli import main
from tests.bundle.sites import EMERGENCY_KEY, OTHER_KEY, draft, written


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "emergency.pem"
    save_key(file, EMERGENCY_KEY)
    return file


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    keys = (public_text(EMERGENCY_KEY),)
    written(tmp_path / "bundle", draft(made=datetime.now(UTC), emergency_keys=keys))
    return tmp_path / "bundle"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["emergency", "post", *map(str, arguments)])


def test_a_post_prints_its_id_which_updates_and_resolutions_name(bundle: Path, key: Path) -> None:
    first = run("--target", bundle, "--key", key, "--title", "Power is out", "--body", "Wait.")
    assert first.exit_code == 0, first.output
    name = first.stdout.strip()
    news = run("--target", bundle, "--key", key, "--update", name, "--body", "Half is back.")
    assert (news.exit_code, news.stdout.strip()) == (0, name)
    end = run("--target", bundle, "--key", key, "--resolve", name, "--body", "All is back.")
    assert end.exit_code == 0
    page = (bundle / "index.html").read_text("utf-8")
    assert page.index("All is back.") < page.index("Half is back.") < page.index("Wait.")


def test_languages_go_with_titles_and_bodies_in_order(bundle: Path, key: Path) -> None:
    texts = ["--language", "en", "--title", "Power is out", "--body", "Wait."]
    texts += ["--language", "zh-hant", "--title", "停電", "--body", "請稍候。"]
    assert run("--target", bundle, "--key", key, *texts).exit_code == 0
    assert "停電" in (bundle / "zh-hant/index.html").read_text("utf-8")
    odd = run("--target", bundle, "--key", key, *texts, "--language", "fr")
    assert (odd.exit_code, "--title: give one for each --language" in odd.output) == (2, True)


def test_a_wrong_key_is_refused_and_nothing_is_written(bundle: Path, tmp_path: Path) -> None:
    save_key(tmp_path / "other.pem", OTHER_KEY)
    before = (bundle / "manifest.json").read_bytes()
    result = run("--target", bundle, "--key", tmp_path / "other.pem", "--title", "x", "--body", "y")
    assert result.exit_code == 2
    assert "is no emergency key of this site" in result.output
    assert "Nothing was written." in result.output
    assert (bundle / "manifest.json").read_bytes() == before
    assert not (bundle / "emergency").exists()


def test_a_target_that_cannot_be_reached_does_not_hold_up_the_others(
    bundle: Path, key: Path, tmp_path: Path
) -> None:
    targets = ("--target", tmp_path / "gone", "--target", bundle)
    result = run(*targets, "--key", key, "--title", "x", "--body", "y")
    assert result.exit_code == 1
    assert "There is no folder" in result.output
    assert f"{bundle}: posted." in result.output


def test_a_missing_key_file_and_an_empty_body_are_named(bundle: Path, key: Path) -> None:
    result = run("--target", bundle, "--key", bundle / "no.pem", "--title", "x", "--body", "y")
    assert (result.exit_code, "cannot be read" in result.output) == (2, True)
    empty = run("--target", bundle, "--key", key, "--title", "x", "--body", " ")
    assert (empty.exit_code, "body (en): it is empty" in empty.output) == (2, True)


@pytest.mark.parametrize("command", [["edge", "serve"], ["emergency", "post"], ["edge", "verify"]])
def test_no_command_of_the_backup_site_needs_django(command: list[str]) -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from standfast.cli import main\n"
        f"main({[*command, '--help']!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_posting_and_verifying_work_without_django(bundle: Path, key: Path) -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from standfast.cli import main\n"
        f"main(['emergency', 'post', '--target', {str(bundle)!r}, '--key', {str(key)!r}, "
        "'--title', 'Power is out', '--body', 'Wait.'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Power is out" in (bundle / "index.html").read_text("utf-8")


def test_a_new_key_is_a_stranger_until_the_application_allows_it(
    bundle: Path, tmp_path: Path
) -> None:
    save_key(tmp_path / "new.pem", make_key())
    result = run("--target", bundle, "--key", tmp_path / "new.pem", "--title", "x", "--body", "y")
    assert result.exit_code == 2
