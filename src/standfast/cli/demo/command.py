"""`standfast demo`: a seeded system in one folder, served on one port."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from standfast.cli.demo import folder as demo_folder
from standfast.cli.demo.folder import Login, State
from standfast.cli.demo.greeting import greet, when_answering
from standfast.cli.demo.world.people import PASSWORD, PEOPLE
from standfast.cli.listening import at_address, check_free
from standfast.cli.stored_data import start_django

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with what the operator asked for


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the demo; made when it is not there.",
)
@at_address(port=8000)
@click.option("--reset", is_flag=True, help="Throw the stored data away and seed anew.")
def demo(*, data_dir: Path, host: str, port: int, reset: bool) -> None:
    """Serve a seeded system: an invented provider, 500 tenants, open incidents, logins for all.

    A new or empty folder is seeded. A folder that holds a demo is used again as it is, its times
    included; --reset seeds it anew. Mails are written to the folder, nothing leaves the machine.
    """
    data_dir = data_dir.resolve()
    check_free(host, port)
    seeds = _decide(data_dir, reset=reset)
    reached = "127.0.0.1" if host in EVERYWHERE else host
    address = f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"
    _set_environment(data_dir, address=address, everywhere=host in EVERYWHERE)
    start_django(data_dir)
    if seeds:
        _seed(data_dir)
    from standfast.cli.demo.seeding.maintenance import CALENDAR
    from standfast.cli.demo.seeding.monitoring import ALERT_TOKEN, source_keys
    from standfast.cli.up import bring_up

    logins, now = demo_folder.read_logins(data_dir), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    when_answering(
        reached,
        port,
        lambda: greet(
            address,
            logins,
            source=source_keys()[0],
            token=ALERT_TOKEN,
            calendar=CALENDAR,
            now=now,
            bundle=data_dir / "bundle",
        ),
    )
    bring_up(host=host, port=port)


def _decide(data_dir: Path, *, reset: bool) -> bool:
    """Whether to seed; clears what is in the way, if that is allowed."""
    state = demo_folder.state_of(data_dir)
    if state is State.FOREIGN and not reset:
        raise click.ClickException(
            f"--data-dir: {data_dir} holds something else than a demo. Choose another folder, or "
            "--reset to throw away the Standfast data in it."
        )
    if state is State.DEMO and not reset:
        mark = demo_folder.read_mark(data_dir) or {}
        click.echo(
            f"Using the demo of {mark.get('seeded_at', 'an unknown time')} as it is: its promises "
            "may be overdue by now. --reset seeds it anew."
        )
        return False
    demo_folder.clear(data_dir)
    return True


def _set_environment(data_dir: Path, *, address: str, everywhere: bool) -> None:
    """Settings of a demo. Whatever database the environment names is not the demo's."""
    os.environ.pop("DATABASE_URL_FILE", None)
    os.environ |= {
        "DATABASE_URL": "",
        "STANDFAST_DEMO": "yes",
        "STANDFAST_BASE_URL": address,
        "STANDFAST_EMAIL_URL": f"folder:{data_dir / 'mail'}",
        "STANDFAST_ALLOW_PRIVATE_WEBHOOKS": "yes",
        "STANDFAST_BACKUP_TARGETS": "",
        "STANDFAST_BACKUP_KEY_FILE": "",
        "STANDFAST_EMERGENCY_PUBLIC_KEYS": "",
    }
    if everywhere:
        os.environ.setdefault("STANDFAST_ALLOWED_HOSTS", "*")


def _seed(data_dir: Path) -> None:
    from django.core.management import call_command

    from standfast.cli.demo.seeding.seed import seed

    now = datetime.now(UTC)
    demo_folder.write_mark(data_dir, seeded_at=now, finished=False)
    click.echo(f"Seeding a new demo in {data_dir} …")
    call_command("migrate", verbosity=0, interactive=False)
    tokens = seed(now=now, say=lambda line: click.echo(f"  {line}"))
    demo_folder.write_logins(data_dir, _logins())
    demo_folder.write_mark(data_dir, seeded_at=now, finished=True, tokens=tokens)


def _logins() -> list[Login]:
    from standfast.apps.tenancy.queries.organisations import organisation_by_slug
    from standfast.apps.tenancy.roles import ROLE_NAMES

    found = []
    for plan in PEOPLE:
        if plan.what:
            organisation = organisation_by_slug(plan.organisation)
            assert organisation is not None, f"{plan.organisation} was seeded"
            found.append(
                Login(
                    role=_role(organisation.faces[0], str(ROLE_NAMES[plan.role])),
                    email=plan.email,
                    password=PASSWORD,
                    organisation=organisation.name,
                    what=plan.what,
                )
            )
    return found


def _role(face: str, role: str) -> str:
    """“Provider: Owner”; a role that names its face already stays as it is."""
    return role if role.lower().startswith(face) else f"{face.capitalize()}: {role}"
