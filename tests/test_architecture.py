"""The rules of the floors that no linter checks, and the run of the linter that checks the rest."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/standfast"
TESTS = ROOT / "tests"
TEMPLATES = SOURCE / "web/templates"

MODULE_LINES = 400
TEMPLATE_LINES = 150
VAGUE_NAMES = {"utils", "util", "helpers", "common", "core", "misc"}
PURE = ("engine", "feeds", "channels", "bundle", "edge")
DOCUMENTED = ("engine", "feeds", "channels", "bundle")
# Folders of tests that look at the system from outside, so mirror no folder of it.
WHOLE_SYSTEM_TESTS = {"contracts", "scenarios", "browser"}


def modules(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name_of(path))


def pure_packages() -> list[str]:
    return [name for name in PURE if (SOURCE / name / "__init__.py").exists()]


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_the_limit() -> None:
    folders = (SOURCE, TESTS, ROOT / "tools", ROOT / "bench")
    long = {name_of(path): line_count(path) for path in modules(*folders)}
    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES} == {}


def test_no_template_is_longer_than_the_limit() -> None:
    lines = {name_of(path): line_count(path) for path in TEMPLATES.rglob("*.*")}
    assert {name: count for name, count in lines.items() if count > TEMPLATE_LINES} == {}


def test_no_package_or_module_has_a_name_that_says_nothing() -> None:
    assert [
        name_of(path)
        for path in modules(SOURCE, ROOT / "tools", ROOT / "bench")
        if VAGUE_NAMES & {*path.relative_to(ROOT).parts, path.stem}
    ] == []


def test_every_folder_of_tests_mirrors_a_folder_of_the_source() -> None:
    folders = {path.parent.relative_to(TESTS) for path in modules(TESTS)} - {Path()}
    assert [
        folder.as_posix()
        for folder in sorted(folders)
        if folder.parts[0] not in WHOLE_SYSTEM_TESTS
        and not (SOURCE / folder).is_dir()
        and not (SOURCE / folder).with_suffix(".py").is_file()
        and not (ROOT / folder).is_dir()
    ] == []


@pytest.mark.slow
def test_the_imports_keep_to_the_floors() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [program, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


BLOCK_DJANGO_AND_IMPORT = """
import importlib, pkgutil, sys
sys.modules["django"] = None
package = importlib.import_module("standfast.{package}")
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""


@pytest.mark.parametrize("package", pure_packages())
def test_a_pure_package_imports_without_django(package: str) -> None:
    program = BLOCK_DJANGO_AND_IMPORT.format(package=package)
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


# A clock, randomness or the network inside the engine would make its answers unrepeatable.
IMPURE_MODULES = {"asyncio", "logging", "random", "secrets", "socket", "sqlite3", "subprocess"}
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "monotonic", "perf_counter", "getenv"}


def impurities(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in IMPURE_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in IMPURE_MODULES:
            yield node.module
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if node.func.attr in IMPURE_CALLS or called == "time.time":
                yield f"{called}()"


def test_the_engine_has_no_clock_no_randomness_and_no_network() -> None:
    found = {name_of(path): list(impurities(parsed(path))) for path in modules(SOURCE / "engine")}
    assert {name: what for name, what in found.items() if what} == {}


def test_every_module_where_the_ideas_live_says_what_it_is() -> None:
    assert [
        name_of(path)
        for package in DOCUMENTED
        for path in modules(SOURCE / package)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(path))
    ] == []


def services_package(path: Path) -> Path | None:
    """Return the app whose services `path` belongs to."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return Path(*parts[:2]) if parts[0] == "apps" and parts[2:3] == ("services",) else None


def services_used_by(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (app, name) for the names that a module may use of other apps' services."""
    tree = parsed(path)
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("standfast.apps."):
            imported = {alias.name for alias in node.names}
            path_of = [*str(node.module).split("."), *imported]
            if "services" in path_of and services_package(path) != Path("apps", path_of[2]):
                yield from ((path_of[2], name) for name in names | imported)


def loose_writers(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and signature of the functions that write and take positional arguments."""
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            names = {argument.arg for argument in (*positional, *arguments.kwonlyargs)}
            if positional and names & {"now", "by"}:
                yield node.name, f"{node.name}({ast.unparse(arguments)})"


def test_services_that_write_take_their_arguments_by_keyword_only() -> None:
    """Inside a services package functions may help each other freely; its doors are explicit."""
    doors = {door for path in modules(SOURCE) for door in services_used_by(path)}
    assert [
        f"{name_of(path)}: {signature}"
        for path in modules(SOURCE / "apps")
        if (package := services_package(path))
        for name, signature in loose_writers(path)
        if (package.name, name) in doors
    ] == []


# The content security policy forbids these in the browser; e-mail has no such policy, and its
# readers know no style sheets. Pages of the backup site are single files that must look right from
# any server and without one: they carry a policy of their own, with the hashes of what is inline.
FORBIDDEN_MARKUP = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx expression": re.compile(r"\bhx-on[:-]|\bhx-vals=['\"]js:", re.IGNORECASE),
    "an address of another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}
INLINE = {"email", "backup"}
DATA_BLOCK = re.compile(r"<script[^>]*\btype=[\"']application/(?:ld\+)?json[\"'][^>]*>")


def markup_faults(text: str) -> list[str]:
    text = DATA_BLOCK.sub("", text)
    return [name for name, pattern in FORBIDDEN_MARKUP.items() if pattern.search(text)]


def test_pages_have_nothing_inline_and_nothing_from_other_sites() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if not INLINE & {*path.parts}]
    found = {name_of(path): markup_faults(path.read_text(encoding="utf-8")) for path in pages}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<script>alert(1)</script>", "an inline script"),
        ('<p style="color: red">', "a style attribute"),
        ('<button\n  onclick="x()">', "an event handler"),
        ('<button hx-on:click="x()">', "an htmx expression"),
        ('<link href="https://example.com/a.css">', "an address of another site"),
        ('<script src="{% static "js/a.js" %}" defer></script>', None),
        ('<script type="application/json" id="d">{}</script>', None),
        ('<a href="https://example.com/">', None),
        ('<div data-on="1" class="style">', None),
    ],
)
def test_the_markup_rules_see_what_they_look_for(markup: str, fault: str | None) -> None:
    assert markup_faults(markup) == ([fault] if fault else [])
