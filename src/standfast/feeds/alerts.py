"""The normalised shape of alerts, whatever monitoring system sent them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

AlertStatus = Literal["firing", "resolved"]

_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_SEPARATOR = 0xFF
_LONGEST_KEY = 500


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert instance. Times are aware UTC; `ends_at` is None while it fires or is unknown.

    An instance is known by `fingerprint` (at most 64 characters) and `starts_at` together.
    """

    fingerprint: str
    status: AlertStatus
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    generator_url: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """One message of a monitoring system: a group of alerts.

    `status` is that of the group: firing while any member fires. With `truncated` > 0 so many
    alerts were left out, so a missing alert does not mean that it is resolved.
    """

    group_key: str
    status: AlertStatus
    truncated: int
    alerts: tuple[Alert, ...]


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """The fingerprint that Prometheus computes: FNV-1a of the sorted labels, 16 hex digits."""
    digest = _FNV_OFFSET
    for name in sorted(labels, key=str.encode):
        for part in (name, labels[name]):
            for byte in (*part.encode(), _SEPARATOR):
                digest = (digest ^ byte) * _FNV_PRIME & 0xFFFFFFFFFFFFFFFF
    return f"{digest:016x}"


def shortened_key(key: str) -> str:
    """The key itself, or a prefix and a digest, so that long keys stay apart when stored."""
    if len(key) <= _LONGEST_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: _LONGEST_KEY - len(digest) - 1]}…{digest}"


def latest_of_each(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The alerts without repetitions; of one instance the last mention holds."""
    return tuple({(alert.fingerprint, alert.starts_at): alert for alert in alerts}.values())
