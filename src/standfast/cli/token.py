"""`standfast token`: create, list and revoke API tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from standfast.cli.lookup import organisation_named, person_named
from standfast.cli.stored_data import with_data
from standfast.cli.tables import format_option, show


@click.group()
def token() -> None:
    """Create, list and revoke API tokens."""


@token.command("create")
@click.option("--organisation", required=True, help="Short name of whom the token belongs to.")
@click.option("--user", help="Address of the person whom it acts for; nobody when not given.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Repeatable: health.read.")
@click.option(
    "--expires-in", type=click.IntRange(1, 3650), default=365, show_default=True, help="Days."
)
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@with_data
def create(
    *, organisation: str, user: str | None, scopes: tuple[str, ...], expires_in: int, name: str
) -> None:
    """Create a token and print it, and nothing else: it cannot be read again."""
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.errors import Refused
    from standfast.apps.tenancy.services.tokens import create_token

    try:
        _made, plain = create_token(
            organisation=organisation_named(organisation),
            user=person_named(user) if user else None,
            scopes=scopes,
            name=name,
            expires_in=timedelta(days=expires_in),
            by=Actor.system("command line"),
            now=datetime.now(UTC),
        )
    except Refused as refused:
        option = {"scopes": "scope"}.get(refused.field, refused.field)
        raise Refused(option, refused.message) from refused
    click.echo(plain)


@token.command("list")
@click.option("--organisation", help="Only the tokens of this organisation.")
@format_option
@with_data
def list_tokens(*, organisation: str | None, form: str) -> None:
    """List tokens, without their secrets."""
    from standfast.apps.tenancy.queries.tokens import all_tokens

    if organisation is not None:
        organisation_named(organisation)
    rows = [
        {
            "prefix": found.prefix,
            "organisation": found.organisation.slug,
            "user": found.user.email if found.user else None,
            "name": found.name,
            "scopes": found.scopes,
            "created": _day(found.created_at),
            "expires": _day(found.expires_at),
            "last_used": _day(found.last_used_at),
            "revoked": _day(found.revoked_at),
        }
        for found in all_tokens(organisation_slug=organisation)
    ]
    columns = ["prefix", "organisation", "user", "name", "scopes", "expires", "revoked"]
    show(rows, form=form, columns=columns)


@token.command("revoke")
@click.argument("prefix")
@with_data
def revoke(*, prefix: str) -> None:
    """Revoke the token with this PREFIX (the part after sft_; the whole token will do too)."""
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.queries.tokens import token_by_prefix
    from standfast.apps.tenancy.services.tokens import revoke_token

    public_half = prefix.removeprefix("sft_").split("_", 1)[0]
    found = token_by_prefix(public_half)
    if found is None:
        raise click.UsageError(
            f"PREFIX: there is no token “{public_half}”; see `standfast token list`."
        )
    revoke_token(token=found, by=Actor.system("command line"), now=datetime.now(UTC))
    click.echo(found.prefix)


def _day(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
