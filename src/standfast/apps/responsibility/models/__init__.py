"""Changes to the default chart."""

from standfast.apps.responsibility.models.entry import ChartEntry

__all__ = ["ChartEntry"]
