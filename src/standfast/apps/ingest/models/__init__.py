"""Stored alerts and where they come from."""

from standfast.apps.ingest.models.alert import Alert, Notification
from standfast.apps.ingest.models.source import AlertSource, LabelRule

__all__ = ["Alert", "AlertSource", "LabelRule", "Notification"]
