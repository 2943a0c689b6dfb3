"""The backup site: making and writing it, from publishing to readable there, its server's memory.

A provider with open and past public issues; a worker that only writes the backup site, and
`standfast edge serve` over the folder that it writes. Where nginx and wrk are installed, the first
page is asked of both, from the same files, each server on one core and wrk on the other.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyroaring import BitMap

from bench.system import fresh_system, peak_memory_mb, served
from standfast.cli.listening import free_port

MOST_MB = 60.0
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000000; open_file_cache max=1000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; types {{ text/html html; }}
  server {{ listen 127.0.0.1:{port}; root {root}; index index.html; gzip_static on; }}
}}
"""


def build(open_issues: int, past_issues: int) -> None:
    """Store the provider and its public issues, two posts each."""
    from standfast.apps.catalog.models import Service, ServiceSubscription
    from standfast.apps.incidents.models import AudienceVersion, Issue, Post
    from standfast.apps.tenancy.models import Organisation

    now = datetime.now(UTC)
    provider = Organisation.objects.create(
        slug="provider", name="Provider", is_provider=True, created_at=now
    )
    tenant = Organisation.objects.create(
        slug="tenant", name="Tenant", is_tenant=True, number=0, created_at=now
    )
    services = [
        Service.objects.create(provider=provider, key=f"s{n}", name={"en": f"Service {n}"})
        for n in range(10)
    ]
    for service in services:
        ServiceSubscription.objects.create(tenant=tenant, service=service, since=now)
    nobody = BitMap().serialize()
    text = {"en": "Some people wait longer. " * 12, "zh-hant": "部分使用者等候時間較長。" * 12}
    for number in range(open_issues + past_issues):
        ended = number >= open_issues
        start = now - timedelta(hours=3 + number)
        issue = Issue.objects.create(
            provider=provider,
            service=services[number % 10],
            reference=f"EX{number}",
            stage="resolved" if ended else "published",
            status="serviceRestored" if ended else "serviceDegradation",
            is_public=True,
            title={"en": f"Problem {number}", "zh-hant": f"問題 {number}"},
            user_impact=text,
            start_at=start,
            end_at=start + timedelta(hours=2) if ended else None,
            published_at=start,
            modified_at=start,
        )
        issue.audience = AudienceVersion.objects.create(
            issue=issue, number=1, at=start, actor="bench", tenants=nobody, packed=b"",
            tenant_count=0, user_count=0,
        )  # fmt: skip
        issue.save()
        for place in (1, 2):
            Post.objects.create(
                issue=issue, number=place, body=text, status=issue.status,
                audience=issue.audience, created_at=start, actor="bench",
            )  # fmt: skip


def measure_making(folder: Path) -> list[str]:
    """Seconds to render, to compress and sign, to write."""
    from standfast.apps.publishing.queries.sites import wanted_sites
    from standfast.apps.publishing.services.making import make_site
    from standfast.bundle.store import Store
    from standfast.bundle.writing import write_site

    site = next(iter(wanted_sites()))
    rows = []
    for run in range(3):
        began = time.perf_counter()
        covered = (run,)  # other events: nothing is taken from the run before
        made = make_site(
            site, above=run, covered=covered, posts=(), taken_over=(), now=datetime.now(UTC)
        )
        ready = time.perf_counter()
        write_site(Store(str(folder / "written"), make=True), made)
        done = time.perf_counter()
        rows.append((ready - began, done - ready))
    made_in, written_in = (statistics.median(each) for each in zip(*rows, strict=True))
    return [f"| {len(made.files)} | {made.size / 1e6:.1f} | {made_in:.2f} | {written_in:.2f} |"]


def publish_one(number: int) -> str:
    """Publish a public issue; its title."""
    from standfast.apps.catalog.models import Service
    from standfast.apps.incidents.services.drafting import create_draft
    from standfast.apps.incidents.services.fields import IssueFields
    from standfast.apps.incidents.services.publishing import publish
    from standfast.apps.tenancy.actor import Actor
    from standfast.engine.targeting import Scope

    now, by = datetime.now(UTC), Actor.system("bench")
    service = Service.objects.select_related("provider").order_by("id")[0]
    title = f"Published {number} a moment ago"
    fields = IssueFields(
        service=service,
        title={"en": title},
        user_impact={"en": "Wait."},
        start_at=now,
        is_public=True,
    )
    scope = Scope(services=frozenset({service.pk}), unclear=True)
    draft = create_draft(provider=service.provider, fields=fields, scope=scope, by=by, now=now)
    publish(issue=draft, version=None, body={"en": "Wait."}, by=by, now=now)
    return title


def measure_visible(address: str, times: int) -> list[float]:
    """Seconds from the end of publishing to the title on the served page."""
    found = []
    for number in range(times):
        title = publish_one(number).encode()
        began = time.perf_counter()
        while title not in urllib.request.urlopen(f"{address}/", timeout=10).read():
            time.sleep(0.02)
            if time.perf_counter() - began > 60:
                raise RuntimeError("The backup site does not follow.")
        found.append(time.perf_counter() - began)
    return found


def asked(port: int, *headers: str) -> float:
    """Requests a second of the first page over 32 connections."""
    more = [part for header in headers for part in ("-H", header)]
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c32", "-d4", *more]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
    )
    match = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(match.group(1)) if match else 0.0


@contextmanager
def nginx(root: Path) -> Iterator[int]:
    """nginx over the same files; its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="standfast-nginx-") as folder:
        Path(folder).chmod(0o755)
        config = Path(folder, "nginx.conf")
        config.write_text(NGINX.format(folder=folder, port=port, root=root), encoding="utf-8")
        process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(config)])
        try:
            time.sleep(1)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def pin(pid: int) -> None:
    subprocess.run(["taskset", "-a", "-c", "-p", "0", str(pid)], capture_output=True, check=False)


def main() -> int:
    """Print the tables; exit code 1 when the server takes too much memory."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--open", type=int, default=20)
    options.add_argument("--past", type=int, default=100)
    options.add_argument("--times", type=int, default=5)
    chosen = options.parse_args()
    with fresh_system() as folder:
        build(chosen.open, chosen.past)
        print(f"{chosen.open} open and {chosen.past} past issues in two languages\n")
        print("| files | MB written | rendered, compressed, signed s | written to a folder s |")
        print("|--:|--:|--:|--:|")
        print("\n".join(measure_making(folder)))
        port = free_port()
        bundle = folder / "bundle"
        bundle.mkdir()
        edge = ["standfast", "edge", "serve", "--bundle", str(bundle), "--port", str(port)]
        worker = [sys.executable, "-m", "standfast", "worker", "--only-backup-site"]
        writing = subprocess.Popen(worker, stderr=subprocess.DEVNULL)
        try:
            with served([*edge, "--look-every", "0.2"], port) as serving:
                address = f"http://127.0.0.1:{port}"
                _wait_for(address)
                seen = measure_visible(address, chosen.times)
                print(
                    "\n| published to readable on the backup site | first s | median s | last s |"
                )
                print("|---|--:|--:|--:|")
                print(
                    f"| {chosen.times} times, with a look of the server every 0.2 s "
                    f"| {min(seen):.2f} | {statistics.median(seen):.2f} | {max(seen):.2f} |"
                )
                compare(bundle, port, serving.pid)
                memory = peak_memory_mb(serving) or 0.0
        finally:
            writing.terminate()
            writing.wait(30)
    met = memory <= MOST_MB
    print(f"\nPeak memory of `edge serve`: {memory:.0f} MB ({'met' if met else 'not met'}: <= 60)")
    return int(not met)


def compare(bundle: Path, port: int, pid: int) -> None:
    """Ask both servers for the same page."""
    if not all(map(shutil.which, ("nginx", "wrk", "taskset"))):
        print("\nnginx, wrk or taskset is not installed: no comparison.")
        return
    pin(pid)
    print("\n| the first page, one core | edge serve req/s | nginx req/s | ratio |")
    print("|---|--:|--:|--:|")
    with nginx(bundle) as other:
        for what, headers in (("as it is", ()), ("gzip", ("Accept-Encoding: gzip",))):
            ours, theirs = asked(port, *headers), asked(other, *headers)
            print(f"| {what} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |")


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The backup site was not written.")


if __name__ == "__main__":
    sys.exit(main())
