"""Where an emergency post goes: the stores that can be reached and allow the key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from standfast.bundle.emergency.posting import look_at, others_beside, prefix_of, threads_in
from standfast.bundle.errors import BadBundle, BadKey, StoreError
from standfast.bundle.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from standfast.bundle.emergency.posting import Place


def places_of(
    targets: Sequence[str],
    key: Ed25519PrivateKey,
    provider: str,
    trusted: frozenset[str] | None,
    now: datetime,
) -> tuple[list[Place], int]:
    """The targets that can be posted to, and how many cannot be reached.

    Raises BundleError when the key is not allowed somewhere, or no target is left.
    """
    found, problems = [], []
    for target in targets:
        try:
            store = Store(target)
            prefix = prefix_of(store, provider)
            place = look_at(store, key=key, prefix=prefix, trusted=trusted, now=now)
            others = [] if provider else others_beside(store, prefix)
        except BadKey as error:
            raise BadKey(f"--key: {error}") from error
        except StoreError as error:
            problems.append(str(error) if str(error).startswith("--") else f"--target: {error}")
            continue
        if others:
            click.echo(
                f"{place.store.address} also holds the pages of: {', '.join(others)}. They do not "
                "show this post; to post there, name one with --provider.",
                err=True,
            )
        for warning in place.warnings:
            click.echo(warning, err=True)
        found.append(place)
    if not found:
        raise StoreError(" ".join(problems))
    for problem in problems:
        click.echo(problem, err=True)
    return found, len(problems)


def check_thread(
    places: Sequence[Place], *, update: str | None, resolve: str | None, titled: bool
) -> str:
    """The id of the emergency that the post goes on with; "" for a new one.

    Raises BadBundle when no target knows the id: the post would be written, and then wait for ever
    for a first one that never comes. Also when it is not `titled` and would stand without any:
    the first post of one that was taken over is not on the pages any more.
    """
    option, thread = ("--update", update) if update is not None else ("--resolve", resolve)
    if thread is None:
        return ""
    waiting = {key: None for place in places for key in threads_in(place)}
    taken_over = {key for place in places for key in place.signed.origin.taken_over}
    if thread not in waiting.keys() | taken_over:
        known = ", ".join(waiting) or "none; begin with a post that has neither option"
        raise BadBundle(
            f"{option}: there is no emergency “{thread[:40]}”. Those on the pages: {known}."
        )
    if not titled and any(thread not in threads_in(place) for place in places):
        raise BadBundle(f"--title: “{thread[:40]}” was taken over; say again what it is about.")
    return thread
