"""Keys: kept to their owner, read with an error that says what is wrong."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from standfast.bundle.errors import BadKey
from standfast.bundle.keys import (
    check_public,
    is_signed,
    key_id,
    load_key,
    load_or_make_key,
    make_key,
    public_text,
    save_key,
    sign,
)


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "publishing.pem"
    first = public_text(load_or_make_key(file))
    assert public_text(load_or_make_key(file)) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_an_existing_key_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    save_key(file, make_key())
    before = file.read_bytes()
    with pytest.raises(BadKey, match="exists already"):
        save_key(file, make_key())
    assert file.read_bytes() == before


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(BadKey, match="cannot be read"):
        load_key(file)
    file.write_text("hello")
    with pytest.raises(BadKey, match="holds no private key"):
        load_key(file)


def test_a_signature_fits_its_key_and_its_content_only() -> None:
    key, other = make_key(), make_key()
    signature = sign(key, b"words")
    assert is_signed(b"words", public=public_text(key), signature=signature)
    assert not is_signed(b"other words", public=public_text(key), signature=signature)
    assert not is_signed(b"words", public=public_text(other), signature=signature)
    assert not is_signed(b"words", public=public_text(key), signature="no base64 !")
    assert not is_signed(b"words", public="nonsense", signature=signature)


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", "AAAA", "ed25519:%%%"])
def test_a_public_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadKey, match="is no public key"):
        check_public(text)


def test_a_public_key_has_a_short_name() -> None:
    public = public_text(make_key())
    assert check_public(f" {public}\n") == public
    assert len(key_id(public)) == 12
