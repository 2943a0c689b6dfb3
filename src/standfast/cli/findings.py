"""What `standfast doctor` looks at: one function a check, in the order in which to mend."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from standfast.bundle.store import is_folder

BACKLOG_WARNING = timedelta(minutes=1)
HEARTBEAT_WARNING = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warn or fail; `todo` says how to mend it."""

    level: str
    about: str
    said: str
    todo: str = ""


def ok(about: str, said: str) -> Finding:
    return Finding("ok", about, said)


def warn(about: str, said: str, todo: str) -> Finding:
    return Finding("warn", about, said, todo)


def fail(about: str, said: str, todo: str) -> Finding:
    return Finding("fail", about, said, todo)


def data_folder(now: datetime) -> Finding:
    from django.conf import settings

    folder = Path(settings.DATA_DIR)
    if os.access(folder, os.W_OK | os.X_OK):
        return ok("data folder", f"{folder} can be written.")
    return fail("data folder", f"{folder} cannot be written.", "Give this account the right to.")


def database(now: datetime) -> Finding:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return fail("database", str(error).strip(), "Check DATABASE_URL and that it is running.")
    return ok("database", f"{connection.display_name} answers.")


def migrations(now: datetime) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return fail("tables", f"{len(missing)} migrations are missing.", "Run `standfast migrate`.")
    return ok("tables", "Up to date.")


def mail(now: datetime) -> Finding:
    from django.conf import settings

    address = settings.STANDFAST_EMAIL_URL
    if address.startswith("folder:"):
        return warn(
            "mail",
            f"Mails are written to {address.removeprefix('folder:')}, not sent.",
            "Set STANDFAST_EMAIL_URL to a mail server for real use.",
        )
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as connection:
            connection.noop()
    except OSError as error:
        return fail("mail", f"{server}: {error}", "Check STANDFAST_EMAIL_URL and the mail server.")
    return ok("mail", f"{server} answers.")


def sender(now: datetime) -> Finding:
    from email.utils import parseaddr

    from django.conf import settings

    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if address.endswith("@localhost") or "@" not in address:
        return warn(
            "sender",
            f"Mails come from {address or 'nobody'}, which receivers refuse.",
            "Set STANDFAST_EMAIL_FROM to an address of your domain.",
        )
    return ok("sender", f"Mails come from {address}.")


def channels(now: datetime) -> Finding:
    from standfast.apps.delivery.outgoing import channel_kinds, open_channel, usable_channels
    from standfast.channels.contract import ConfigError
    from standfast.channels.registry import CHANNELS

    for kind in channel_kinds():
        try:
            open_channel(kind)
        except ConfigError as error:
            variables = {option.name: option.variable for option in CHANNELS[kind].options}
            named = variables.get(error.field, error.field)
            return fail("channels", f"{kind}: {error.message}", f"Correct {named}.")
    usable = ", ".join(channel.kind for channel in usable_channels())
    return ok("channels", f"Ready: {usable}.")


def placement_index(now: datetime) -> Finding:
    from django.conf import settings

    file = Path(settings.DATA_DIR, "index", "placements.idx")
    if not file.exists():
        return warn(
            "index",
            "There is no placement index yet.",
            "It is built at the first use; `standfast worker` keeps it fresh.",
        )
    age = now - datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return ok("index", f"{file.stat().st_size:,} bytes, written {_spoken(age)} ago.")


def outbox(now: datetime) -> Finding:
    from standfast.apps.tenancy.queries.outbox import backlog

    waiting = backlog(now=now)
    if waiting.count and waiting.oldest > BACKLOG_WARNING:
        return fail(
            "outbox",
            f"{waiting.count} events wait, the oldest for {_spoken(waiting.oldest)}.",
            "Start `standfast worker`, or look at its log.",
        )
    return ok("outbox", f"{waiting.count} events wait.")


def worker(now: datetime) -> Finding:
    from django.conf import settings

    file = Path(settings.DATA_DIR, "worker-heartbeat")
    if not file.exists():
        return warn("worker", "No worker has run yet.", "Start `standfast worker`.")
    age = now - datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if age > HEARTBEAT_WARNING:
        return fail("worker", f"No sign of life for {_spoken(age)}.", "Start `standfast worker`.")
    return ok("worker", f"Alive {_spoken(age)} ago.")


def backup_site(now: datetime) -> Finding:
    from django.conf import settings

    from standfast.apps.publishing.queries.targets import freshness

    if not settings.STANDFAST_BACKUP_TARGETS:
        return warn(
            "backup site",
            "There is none: when this machine is gone, nobody can see any status.",
            "Take “none” out of STANDFAST_BACKUP_TARGETS.",
        )
    places = freshness(now=now)
    if not places:
        return warn("backup site", "It was never written.", "Start `standfast worker`.")
    for place in places:
        if place.level != "ok":
            said = place.target.error or "No new pages have been written."
            age = place.age(now)
            old = f", {_spoken(age)} old" if age is not None else ""
            level = fail if place.level == "bad" else warn
            return level("backup site", f"{place.target.address}{old}: {said}", "Mend that store.")
    if all(is_folder(place) for place in settings.STANDFAST_BACKUP_TARGETS):
        return warn(
            "backup site",
            f"Fresh, but on this machine only ({len(places)} folders).",
            "Name a store elsewhere in STANDFAST_BACKUP_TARGETS, or copy the folder away.",
        )
    return ok("backup site", f"Fresh in {len(places)} places.")


def emergency_key(now: datetime) -> Finding:
    from django.conf import settings

    from standfast.apps.publishing.signing_keys import emergency_file, emergency_keys
    from standfast.bundle.keys import key_id

    if not settings.STANDFAST_EMERGENCY_PUBLIC_KEYS and not emergency_file().exists():
        return warn("emergency key", "There is none yet.", "Start `standfast worker`.")
    names = ", ".join(key_id(key) for key in emergency_keys())
    if emergency_file().exists():
        return warn(
            "emergency key",
            f"It lies in {emergency_file()}, so it is gone together with this machine.",
            "Copy it to the people who would post, and set STANDFAST_EMERGENCY_PUBLIC_KEYS.",
        )
    return ok("emergency key", f"Its public half is known ({names}); the key is elsewhere.")


def address(now: datetime) -> Finding:
    from urllib.parse import urlsplit

    from django.conf import settings

    if urlsplit(settings.BASE_URL).hostname in {"127.0.0.1", "localhost", "::1"}:
        return warn(
            "address",
            f"Links in notifications start with {settings.BASE_URL}: only this machine opens them.",
            "Set STANDFAST_BASE_URL to the address that people use.",
        )
    return ok("address", f"Links in notifications start with {settings.BASE_URL}.")


def _spoken(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


CHECKS: list[Callable[[datetime], Finding]] = [
    data_folder,
    database,
    migrations,
    mail,
    sender,
    channels,
    address,
    placement_index,
    outbox,
    worker,
    backup_site,
    emergency_key,
]
