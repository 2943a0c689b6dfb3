from __future__ import annotations

from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from standfast.config.env import SettingError
from standfast.config.vapid import stored_vapid_key


def test_the_key_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    key = stored_vapid_key(tmp_path)

    assert stored_vapid_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["vapid.pem"]
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o077 == 0
    assert key.private not in repr(key)


def test_the_public_half_is_what_browsers_take(tmp_path: Path) -> None:
    point = urlsafe_b64decode(stored_vapid_key(tmp_path).public + "=")

    assert len(point) == 65
    assert point[0] == 4


def test_a_broken_key_is_named_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "vapid.pem").write_text("nonsense", encoding="ascii")

    with pytest.raises(SettingError, match=r"vapid\.pem holds no private key"):
        stored_vapid_key(tmp_path)
    assert (tmp_path / "vapid.pem").read_text(encoding="ascii") == "nonsense"
