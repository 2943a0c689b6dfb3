"""`standfast edge keygen` and `verify` as an operator meets them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from standfast.bundle.keys import load_key, public_text
from standfast.cli import main
from tests.bundle.sites import KEY, OTHER_KEY, draft, written


def fresh(folder: Path) -> None:
    written(folder, draft(made=datetime.now(UTC)))


def test_keygen_prints_the_public_half_and_keeps_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    first = CliRunner().invoke(main, ["edge", "keygen", str(file)])
    again = CliRunner().invoke(main, ["edge", "keygen", str(file)])
    assert first.exit_code == again.exit_code == 0
    assert first.output == again.output == f"{public_text(load_key(file))}\n"


def test_keygen_leaves_a_file_that_is_no_key_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear customer")
    result = CliRunner().invoke(main, ["edge", "keygen", str(file)])
    assert (result.exit_code, file.read_text()) == (2, "Dear customer")
    assert "holds no private key" in result.output


def test_verify_says_that_a_good_bundle_is_good(tmp_path: Path) -> None:
    fresh(tmp_path)
    pin = tmp_path.parent / "pin.txt"
    pin.write_text(f"# publishing\n{public_text(KEY)}\n")
    result = CliRunner().invoke(
        main, ["edge", "verify", str(tmp_path), "--public-key-file", str(pin)]
    )
    assert result.exit_code == 0, result.output
    assert "Signed by the trusted key" in result.output
    assert "It is fresh" in result.output


def test_verify_fails_with_every_finding_for_a_program_to_read(tmp_path: Path) -> None:
    fresh(tmp_path)
    (tmp_path / "index.html").write_text("Nothing happened.")
    (tmp_path / "api/v2/status.json").unlink()
    arguments = ["edge", "verify", str(tmp_path), "--format", "json"]
    result = CliRunner().invoke(main, [*arguments, "--public-key", public_text(KEY)])
    assert result.exit_code == 1
    failed = {each["kind"] for each in json.loads(result.output) if each["level"] == "fail"}
    assert failed == {"tampered", "missing"}


def test_verify_looks_at_every_place_and_names_no_tenant_s_address(tmp_path: Path) -> None:
    fresh(tmp_path)
    written(tmp_path, draft(made=datetime.now(UTC), prefix="t/secret/"))
    arguments = ["edge", "verify", str(tmp_path), "--public-key", public_text(KEY)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    (tmp_path / "t/secret/index.html").write_text("changed")
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, "tenant's site 1: index.html" in result.output) == (1, True)
    assert "secret" not in result.output


def test_verify_refuses_another_key(tmp_path: Path) -> None:
    fresh(tmp_path)
    arguments = ["edge", "verify", str(tmp_path), "--public-key", public_text(OTHER_KEY)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "not the key that is trusted here" in result.output


def test_verify_explains_what_it_was_given(tmp_path: Path) -> None:
    nothing = CliRunner().invoke(main, ["edge", "verify", str(tmp_path / "nowhere")])
    assert (nothing.exit_code, "There is no folder" in nothing.output) == (2, True)
    empty = CliRunner().invoke(main, ["edge", "verify", str(tmp_path)])
    assert (empty.exit_code, "no bundle was written here" in empty.output) == (1, True)
    odd = CliRunner().invoke(main, ["edge", "verify", str(tmp_path), "--public-key", "abc"])
    assert (odd.exit_code, "is no public key" in odd.output) == (2, True)
