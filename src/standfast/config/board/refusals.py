"""What the front says to a token that asks too often: the application's words, without its work."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation

from standfast.api.errors import too_many
from standfast.config.board.pages import language_of
from standfast.edge.prepared.answer import Answer, lines


def refusal(wait: float, accept_language: bytes) -> Answer:
    """The refusal in the client's language; `wait` is in seconds."""
    return _written(int(wait), language_of(accept_language.decode("latin-1")))


@lru_cache(maxsize=256)
def _written(seconds: int, language: str) -> Answer:
    with translation.override(language):
        response = too_many(seconds)
    headers = {
        **{name.lower(): value for name, value in response.items()},
        "content-language": language,
        "content-length": str(len(response.content)),
        "vary": "Accept-Language",
        "x-content-type-options": "nosniff",
    }
    head = lines((name.encode(), value.encode("latin-1")) for name, value in headers.items())
    return Answer(response.status_code, head, response.content)
