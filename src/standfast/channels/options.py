"""Reading a channel's settings, with errors that name the setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standfast.channels.contract import ConfigError
from standfast.engine.health.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class Option:
    """A setting that the operator gives in the environment variable `variable`, as text.

    Without a `required` one the channel cannot send and is not offered to anybody.
    """

    name: str
    variable: str
    help: str
    secret: bool = False
    required: bool = False


def text(settings: Mapping[str, object], name: str, default: str = "") -> str:
    """A setting that is text."""
    value = settings.get(name, default)
    if not isinstance(value, str):
        raise ConfigError(name, gettext_noop("Write this as text."))
    return value.strip()


def number(
    settings: Mapping[str, object], name: str, default: float, *, low: float, high: float
) -> float:
    """A setting that is a number from `low` to `high`."""
    value = settings.get(name, default)
    try:
        found = float(value) if isinstance(value, (str, int, float)) else None
    except ValueError:
        found = None
    if found is None or isinstance(value, bool) or not low <= found <= high:
        raise ConfigError(
            name,
            gettext_noop("Write a number from %(low)s to %(high)s."),
            low=f"{low:g}",
            high=f"{high:g}",
        )
    return found


def flag(settings: Mapping[str, object], name: str, default: bool = False) -> bool:
    """A setting that is true or false."""
    value = settings.get(name, default)
    if not isinstance(value, bool):
        raise ConfigError(name, gettext_noop("This is either true or false."))
    return value


def names(settings: Mapping[str, object], name: str) -> frozenset[str]:
    """A setting that is a list of host names, in lower case."""
    value = settings.get(name, ())
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        raise ConfigError(name, gettext_noop("Write a list of host names."))
    if not all(isinstance(item, str) for item in value):
        raise ConfigError(name, gettext_noop("Write a list of host names."))
    return frozenset(item.strip().lower() for item in value if item.strip())
