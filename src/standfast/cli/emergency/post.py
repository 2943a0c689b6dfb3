"""`standfast emergency post`: write the post, then every page that shows it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from standfast.bundle.emergency.post import Post
    from standfast.bundle.emergency.posting import Place


@click.command()
@click.option(
    "--target",
    "targets",
    multiple=True,
    required=True,
    metavar="STORE",
    help="Repeatable: a folder, s3://…, gs://…, az://…",
)
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the emergency key.",
)
@click.option(
    "--title",
    "titles",
    multiple=True,
    help="Once for each --language; may be left out with --update and --resolve while the first "
    "post stands on the pages.",
)
@click.option(
    "--body",
    "bodies",
    multiple=True,
    required=True,
    help="Once for each --language; blank lines part paragraphs.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="en or zh-hant, in the order of --title and --body  [default: en]",
)
@click.option(
    "--provider",
    metavar="SLUG",
    default="",
    help="Whose pages, where the stores hold several providers'  [default: the first page's]",
)
@click.option("--update", metavar="ID", help="Post news on the emergency with this id.")
@click.option("--resolve", metavar="ID", help="Say that the emergency with this id is over.")
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    help="Key that must have signed the site (ed25519:…).",
)
def post(
    *,
    targets: tuple[str, ...],
    key_file: Path,
    titles: tuple[str, ...],
    bodies: tuple[str, ...],
    languages: tuple[str, ...],
    provider: str,
    update: str | None,
    resolve: str | None,
    public_keys: tuple[str, ...],
) -> None:
    """Write a signed post to the backup site and print its id.

    Neither the application nor its database is needed: pages, documents and feeds of each target
    are written anew with the post in them. The application takes the post over, as that provider's,
    when it is back.
    Nothing is written when the key is not allowed. Exit code 1 when a target could not be written,
    2 when nothing was.
    """
    from standfast.bundle.emergency.posting import new_key
    from standfast.bundle.errors import BundleError
    from standfast.cli.edge.trusted import trusted_keys
    from standfast.cli.emergency.given import by_language, key_in
    from standfast.cli.emergency.targets import check_thread, places_of

    if update is not None and resolve is not None:
        raise click.UsageError("--update and --resolve: give one of them.")
    title = by_language("--title", titles, languages)
    body = by_language("--body", bodies, languages)
    now = datetime.now(UTC)
    trusted = trusted_keys(public_keys, None) or None
    try:
        key = key_in(key_file)
        places, failed = places_of(targets, key, provider, trusted, now)
        thread = check_thread(places, update=update, resolve=resolve, titled=bool(title))
        said = _post(
            places,
            key=new_key(now),
            thread=thread,
            action="post" if not thread else "update" if resolve is None else "resolve",
            now=now,
            title=title,
            body=body,
        )
    except BundleError as error:
        click.echo(f"{error} Nothing was written.".replace("; nothing was written.", "."), err=True)
        sys.exit(2)
    written = _write(places, said, key)
    if not written:
        sys.exit(2)
    click.echo(said.thread)
    if failed or written < len(places):
        sys.exit(1)


def _post(
    places: Sequence[Place],
    *,
    key: str,
    thread: str,
    action: str,
    now: datetime,
    title: tuple[tuple[str, str], ...],
    body: tuple[tuple[str, str], ...],
) -> Post:
    from standfast.bundle.emergency.post import Post, checked
    from standfast.bundle.errors import BadBundle

    sites = {place.signed.public for place in places}
    if len(sites) > 1:
        raise BadBundle("The targets hold sites of different keys; post to each by itself.")
    of = {(place.signed.manifest.prefix, place.signed.origin.slug) for place in places}
    if len(of) > 1:
        raise BadBundle("The targets hold these pages in different places; post to each by itself.")
    prefix, slug = of.pop()
    said = Post(
        key=key,
        thread=thread or key,
        action=action,
        site=sites.pop(),
        prefix=prefix,
        provider=slug,
        at=now,
        title=title,
        body=body,
    )
    try:
        return checked(said)
    except BadBundle as error:  # it names title or body, as the options do
        raise BadBundle(f"--{error}") from error


def _write(places: Sequence[Place], said: Post, key: Ed25519PrivateKey) -> int:
    from standfast.bundle.emergency.posting import post_to
    from standfast.bundle.errors import BundleError

    written = 0
    for place in places:
        try:
            for warning in post_to(place, said, key=key):
                click.echo(warning, err=True)
        except BundleError as error:
            click.echo(str(error), err=True)
        else:
            written += 1
            click.echo(f"{place.store.address}: posted.", err=True)
    return written
