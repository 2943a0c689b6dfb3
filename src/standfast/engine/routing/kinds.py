"""The kinds of notices that people choose among."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Issues of both classifications, maintenance, other messages, post-incident reviews."""

    INCIDENT = "incident"
    ADVISORY = "advisory"
    MAINTENANCE = "maintenance"
    MESSAGE = "message"
    REVIEW = "review"
