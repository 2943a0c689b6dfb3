"""Reads under storm, beside nginx serving a static file of the same size on the same core.

The public summary by a server of prepared bytes and by the application's front; a signed-in
tenant's dashboard by the front's board: each tenant's first look since something changed, looks of
the same tenants again, and clients that have it already. Ratios to nginx in the same run count.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.load import LUA, ask, missing_programs, nginx, pin, until_answering, wrk
from bench.system import fresh_system, peak_memory_mb, served
from standfast.cli.listening import free_port

AGAIN, KNOWN = 3_000, 3_000
FIRST = "first look of each since a change"
TARGETS = {"prepared": 0.7, "front": 0.7, "tenant": 0.4}


@dataclass(frozen=True, slots=True)
class Row:
    """One cell pair: ours and nginx's requests a second."""

    who: str
    what: str
    size: int
    ours: float
    nginx: float

    @property
    def ratio(self) -> float:
        return self.ours / self.nginx if self.nginx else 0.0


def build(tenants: int, open_issues: int, past_issues: int) -> list[str]:
    """Fill the system; returns a token of each tenant."""
    from bench.dashboard import build as build_issues
    from standfast.apps.incidents.models import Issue
    from standfast.apps.tenancy.models import ApiToken, Organisation

    build_issues(tenants, open_issues, past_issues, signed_in=1)
    Issue.objects.filter(pk__in=Issue.objects.order_by("id").values("id")[:9]).update(
        is_public=True
    )
    now = datetime.now(UTC)
    found = Organisation.objects.filter(is_tenant=True).order_by("number")
    tokens = [f"sft_{each.number:010d}_secret{each.number:030d}" for each in found]
    ApiToken.objects.bulk_create(
        (
            ApiToken(
                organisation=each,
                name="bench",
                prefix=f"{each.number:010d}",
                secret_hash=hashlib.sha256(f"secret{each.number:030d}".encode()).hexdigest(),
                scopes=["health.read"],
                created_at=now,
                expires_at=now + timedelta(days=9),
            )
            for each in found
        ),
        batch_size=5_000,
    )
    return tokens


def serve_prepared(port: int, file: str) -> None:
    """A server of prepared bytes and nothing else, as `standfast edge serve` is one."""
    import uvicorn

    from standfast.edge.prepared.application import PreparedApplication
    from standfast.edge.prepared.content import prepare
    from standfast.edge.prepared.protocol import answering
    from standfast.edge.prepared.table import Table

    table = Table({"/summary.json": prepare(Path(file).read_bytes(), content_type="text/json")})
    uvicorn.run(
        PreparedApplication(table),
        http=answering(table),
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def _until_begun(port: int, token: str) -> None:
    """Until the front has read everything: its board sends none of the application's headers."""
    bearer = {"Authorization": f"Bearer {token}"}
    until_answering(port, "/api/v1/health", **bearer)
    while "content-security-policy" in ask(port, "/api/v1/health", **bearer)[1]:
        time.sleep(0.2)


def _change(port: int, token: str) -> None:
    """Post on the issue that most tenants have, and wait until they can see it."""
    from standfast.apps.incidents.models import Issue
    from standfast.apps.incidents.services.updating import post_update
    from standfast.apps.tenancy.actor import Actor

    issues = Issue.objects.filter(end_at=None).order_by("-audience__tenant_count")
    bearer = {"Authorization": f"Bearer {token}"}
    before = ask(port, "/api/v1/health", **bearer)[1]["etag"]
    now = datetime.now(UTC)
    post_update(
        issue=issues[0],
        version=None,
        body={"en": "We are still looking into it."},
        status="serviceDegradation",
        next_update_by=now + timedelta(minutes=45),
        by=Actor.system("bench"),
        now=now,
    )
    while ask(port, "/api/v1/health", **bearer)[1]["etag"] == before:
        time.sleep(0.05)


class Storm:
    """Measures one server after the other, each beside nginx with files of the same sizes."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self.rows: list[Row] = []

    def public(self, who: str, port: int, path: str) -> bytes:
        """Identity, Brotli and 304 of one path."""
        while "content-encoding" not in ask(port, path, Accept_Encoding="br")[1]:
            time.sleep(0.1)  # until it is prepared
        body, headers = ask(port, path)
        small, _ = ask(port, path, Accept_Encoding="br")
        with nginx(self._fresh(), {"full.json": body, "br.json": small}) as other:
            tag = ask(other, "/full.json")[1]["etag"]
            self._pair(who, "identity", len(body), (port, path, {}), (other, "/full.json", {}))
            self._pair(
                *(who, "Brotli", len(small)),
                (port, path, {"Accept-Encoding": "br"}),
                (other, "/br.json", {}),
            )
            self._pair(
                *(who, "304", 0),
                (port, path, {"If-None-Match": headers["etag"]}),
                (other, "/full.json", {"If-None-Match": tag}),
            )
        return body

    def tenants(self, port: int, tokens: list[str]) -> None:
        """First looks, looks again, and clients that have it already."""
        bodies = [
            ask(port, "/api/v1/health", Authorization=f"Bearer {token}")
            for token in tokens[:: max(1, len(tokens) // KNOWN)][:KNOWN]
        ]
        sizes = sorted(len(body) for body, _ in bodies)
        size = sizes[len(sizes) // 2]
        known = [
            f"{token} {headers['etag']}"
            for token, (_, headers) in zip(
                tokens[:: max(1, len(tokens) // KNOWN)][:KNOWN], bodies, strict=True
            )
        ]
        with nginx(self._fresh(), {"full.json": b"x" * size}) as other:
            tag = ask(other, "/full.json")[1]["etag"]
            # nginx is asked by the same script, token and all.
            looks = {
                "304": (known, [f"{line.split()[0]} {tag}" for line in known]),
                "the same again": (tokens[:AGAIN], tokens[:AGAIN]),
                FIRST: (tokens, tokens),
            }
            for what, (ours, theirs) in looks.items():
                script, before = self._script(ours), None
                if what == FIRST:
                    # Programs that ask every minute have asked before.
                    wrk(port, "/api/v1/health", 2 * self._seconds, lua=script)
                    before = partial(_change, port, tokens[0])
                self._pair(
                    *("tenant", what, 0 if what == "304" else size),
                    (port, "/api/v1/health", {"lua": script}),
                    (other, "/full.json", {"lua": self._script(theirs)}),
                    before=before,
                )

    def _script(self, lines: list[str]) -> str:
        folder = self._fresh()
        (folder / "tokens").write_text("\n".join(lines))
        (folder / "ask.lua").write_text(LUA.format(file=folder / "tokens"))
        return str(folder / "ask.lua")

    def _fresh(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder))

    def _pair(
        self,
        who: str,
        what: str,
        size: int,
        ours: Any,
        theirs: Any,
        *,
        before: Callable[[], None] | None = None,
    ) -> None:
        # Turn and turn about, the better of two: on a shared machine one of them is disturbed.
        best = [0.0, 0.0]
        for _ in range(2):
            if before:
                before()
            for place, (port, path, headers) in enumerate((ours, theirs)):
                best[place] = max(best[place], wrk(port, path, self._seconds, **headers))
        self.rows.append(Row(who, what, size, *best))


def main() -> int:
    """Print the table; exit code 1 below a target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tenants", type=int, default=100_000)
    options.add_argument("--open", type=int, default=200)
    options.add_argument("--past", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=2)
    options.add_argument("--serve", nargs=2)
    chosen = options.parse_args()
    if chosen.serve:
        serve_prepared(int(chosen.serve[0]), chosen.serve[1])
        return 0
    missing = missing_programs()
    if missing:
        print(f"(left out: {' and '.join(missing)} is not installed here)")
        return 0
    with fresh_system() as data:
        return _measure(chosen, data)


def _measure(chosen: argparse.Namespace, data: Path) -> int:
    from django.db import transaction

    began = time.monotonic()
    with transaction.atomic():
        tokens = build(chosen.tenants, chosen.open, chosen.past)
    print(f"(filled in {time.monotonic() - began:.0f} s)", flush=True)
    storm = Storm(data, chosen.seconds)
    front_port, port = free_port(), free_port()
    command = ["standfast", "web", "--port", str(front_port)]
    with served(command, front_port) as front:
        pin(front)
        _until_begun(front_port, tokens[len(tokens) // 2])
        path = "/status/provider/api/v2/summary.json"
        body = storm.public("front", front_port, path)
        storm.tenants(front_port, tokens)
        memory = peak_memory_mb(front) or 0
    (data / "summary.json").write_bytes(_twenty_kilobytes(body))
    command = ["bench.storm", "--serve", str(port), str(data / "summary.json")]
    with served(command, port) as process:
        pin(process)
        storm.public("prepared", port, "/summary.json")
        small = peak_memory_mb(process) or 0
    return _print(storm.rows, chosen, memory=memory, small=small)


def _twenty_kilobytes(body: bytes) -> bytes:
    """A summary of 20 KB: the front's own, with more of its incidents or fewer."""
    summary = json.loads(body)
    incidents = summary["incidents"] or [{}]
    summary["incidents"] = []
    while len(text := json.dumps(summary).encode()) < 20_480:
        summary["incidents"].append(incidents[len(summary["incidents"]) % len(incidents)])
    return text


def _print(rows: list[Row], chosen: argparse.Namespace, *, memory: float, small: float) -> int:
    print(
        f"{chosen.tenants:,} tenants with a token each, {chosen.open} open and {chosen.past:,} past"
        " issues; server and wrk (64 connections) on a core each.\n"
    )
    print("| server | answer | bytes | requests/s | nginx, same size | ratio |")
    print("|---|---|--:|--:|--:|--:|")
    failed = False
    for row in rows:
        target = TARGETS[row.who]  # of a 304, too: it has to be at least as good
        failed |= row.ratio < target
        print(
            f"| {row.who} | {row.what} | {row.size:,} | {row.ours:,.0f} | {row.nginx:,.0f}"
            f" | {row.ratio:.2f} (target {target}) |"
        )
    print(f"\nMemory: the front {memory:.0f} MB, the server of prepared bytes {small:.0f} MB.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
