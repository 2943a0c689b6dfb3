"""The signature of OAuth 1.0a (RFC 5849), by which X knows an account."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from urllib.parse import quote

from yarl import URL

from standfast.channels.contract import ConfigError
from standfast.engine.health.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an application and of an account that it may write for."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)

    @classmethod
    def parse(cls, stored: str) -> Keys | None:
        """From four words; None when there are not four."""
        words = stored.split()
        return cls(*words) if len(words) == 4 else None


def check_keys(secret: str) -> None:
    """Raises `ConfigError` (secret) unless it is four words."""
    if Keys.parse(secret) is None:
        raise ConfigError(
            "secret",
            gettext_noop(
                "Write four words with a space between (there are %(words)s): API key, API secret,"
                " access token, access token secret."
            ),
            words=len(secret.split()),
        )


def authorization(method: str, url: URL, keys: Keys, *, nonce: str, at: int) -> str:
    """The header for a request with a JSON body, which is not part of what is signed."""
    named = {
        "oauth_consumer_key": keys.key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(at),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    named["oauth_signature"] = signature(method, url, named, keys)
    return "OAuth " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in named.items())


def signature(method: str, url: URL, named: Mapping[str, str], keys: Keys) -> str:
    """The signature over the method, the address and the parameters."""
    pairs = sorted((_quoted(k), _quoted(v)) for k, v in (*named.items(), *url.query.items()))
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join([method, _quoted(str(url.with_query(None))), _quoted(parameters)])
    secret = f"{_quoted(keys.secret)}&{_quoted(keys.token_secret)}"
    return b64encode(hmac.digest(secret.encode(), base.encode(), sha1)).decode("ascii")


def _quoted(text: str) -> str:
    return quote(text, safe="")
