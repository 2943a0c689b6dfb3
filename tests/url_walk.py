"""Every address that the URL configuration knows, with the names of its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

_ARGUMENT = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")
_REGEX_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^()]*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """One route: `template` has `{name}` where the arguments go."""

    template: str
    arguments: tuple[str, ...]
    name: str

    def filled(self, values: dict[str, object]) -> str:
        """The address with its arguments. Raises KeyError naming one that has no value."""
        return "/" + self.template.format(**{name: values[name] for name in self.arguments})


def addresses() -> list[Address]:
    """All routes, in the order of the configuration; the same template only once."""
    found = {address.template: address for address in _walk(get_resolver(), "", ())}
    return list(found.values())


def _walk(
    resolver: URLResolver, before: str, arguments: tuple[str, ...], space: str = ""
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        template, names = _template(str(entry.pattern))
        here, all_names = before + template, (*arguments, *names)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, here, all_names, inner)
        elif isinstance(entry, URLPattern):
            yield Address(here, tuple(dict.fromkeys(all_names)), f"{space}{entry.name}")


def _template(pattern: str) -> tuple[str, list[str]]:
    """Turn a route, or a regular expression as allauth has some, into a format string."""
    if _REGEX_GROUP.search(pattern) or pattern.startswith("^"):
        names = [match["name"] for match in _REGEX_GROUP.finditer(pattern)]
        return _REGEX_GROUP.sub(r"{\g<name>}", pattern).strip("^$"), names
    names = [match["name"] for match in _ARGUMENT.finditer(pattern)]
    return _ARGUMENT.sub(r"{\g<name>}", pattern), names
