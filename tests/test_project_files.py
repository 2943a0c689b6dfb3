"""What the files beside the code promise: no private addresses, complete documentation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.web.chrome import NAVIGATION
from standfast.web.labels import STATUS_MARKS
from tools.vendor import COPIED

ROOT = Path(__file__).resolve().parent.parent
ICONS = ROOT / "src/standfast/web/icons.txt"

# Spelled in parts, so that this file does not find itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("npmmirror", "com"),
            ("proxy", "golang", "org"),
        ]
    )
)
REGISTRY_SETTINGS = re.compile(r"--(?:extra-)?index-url\s+http|--find-links\s|\"resolved\":\s*\"")
MACHINE_PATHS = re.compile(r"(?<![\w.$}~-])/(?:work|root|Users|home/\w+)/[\w.]")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT).as_posix()] = content.decode(errors="replace")
    return found


@pytest.mark.parametrize(
    "pattern",
    [REGISTRY_HOSTS, REGISTRY_SETTINGS, MACHINE_PATHS],
    ids=["registry host", "registry setting", "path of a machine"],
)
def test_no_tracked_file_names_a_registry_or_a_path_of_a_machine(pattern: re.Pattern[str]) -> None:
    found = {
        name: match.group()
        for name, text in texts().items()
        if name != Path(__file__).relative_to(ROOT).as_posix() and (match := pattern.search(text))
    }
    assert found == {}


def test_the_patterns_find_what_they_look_for() -> None:
    host = ".".join(("files", "pythonhosted", "org"))
    assert REGISTRY_HOSTS.search(f"https://{host}/packages/x.whl")
    assert REGISTRY_SETTINGS.search('      "resolved": "https://example.net/x.tgz",')
    assert MACHINE_PATHS.search("open('/root/standfast/data')")
    assert not MACHINE_PATHS.search("src/work/x, ./root/x, https://example.net/home/page")


def test_every_package_is_locked_with_its_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[\w.-]+==", line)]
    assert len(pinned) > 50
    assert [lines[n] for n in pinned if "--hash=sha256:" not in lines[n + 1]] == []
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_front_end_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)] == []


LIST_ENVIRONMENT = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "standfast.config.settings"
import standfast.config.settings
from standfast.config.env import ENVIRONMENT
print(json.dumps(sorted(ENVIRONMENT)))
"""


def declared_variables(data_dir: Path) -> list[str]:
    """Return the variables that a start of the system declares, with its optional parts on."""
    environment = {
        "PATH": os.environ["PATH"],
        "STANDFAST_DATA_DIR": str(data_dir),
        "STANDFAST_OIDC_SERVER": "https://login.example",
    }
    run = subprocess.run(
        [sys.executable, "-c", LIST_ENVIRONMENT],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    names: list[str] = json.loads(run.stdout)
    return names


def test_the_environment_variables_and_their_documentation_agree(tmp_path: Path) -> None:
    declared = set(declared_variables(tmp_path))
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\|\s*`([A-Z][A-Z0-9_]+)`", text, re.MULTILINE))
    assert "DATABASE_URL" in declared
    assert documented == declared


def test_the_configuration_reads_the_environment_only_through_its_registry() -> None:
    pattern = re.compile(r"environ(?:\.get\(|\[)\s*[\"'](?!DJANGO_SETTINGS_MODULE)")
    modules = (ROOT / "src/standfast/config").rglob("*.py")
    assert [path.name for path in modules if pattern.search(path.read_text(encoding="utf-8"))] == []


def make_targets(makefile: str) -> set[str]:
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony
    return set(phony.group(1).split())


def test_make_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    run = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z-]+)  ", run.stdout, re.MULTILINE))
    assert targets == listed == make_targets(makefile)
    assert len(targets) <= 14


def test_every_icon_that_a_page_names_is_in_the_list() -> None:
    listed = ICONS.read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    tag = re.compile(r"{%-?\s*icon\s+[\"']([a-z0-9-]+)[\"']|\bicon_name=[\"']([a-z0-9-]+)")
    used = {
        match.group(1) or match.group(2)
        for path in (ROOT / "src/standfast/web").rglob("*")
        if path.suffix in {".html", ".py"}
        for match in tag.finditer(path.read_text(encoding="utf-8"))
    }
    used |= {mark.icon for mark in STATUS_MARKS.values()}
    used |= {icon for links in NAVIGATION.values() for _label, icon, _url, _needs in links}
    assert used - set(listed) == set()


def test_every_vendored_file_that_a_page_loads_is_copied() -> None:
    loaded = {
        name
        for path in (ROOT / "src/standfast/web").rglob("*")
        if path.suffix in {".html", ".py"}
        for name in re.findall(r"[\"']vendor/([^\"']+)[\"']", path.read_text(encoding="utf-8"))
    }
    assert loaded
    assert loaded <= {*COPIED.values(), "icons.svg"}
