"""`standfast user`: create accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from standfast.cli.lookup import organisation_named
from standfast.cli.stored_data import with_data


@click.group()
def user() -> None:
    """Create accounts."""


@user.command("create")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", default="", help="Name that others see.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password; asked for when not given.",
)
@click.option("--organisation", help="Short name of an organisation to join; needs --role.")
@click.option("--role", help="Role there: owner, communicator, engineer, viewer, admin, …")
@click.option("--language", default="", help="en or zh-hant; the browser's when not given.")
@click.option("--time-zone", default="", help="IANA name; the browser's when not given.")
@click.option("--superuser", is_flag=True, help="May do everything in the database.")
@with_data
def create(
    *,
    email: str,
    name: str,
    password_file: Path | None,
    organisation: str | None,
    role: str | None,
    language: str,
    time_zone: str,
    superuser: bool,
) -> None:
    """Create an account, with a role in an organisation if one is given."""
    from django.db import transaction

    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.services.members import add_member
    from standfast.apps.tenancy.services.people import create_account

    if bool(organisation) != bool(role):
        raise click.UsageError("--organisation and --role belong together: give both or neither.")
    joins = organisation_named(organisation) if organisation else None
    password = _password(password_file)
    by, now = Actor.system("command line"), datetime.now(UTC)
    with transaction.atomic():
        made = create_account(
            email=email,
            password=password,
            name=name,
            language=language,
            time_zone=time_zone,
            superuser=superuser,
            by=by,
            now=now,
        )
        if joins and role:
            add_member(organisation=joins, user=made, role=role, by=by, now=now)
    click.echo(made.email)


def _password(file: Path | None) -> str:
    if file is None:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
