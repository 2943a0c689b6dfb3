"""The services that are allowed can do no more than send HTTP past our guard."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any

import pytest
from apprise import Apprise
from apprise.plugins import N_MGR

from standfast.channels.apprise.send import normalise, service_of
from standfast.channels.apprise.services import ALLOWED, HOSTED, SELF_HOSTED
from standfast.channels.apprise.transport import GuardedRequests
from standfast.channels.contract import AddressRefused

# What the stand-in does itself, and what it leaves to the real module because it sends nothing.
DONE = {"request", "get", "post", "put", "patch", "delete", "head"}
HARMLESS = {"codes", "RequestException", "exceptions", "auth"}
# Other ways out of a process.
WAYS_OUT = {
    "socket",
    "subprocess",
    "smtplib",
    "http.client",
    "urllib.request",
    "websocket",
    "ctypes",
}


def module_of(schema: str) -> Any:
    assert Apprise() is not None  # loads the services
    return sys.modules[N_MGR[schema].__module__]


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module))
    return names


@pytest.mark.parametrize("schema", sorted(ALLOWED))
def test_a_service_sends_only_through_the_stand_in(schema: str) -> None:
    tree = ast.parse(inspect.getsource(module_of(schema)))

    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "requests"
    }
    assert used & DONE
    assert used <= DONE | HARMLESS
    assert imported(tree).isdisjoint(WAYS_OUT)


@pytest.mark.parametrize("schema", sorted(HOSTED))
def test_a_hosted_service_has_no_host_in_its_address(schema: str) -> None:
    assert not any("{host}" in template for template in N_MGR[schema].templates)


@pytest.mark.parametrize(
    "address",
    [
        "dbus://", "syslog://local0", "macosx://", "windows://", "gnome://", "file:///etc/passwd",
        "mailto://user:pass@example.org", "workflows://h/a/b?template=/etc/passwd", "mqtt://host/t",
    ],
)  # fmt: skip
def test_what_reaches_this_machine_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="not among the services"):
        normalise(address)


@pytest.mark.parametrize("address", ["", "ntfy", "gotify://", "gchat://x", "json://a b\r\nc"])
def test_what_apprise_cannot_read_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        normalise(address)


def test_an_address_has_one_spelling_of_its_service() -> None:
    assert normalise(" NTFYS://ntfy.example/Topic ") == "ntfys://ntfy.example/Topic"


@pytest.mark.parametrize("schema", ["json", "ntfys"])
def test_every_way_to_a_service_passes_the_stand_in(schema: str) -> None:
    service_of(f"{schema}://push.example/topic")

    assert isinstance(module_of(schema).requests, GuardedRequests)
    assert schema in SELF_HOSTED
