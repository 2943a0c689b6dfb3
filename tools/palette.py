"""Smaller pictures: a PNG of a page needs no more than 256 colours.

Chromium writes 24-bit PNGs; written for speed, they use simple filters only. Pages have few colours
beside the soft edges of letters, so an indexed picture looks the same at a third of the size.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
Bytes = NDArray[np.uint8]


def shrink(picture: bytes) -> bytes:
    """Return the PNG with at most 256 colours, or as it was when that is not smaller."""
    smaller = _indexed(_pixels(picture))
    return min(picture, smaller, key=len)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        yield picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        place += length + 12


def _pixels(picture: bytes) -> Bytes:
    """Decode an 8-bit RGB or RGBA picture without interlace to rows × columns × 3."""
    header, data = b"", b""
    for kind, content in _chunks(picture):
        if kind == b"IHDR":
            header = content
        elif kind == b"IDAT":
            data += content
    width, height, depth, colour, _compression, _filter, interlace = struct.unpack(
        ">IIBBBBB", header
    )
    channels = {2: 3, 6: 4}.get(colour)
    if depth != 8 or channels is None or interlace:
        raise ValueError("only plain 8-bit RGB(A) pictures can be read")
    raw = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    rows = np.zeros((height + 1, width, channels), np.uint8)
    for number, line in enumerate(raw):
        cells = line[1:].reshape(width, channels)
        match int(line[0]):
            case 0:
                rows[number] = cells
            case 1:
                rows[number] = np.cumsum(cells, axis=0, dtype=np.uint8)
            case 2:
                rows[number] = cells + rows[number - 1]  # the last row, before the first, is 0
            case other:
                raise ValueError(
                    f"rows with filter {other} cannot be read; write the PNG for speed"
                )
    return rows[:height, :, :3]


def _indexed(pixels: Bytes) -> bytes:
    """Encode with a palette: the most frequent colours, every other one as its nearest of them."""
    height, width, _channels = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65_536, 256, 1], np.uint32)
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = _spread_palette(colours, counts)
    palette = np.stack([kept >> 16, kept >> 8 & 255, kept & 255], axis=1).astype(np.int32)
    every = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    nearest = np.concatenate(
        [
            ((part[:, None, :] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
            for part in np.array_split(every, max(1, len(every) // 2_000))
        ]
    ).astype(np.uint8)
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = nearest[inverse.reshape(height, width)]
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _spread_palette(colours: NDArray[np.uint32], counts: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Half the palette by frequency, half by frequency within coarse cells, so no hue is lost."""
    by_count = colours[np.argsort(counts)[::-1]]
    cells = (by_count >> 5 & 0x070707).astype(np.uint32)
    _cells, first = np.unique(cells, return_index=True)
    wanted = [*by_count[: COLOURS // 2], *by_count[np.sort(first)], *by_count[COLOURS // 2 :]]
    return np.array(list(dict.fromkeys(wanted))[:COLOURS], np.uint32)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
