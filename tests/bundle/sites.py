"""Small sites to write, change and look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.bundle.manifest import FileEntry, Manifest
from standfast.bundle.store import Store
from standfast.bundle.writing import Prepared, prepare, write_site

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
EMERGENCY_KEY = Ed25519PrivateKey.from_private_bytes(b"e" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
ADDRESS = "https://backup.example/"
PAGE = (
    b'{"page":{"id":"p1","name":"Example Cloud","url":"https://backup.example/",'
    b'"time_zone":"Etc/UTC","updated_at":"2026-11-23T18:00:00.000Z"}'
)
CALM = b'"status":{"indicator":"none","description":"All Systems Operational"}}'
FILES = {
    "index.html": b"<!doctype html><title>Status</title><!--emergency en--><p>All is well.</p>"
    + b"<p>Nothing else happened.</p>" * 20,
    "zh-hant/index.html": "<!doctype html><!--emergency zh-hant--><p>一切正常。</p>".encode()
    + "<p>沒有其他事件。</p>".encode() * 20,
    "api/v2/status.json": PAGE + b"," + CALM,
    "api/v2/summary.json": PAGE + b',"components":[],"incidents":[],' + CALM,
    "api/v2/incidents.json": PAGE + b',"incidents":[]}',
    "api/v2/incidents/unresolved.json": PAGE + b',"incidents":[]}',
    "history.atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>',
    "history.rss": b"<rss><channel><title>t</title></channel></rss>",
}


def draft(
    *,
    made: datetime = NOW,
    sequence: int = 1,
    prefix: str = "",
    emergency_keys: tuple[str, ...] = (),
    taken_over: tuple[str, ...] = (),
    slug: str = "",
) -> Manifest:
    return Manifest(
        prefix=prefix,
        provider="Example Cloud",
        sequence=sequence,
        generated_at=made,
        stale_after=made + timedelta(minutes=15),
        pack=FileEntry("0" * 64, 0),
        files={},
        emergency_keys=emergency_keys,
        taken_over=taken_over,
        version="1",
        slug=slug,
    )


def prepared(manifest: Manifest | None = None, files: dict[str, bytes] | None = None) -> Prepared:
    return prepare(manifest or draft(), FILES if files is None else files, key=KEY)


def written(folder: Path, manifest: Manifest | None = None) -> Store:
    store = Store(str(folder), make=True)
    write_site(store, prepared(manifest))
    return store
