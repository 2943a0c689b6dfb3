"""What the command prints when the demo is ready."""

from __future__ import annotations

import shlex
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from standfast.cli.demo.folder import Login
from standfast.cli.tables import show

ALERT = """curl -X POST {address}/api/ingest/{source}/ \\
  -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
  -d '{{"version":"4","groupKey":"demo","status":"firing","alerts":[{{"status":"firing",
       "labels":{{"alertname":"MailboxDatabaseDown","mailbox_database":"MBX-0173"}},
       "annotations":{{"summary":"MBX-0173 does not answer"}},
       "startsAt":"{now}","endsAt":"0001-01-01T00:00:00Z"}}]}}'"""


BACKUP = """{program} edge serve --bundle {bundle} --port 8001
{program} emergency post --target {bundle} --key {key} \\
  --title 'Power is out' --body 'We are on it; next news in an hour.'"""


def greet(
    address: str,
    logins: Sequence[Login],
    *,
    source: str,
    token: str,
    now: str,
    bundle: Path,
    calendar: str,
) -> None:
    """Print the address, one login per role, an alert to try, and how to see the backup site."""
    click.echo(f"\nStandfast is ready: {address}/\n")
    columns = ["role", "email", "password", "organisation", "what"]
    show([asdict(login) for login in logins], form="plain", columns=columns)
    click.echo("\nAn alert to try, which becomes an issue in the console:\n")
    click.echo(ALERT.format(address=address, source=source, token=token, now=now))
    click.echo(
        "\nA calendar of maintenance to follow, with one that moved and one that was called off:\n"
    )
    click.echo(f"{address}/feeds/{calendar}/maintenance.ics")
    click.echo("\nThe backup site, which goes on without the demo, and a post straight to it:\n")
    key = bundle.parent / "keys" / "emergency.pem"
    click.echo(BACKUP.format(program=program(), bundle=bundle, key=key))
    click.echo("\nCtrl-C ends the demo.")


def program() -> str:
    """What to type for this command here: its name where the shell finds it, else its path."""
    called = Path(sys.argv[0])
    found = shutil.which("standfast")
    if called.stem != "standfast" or (found and Path(found).resolve() == called.resolve()):
        return "standfast"
    return shlex.quote(str(called.absolute()))


def when_answering(host: str, port: int, then: Callable[[], None]) -> None:
    """Call `then` once something answers on the port, in a thread that never holds up the end."""

    def wait() -> None:
        while True:
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                then()
                return

    threading.Thread(target=wait, name="greeting", daemon=True).start()
