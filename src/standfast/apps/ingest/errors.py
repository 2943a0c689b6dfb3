"""Why a notification was not taken."""

from __future__ import annotations


class NotAdmitted(Exception):
    """Unknown source, switched-off source, wrong token, wrong signature: all answered alike."""
