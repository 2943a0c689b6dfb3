from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.streaming.event import Event, frame
from standfast.engine.streaming.ticket import BadTicket, Ticket, read_ticket, write_ticket

KEY = b"k" * 32
TICKETS = st.builds(
    Ticket,
    tenants=st.lists(st.integers(0, 2**31), max_size=5).map(tuple),
    console=st.none() | st.integers(1, 2**40),
    public=st.none() | st.integers(1, 2**40),
    language=st.sampled_from(["en", "zh-hant"]),
    expires=st.integers(1_000, 2**40),
)


@given(TICKETS)
def test_a_ticket_is_read_as_written(ticket: Ticket) -> None:
    assert read_ticket(write_ticket(ticket, KEY), KEY, now=999) == ticket


@given(TICKETS, st.data())
def test_a_changed_ticket_is_refused(ticket: Ticket, data: st.DataObject) -> None:
    text = write_ticket(ticket, KEY)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda one: one != text[place]))
    with pytest.raises(BadTicket):
        read_ticket(text[:place] + letter + text[place + 1 :], KEY, now=0)


def test_an_expired_ticket_and_one_of_another_key_are_refused() -> None:
    ticket = Ticket((1,), None, None, "en", expires=100)
    with pytest.raises(BadTicket, match="expired"):
        read_ticket(write_ticket(ticket, KEY), KEY, now=100)
    with pytest.raises(BadTicket, match="signature"):
        read_ticket(write_ticket(ticket, b"other"), KEY, now=1)


@given(st.text(max_size=200))
def test_hostile_text_is_refused_not_raised(text: str) -> None:
    with pytest.raises(BadTicket):
        read_ticket(text, KEY, now=0)


def test_only_the_audience_its_provider_and_if_public_visitors_may_see_an_event() -> None:
    event = Event(1, frozenset({7}), provider=3, public=False, frames={"en": b""})
    public = Event(1, frozenset(), provider=3, public=True, frames={"en": b""})

    def ticket(
        tenants: tuple[int, ...] = (), console: int | None = None, visitor: int | None = None
    ) -> Ticket:
        return Ticket(tenants, console, visitor, "en", 10)

    assert event.is_for(ticket(tenants=(5, 7)))
    assert event.is_for(ticket(console=3))
    assert not event.is_for(ticket(tenants=(5,)))
    assert not event.is_for(ticket(console=4))
    assert not event.is_for(ticket(visitor=3))
    assert public.is_for(ticket(visitor=3))
    assert not public.is_for(ticket(visitor=4))


def test_a_frame_cannot_be_broken_out_of() -> None:
    text = frame(5, "issue", "<p>one</p>\n\nid: 9\r\nevent: fake").decode()
    assert text == "id: 5\nevent: issue\ndata: <p>one</p>\ndata: id: 9\ndata: event: fake\n\n"
