"""Packs: the same bytes for the same files, read file by file, no more of them than was signed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest

from standfast.bundle import packing
from standfast.bundle.errors import BadBundle, StoreError
from standfast.bundle.packing import entry_of, pack
from tests.bundle.sites import FILES


def test_the_same_files_make_the_same_pack() -> None:
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


@pytest.mark.parametrize("in_memory", [100, 1_000_000])
def test_a_pack_is_read_file_by_file_wherever_it_is_kept(
    in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "IN_MEMORY", in_memory)
    whole = pack(FILES)
    archive = packing.Archive([whole[:50], whole[50:]], entry_of(whole))
    for _ in range(2):
        assert {path: archive.read(path) for path in FILES} == FILES
        assert archive.whole() == whole
    with pytest.raises(BadBundle, match="not what was signed"):
        packing.Archive([whole[:-1]], entry_of(whole))


def test_no_more_of_a_pack_is_read_than_was_signed() -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"a" * 1_000

    with pytest.raises(BadBundle, match="not what was signed"):
        packing.Archive(endless(), entry_of(pack(FILES)))
    assert len(read) < 20


def test_a_pack_that_finds_no_room_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    whole = pack(FILES)
    with pytest.raises(StoreError, match="no room for the pack in /nowhere: No such file"):
        packing.Archive([whole], entry_of(whole))
