"""nginx with static files and wrk, beside our servers: each side on a core of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from standfast.cli.listening import free_port

NGINX = """
{user}worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  open_file_cache max=100; types {{ application/json json; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; etag on; }}
}}
"""
LUA = """
local requests, place = {{}}, 0
for line in io.lines("{file}") do
  local token, tag = line:match("(%S+) ?(%S*)")
  local headers = {{ ["Authorization"] = "Bearer " .. token }}
  if tag ~= "" then headers["If-None-Match"] = tag end
  requests[#requests + 1] = {{ headers = headers }}
end
local made = {{}}
request = function()
  place = place % #requests + 1
  if not made[place] then
    made[place] = wrk.format("GET", wrk.path, requests[place].headers)
  end
  return made[place]
end
"""


def ask(port: int, path: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers (names in lower case; underscores in those sent become hyphens)."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=names)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def wrk(port: int, path: str, seconds: float, *, lua: str = "", **headers: str) -> float:
    """Requests a second with status 200 or 304; wrk has the other core."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds:g}", f"http://127.0.0.1:{port}{path}"]
    for name, value in headers.items():
        command += ["-H", f"{name.replace('_', '-')}: {value}"]
    if lua:
        command += ["-s", lua]
    done = subprocess.run(_pinned(command, -1), check=True, capture_output=True, text=True).stdout
    if "Non-2xx or 3xx" in done:
        print(f"(some answers of {path} were errors: {done.strip()})")
    found = re.search(r"Requests/sec: +([\d.]+)", done)
    assert found, done
    return float(found[1])


def _pinned(command: list[str], core: int) -> list[str]:
    if not shutil.which("taskset") or not hasattr(os, "sched_getaffinity"):
        return command
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core]), *command]


@contextmanager
def nginx(folder: Path, files: dict[str, bytes]) -> Iterator[int]:
    """nginx with static files, on the core of the other servers."""
    port = free_port()
    (folder / "www").mkdir()
    for name, content in files.items():
        (folder / "www" / name).write_bytes(content)
    user = "" if os.geteuid() else "user root; "  # the folder is nobody else's
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen(
        _pinned([program, "-c", str(folder / "nginx.conf")], 0), stderr=subprocess.DEVNULL
    )
    try:
        until_answering(port, "/" + next(iter(files)))
        yield port
    finally:
        process.terminate()
        process.wait(10)


def until_answering(port: int, path: str, **headers: str) -> None:
    """Wait until a server gives an answer, for a minute at most."""
    deadline = time.monotonic() + 60
    while True:
        try:
            ask(port, path, **headers)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def pin(process: subprocess.Popen[bytes]) -> None:
    """Keep a server, threads and all, on the first core."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {cores[0]})


def missing_programs() -> list[str]:
    """Those of the two that are not installed here."""
    return [
        name
        for name in ("nginx", "wrk")
        if not (shutil.which(name) or Path(f"/usr/sbin/{name}").exists())
    ]
