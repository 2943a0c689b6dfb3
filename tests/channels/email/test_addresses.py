from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import AddressRefused, ConfigError
from standfast.channels.email.addresses import normalise, parse_sender


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Anna.Berg@Tenant.Example ", "anna.berg@tenant.example"),
        ("o'neil+alerts@tenant.example", "o'neil+alerts@tenant.example"),
        ("root@localhost", "root@localhost"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling(written: str, meant: str) -> None:
    assert normalise(written) == meant
    assert normalise(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "anna",
        "anna@",
        "@tenant.example",
        "anna@@tenant.example",
        "anna berg@tenant.example",
        "Anna <anna@tenant.example>",
        "anna@tenant.example,bo@tenant.example",
        "anna@tenant.example\r\nBcc: eve@example.org",
        "anna@[127.0.0.1]",
        "anna@-tenant.example",
        "anna@tenant..example",
        ".anna@tenant.example",
        "ännä@tenant.example",
        "x" * 65 + "@tenant.example",
        "anna@" + "x" * 250 + ".example",
        "anna@\ud800.example",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused, match=r"like name@example\.org") as refusal:
        normalise(written)

    assert refusal.value.field == "address"


@given(st.text(max_size=60))
def test_what_passes_cannot_break_a_header_or_a_command(written: str) -> None:
    try:
        address = normalise(f"{written}@tenant.example")
    except AddressRefused:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(' <>,;:"()[]\\') & set(address)


def test_a_sender_has_a_name_or_none() -> None:
    assert parse_sender("Nordlys <status@nordlys.example>").display_name == "Nordlys"
    assert parse_sender("status@nordlys.example").addr_spec == "status@nordlys.example"


@pytest.mark.parametrize(
    "sender", ["", "Nordlys", "Nordlys <x>", "a@b.example\r\nBcc: c@d.example"]
)
def test_a_sender_that_is_none_is_named(sender: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_sender(sender)

    assert error.value.field == "sender"
