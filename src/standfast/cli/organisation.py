"""`standfast organisation`: list and create."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from standfast.cli.stored_data import with_data
from standfast.cli.tables import format_option, show

ROLES = ["provider", "tenant", "partner"]


@click.group()
def organisation() -> None:
    """List and create organisations."""


@organisation.command("list")
@click.option("--role", type=click.Choice(ROLES), help="Only organisations with this role.")
@format_option
@with_data
def list_organisations(*, role: str | None, form: str) -> None:
    """List organisations by name."""
    from standfast.apps.tenancy.queries.organisations import organisations

    rows = [
        {"slug": found.slug, "name": found.name, "roles": found.faces, "number": found.number}
        for found in organisations(role=role)
    ]
    show(rows, form=form, columns=["slug", "name", "roles", "number"])


@organisation.command("create")
@click.option("--slug", required=True, help="Short name, a part of addresses: acme-bank.")
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="Repeatable."
)
@click.option("--country", default="", help="Two letters of ISO 3166.")
@click.option("--language", default="en", show_default=True, help="en or zh-hant.")
@click.option("--time-zone", default="UTC", show_default=True, help="IANA name: Asia/Taipei.")
@with_data
def create(
    *, slug: str, name: str, roles: tuple[str, ...], country: str, language: str, time_zone: str
) -> None:
    """Create an organisation and print its short name."""
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.services.organisations import create_organisation

    created = create_organisation(
        slug=slug,
        name=name,
        faces=roles,
        country=country,
        language=language,
        time_zone=time_zone,
        by=Actor.system("command line"),
        now=datetime.now(UTC),
    )
    click.echo(created.slug)
