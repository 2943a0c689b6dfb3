"""`standfast emergency post` as an operator meets it on a bad day."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standfast.bundle.keys import make_key, public_text, save_key
from standfast.bundle.store import Store
from standfast.bundle.writing import prepare, write_site
from standfast.cli import main
from tests.bundle.sites import EMERGENCY_KEY, FILES, OTHER_KEY, draft, written


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
    odd = run("--target", bundle, "--key", key, *texts[:-2])
    assert (odd.exit_code, "give one for each --language" in odd.output) == (2, True)


def test_lines_may_end_as_other_systems_end_them(bundle: Path, key: Path) -> None:
    body = "One.\r\n\r\nTwo,\r\nthree."
    said = run("--target", bundle, "--key", key, "--title", "Power is out", "--body", body)
    assert said.exit_code == 0, said.output
    assert "<p>One.</p><p>Two,<br>three.</p>" in (bundle / "index.html").read_text("utf-8")


def test_news_on_one_that_was_taken_over_say_again_what_it_is_about(
    tmp_path: Path, key: Path
) -> None:
    keys = (public_text(EMERGENCY_KEY),)
    taken = draft(made=datetime.now(UTC), emergency_keys=keys, taken_over=("E1-first",))
    written(tmp_path / "bundle", taken)
    news = [
        "--target",
        tmp_path / "bundle",
        "--key",
        key,
        "--update",
        "E1-first",
        "--body",
        "Gone.",
    ]
    refused = run(*news)
    assert (refused.exit_code, "--title: “E1-first” was taken over" in refused.output) == (2, True)
    assert run(*news, "--title", "Power is out").exit_code == 0
    assert "<h2>Power is out</h2>" in (tmp_path / "bundle/index.html").read_text("utf-8")


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


def test_targets_of_different_keys_are_not_posted_to_together(bundle: Path, key: Path) -> None:
    keys = (public_text(EMERGENCY_KEY),)
    made = draft(made=datetime.now(UTC), emergency_keys=keys)
    other = bundle.parent / "other"
    write_site(Store(str(other), make=True), prepare(made, FILES, key=OTHER_KEY))
    texts = ["--key", key, "--title", "Power is out", "--body", "Wait."]
    said = run("--target", bundle, "--target", other, *texts)
    assert (said.exit_code, "sites of different keys" in said.output) == (2, True)
    assert not (bundle / "emergency").exists()
    assert run("--target", other, *texts).exit_code == 0


def test_a_missing_key_file_and_an_empty_body_are_named(bundle: Path, key: Path) -> None:
    result = run("--target", bundle, "--key", bundle / "no.pem", "--title", "x", "--body", "y")
    assert (result.exit_code, "cannot be read" in result.output) == (2, True)
    empty = run("--target", bundle, "--key", key, "--title", "x", "--body", " ")
    assert (empty.exit_code, "body (en): it is empty" in empty.output) == (2, True)


@pytest.fixture
def several(bundle: Path) -> Path:
    """A store with the pages of two providers."""
    keys = (public_text(EMERGENCY_KEY),)
    now = datetime.now(UTC)
    root = draft(made=now, sequence=2, emergency_keys=keys, slug="nimbarrow")
    written(bundle, root)
    written(bundle, draft(made=now, prefix="p/calder/", emergency_keys=keys, slug="calder"))
    return bundle


def test_a_named_provider_is_posted_to_and_no_other(several: Path, key: Path) -> None:
    texts = ("--title", "Power is out", "--body", "Wait.")
    done = run("--target", several, "--key", key, "--provider", "calder", *texts)
    assert done.exit_code == 0, done.output
    assert "Power is out" in (several / "p/calder/index.html").read_text("utf-8")
    assert "Power is out" in (several / "p/calder/api/v2/summary.json").read_text("utf-8")
    assert "Power is out" in (several / "p/calder/history.atom").read_text("utf-8")
    assert "Power is out" not in (several / "index.html").read_text("utf-8")
    name = done.stdout.strip()
    end = ("--resolve", name, "--body", "All is back.")
    assert run("--target", several, "--key", key, "--provider", "calder", *end).exit_code == 0
    assert "All is back." in (several / "p/calder/index.html").read_text("utf-8")


def test_the_provider_of_the_first_page_can_be_named_too(several: Path, key: Path) -> None:
    texts = ("--title", "Power is out", "--body", "Wait.")
    done = run("--target", several, "--key", key, "--provider", "nimbarrow", *texts)
    assert done.exit_code == 0, done.output
    assert "Power is out" in (several / "index.html").read_text("utf-8")
    assert "Power is out" not in (several / "p/calder/index.html").read_text("utf-8")


def test_an_unknown_provider_is_refused_with_those_that_there_are(several: Path, key: Path) -> None:
    texts = ("--title", "Power is out", "--body", "Wait.")
    done = run("--target", several, "--key", key, "--provider", "calter", *texts)
    assert done.exit_code == 2
    assert "--provider:" in done.output
    assert "no pages of “calter”. Those it holds: nimbarrow, calder." in done.output
    assert "Power is out" not in (several / "index.html").read_text("utf-8")


def test_without_a_provider_the_first_page_is_posted_to_and_the_others_are_named(
    several: Path, key: Path
) -> None:
    done = run("--target", several, "--key", key, "--title", "Power is out", "--body", "Wait.")
    assert done.exit_code == 0
    assert "also holds the pages of: calder. They do not show this post" in done.output


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


def test_news_on_an_emergency_that_is_not_there_are_refused(bundle: Path, key: Path) -> None:
    """They would wait for ever for a first post that never comes."""
    texts = ("--target", bundle, "--key", key, "--body", "Half is back.")
    lost = run(*texts, "--update", "E20260101T000000-00000000")
    assert lost.exit_code == 2
    assert "--update: there is no emergency “E20260101T000000-00000000”" in lost.output
    assert not (bundle / "emergency").exists()
    first = run("--target", bundle, "--key", key, "--title", "Power is out", "--body", "Wait.")
    empty = run(*texts, "--resolve", "")
    assert empty.exit_code == 2
    assert f"Those on the pages: {first.stdout.strip()}." in empty.output


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (["fr"], "--language: the pages are not written in “fr”; use en or zh-hant."),
        (["en", "EN"], "--language: en is given twice"),
        (["zh-hant", "en"], "--title: 1 given for zh-hant, en; give one for each"),
    ],
)
def test_languages_that_the_pages_do_not_have_are_refused(
    bundle: Path, key: Path, languages: list[str], said: str
) -> None:
    options = [part for language in languages for part in ("--language", language)]
    done = run("--target", bundle, "--key", key, "--title", "x", "--body", "y", *options)
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert not (bundle / "emergency").exists()


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"--key": "/nowhere/key.pem"}, "--key: The key file"),
        ({"--target": "/nowhere"}, "--target: There is no folder"),
        ({"--title": " "}, "--title (en): it is empty"),
        ({"--body": "y" * 10_001}, "--body (en): 10001 characters; at most 10000"),
    ],
)
def test_errors_name_the_option(
    bundle: Path, key: Path, changed: dict[str, str], option: str
) -> None:
    given = {"--target": bundle, "--key": key, "--title": "x", "--body": "y"} | changed
    done = run(*(part for pair in given.items() for part in pair))
    assert (done.exit_code, option in done.output) == (2, True), done.output
