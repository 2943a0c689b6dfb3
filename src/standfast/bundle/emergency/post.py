"""One emergency post: what it says, and how it is signed and read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.bundle import envelope
from standfast.bundle.errors import BadBundle
from standfast.bundle.manifest import EMERGENCY, as_text, from_text

FORMAT = 1
ACTIONS = ("post", "update", "resolve")
LONGEST_TITLE, LONGEST_BODY = 200, 10_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Post:
    """`thread` is the id of the first post; `site` is the publishing key of the site it is for.

    `prefix` is where that site lies in its store, `provider` the short name of whose it is (of a
    site that an earlier version wrote, nothing).
    Titles and bodies are pairs of language and text, the writer's own language first.
    """

    key: str
    thread: str
    action: str
    site: str
    prefix: str
    at: datetime
    title: tuple[tuple[str, str], ...]
    body: tuple[tuple[str, str], ...]
    provider: str = ""

    @property
    def path(self) -> str:
        """Where the post lies in its store."""
        return f"{self.prefix}{EMERGENCY}{self.key}.json"

    def to_json(self) -> dict[str, Any]:
        """The document that is signed."""
        return {
            "format": FORMAT,
            "kind": "emergency post",
            "id": self.key,
            "thread": self.thread,
            "action": self.action,
            "site": self.site,
            "prefix": self.prefix,
            "provider": self.provider,
            "at": as_text(self.at),
            "title": dict(self.title),
            "body": dict(self.body),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Post:
        """Read a signed document. Raises BadBundle saying what is wrong."""
        try:
            if document["format"] != FORMAT or document["kind"] != "emergency post":
                raise BadBundle("This is no emergency post that this version reads.")
            post = cls(
                key=_match(_ID, document["id"], "id"),
                thread=_match(_ID, document["thread"], "thread"),
                action=str(document["action"]),
                site=str(document["site"]),
                prefix=str(document["prefix"]),
                at=from_text(document["at"]),
                title=tuple(document["title"].items()),
                body=tuple(document["body"].items()),
                provider=str(document.get("provider", "")),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadBundle(f"The emergency post cannot be read: {error}.") from error
        return checked(post)


def checked(post: Post) -> Post:
    """The post as given. Raises BadBundle naming the field that cannot be used."""
    if post.action not in ACTIONS:
        raise BadBundle(f"action: “{post.action[:40]}” is none of post, update, resolve.")
    if (post.action == "post") != (post.key == post.thread):
        raise BadBundle("thread: an update names the first post, and a first post itself.")
    _check_texts("title", post.title, LONGEST_TITLE, required=post.action == "post")
    _check_texts("body", post.body, LONGEST_BODY, required=True)
    return post


def signed(post: Post, key: Ed25519PrivateKey) -> bytes:
    """The file of the post."""
    return envelope.seal(checked(post).to_json(), key)


def read_post(content: bytes, *, site: str, prefix: str, trusted: Collection[str]) -> Post:
    """The post in a file, if an emergency key of this very site signed it. Raises BadBundle."""
    found = envelope.read(content, "The emergency post")
    if found["public_key"] not in trusted:
        raise BadBundle(
            f"The emergency post is signed by {found['public_key']}, which is no emergency key."
        )
    post = Post.from_json(found["signed"])
    if (post.site, post.prefix) != (site, prefix):
        raise BadBundle("The emergency post was written for another site.")
    return post


def _check_texts(
    field: str, texts: tuple[tuple[Any, Any], ...], longest: int, *, required: bool
) -> None:
    if required and not texts:
        raise BadBundle(f"{field}: write it in at least one language.")
    for language, text in texts:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise BadBundle(f"{field}: “{str(language)[:40]}” is no language; use en or zh-hant.")
        if not isinstance(text, str) or not text.strip():
            raise BadBundle(f"{field} ({language}): it is empty.")
        if len(text) > longest:
            raise BadBundle(f"{field} ({language}): {len(text)} characters; at most {longest}.")
        if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in text):
            raise BadBundle(f"{field} ({language}): it holds an invisible control character.")


def _match(pattern: re.Pattern[str], value: Any, name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{name} is not of the form that Standfast writes")
    return value
