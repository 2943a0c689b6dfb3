"""Taking over what was posted straight to the backup site while the application was gone.

Each post becomes what a person would have made of it: an incident for everybody with an unclear
scope, an update, a resolution. Its id is unique in the database, so it is taken over once, however
many workers and stores there are. Until it is, the pages go on showing it as it was posted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from standfast.apps.catalog.queries.public import public_services
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.publishing.models import EmergencyPost
from standfast.apps.publishing.queries.sites import root_provider
from standfast.apps.publishing.signing_keys import emergency_keys, publishing_key
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.emergency.post import Post, read_post
from standfast.bundle.envelope import read_manifest
from standfast.bundle.errors import BadBundle, Missing
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import EMERGENCY, MANIFEST
from standfast.bundle.store import Store
from standfast.engine.targeting import Scope

logger = logging.getLogger(__name__)

BY = Actor.system("emergency post")
# A manifest names so many of the posts that were taken over, so that none can come back.
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a store brought.

    `pending` posts could not be taken over yet, so the pages must go on showing them; `changed`
    says that some post was new or taken over; `sequence` is that of the manifest that lies there.
    """

    pending: tuple[Post, ...]
    changed: bool
    sequence: int
    note: str


def look_for_posts(store: Store, *, now: datetime) -> Found:
    """Find new posts in the store and take them over. Raises StoreError."""
    provider = root_provider()
    sequence, is_ours = _standing(store)
    posts, refused = _read_all(store)
    changed = not is_ours
    for post in posts:
        known = EmergencyPost.objects.filter(key=post.key).first()
        if known and known.taken_at:
            store.delete(post.path)
        elif provider is not None:
            changed |= _keep(post, provider, store.address, now)
    for post in sorted(posts, key=lambda each: each.at):
        changed |= _take_over(post, now)
    return Found(_pending(), changed, sequence, " ".join(refused)[:500])


def taken_over_keys(provider: Organisation) -> tuple[str, ...]:
    """Ids of the posts taken over last, for the manifest."""
    rows = EmergencyPost.objects.filter(provider=provider, taken_at__isnull=False)
    return tuple(rows.order_by("-taken_at", "-id").values_list("key", flat=True)[:REMEMBERED])


def _pending() -> tuple[Post, ...]:
    rows = EmergencyPost.objects.filter(taken_at__isnull=True).order_by("id")
    return tuple(Post.from_json(row.document) for row in rows)


def _standing(store: Store) -> tuple[int, bool]:
    """The sequence of what lies in the store, and whether the application signed it last."""
    try:
        found = read_manifest(store.get(MANIFEST), prefix="", trusted=None)
    except (Missing, BadBundle):
        return 0, False
    ours = found.public == public_text(publishing_key()) and not found.by_emergency
    return found.manifest.sequence, ours


def _read_all(store: Store) -> tuple[list[Post], list[str]]:
    posts, refused = [], []
    site, trusted = public_text(publishing_key()), emergency_keys()
    for path in store.list(EMERGENCY):
        try:
            posts.append(read_post(store.get(path), site=site, prefix="", trusted=trusted))
        except Missing:
            continue
        except BadBundle as error:
            refused.append(f"{path} is ignored: {error}")
    return posts, refused


def _keep(post: Post, provider: Organisation, address: str, now: datetime) -> bool:
    """Store the post before anything is done with it. Returns whether it was new."""
    _row, made = EmergencyPost.objects.get_or_create(
        key=post.key,
        defaults={
            "thread": post.thread,
            "provider": provider,
            "document": post.to_json(),
            "found_in": address,
            "found_at": now,
        },
    )
    return made


def _take_over(post: Post, now: datetime) -> bool:
    """Do what the post says, once. Returns whether this call did."""
    try:
        with transaction.atomic():
            rows = EmergencyPost.objects.select_for_update().select_related("provider")
            row = rows.filter(key=post.key, taken_at__isnull=True).first()
            if row is None:
                return False
            issue = _act(row, post, now)
            row.issue, row.taken_at, row.problem = issue, now, ""
            row.save(update_fields=["issue", "taken_at", "problem"])
    except Refused as refused:
        said = f"{refused.field}: {refused.message}"[:500]
        rows = EmergencyPost.objects.filter(key=post.key).exclude(problem=said)
        if rows.update(problem=said):
            logger.warning("emergency post %s: %s", post.key, said)
        return False
    return True


def _act(row: EmergencyPost, post: Post, now: datetime) -> Issue:
    if post.action == "post":
        return _open(row.provider, post, now)
    issue = _issue_of(post)
    if issue.stage == "resolved":
        return issue  # a person has closed it meanwhile; the words stay in the document
    if post.action == "resolve":
        resolve(issue=issue, version=None, body=_texts(post.body), end_at=None, by=BY, now=now)
    else:
        post_update(
            issue=issue,
            version=None,
            body=_texts(post.body),
            status=issue.status,
            by=BY,
            now=now,
        )
    return issue


def _open(provider: Organisation, post: Post, now: datetime) -> Issue:
    services = public_services(provider)
    if not services:
        raise Refused("service", "There is no public service to tie the post to.")
    body = _texts(post.body)
    fields = IssueFields(
        service=services[0],
        title=_texts(post.title),
        user_impact=body,
        start_at=min(post.at, now),
        severity="high",
        is_public=True,
    )
    scope = Scope(services=frozenset(service.pk for service in services), unclear=True)
    draft = create_draft(provider=provider, fields=fields, scope=scope, by=BY, now=now)
    publish(issue=draft, version=None, body=body, why="posted on the backup site", by=BY, now=now)
    return draft


def _issue_of(post: Post) -> Issue:
    row = EmergencyPost.objects.filter(key=post.thread, issue__isnull=False).first()
    if row is None or row.issue is None:
        raise Refused("thread", f"The first post, {post.thread}, is not taken over yet.")
    return row.issue


def _texts(pairs: tuple[tuple[str, str], ...]) -> Localised:
    """Texts in the languages that posts may have; of others the first stands for English."""
    known: Localised = {language: _safe(text) for language, text in pairs if language in LANGUAGES}
    return known or {LANGUAGES[0]: _safe(pairs[0][1])}


def _safe(text: str) -> str:
    """Angle brackets, which the editor refuses, as the characters that look like them."""
    return text.replace("<", "‹").replace(">", "›")
