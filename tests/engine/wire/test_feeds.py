"""Feeds as readers of feeds see them, and byte for byte where clients look at the text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from standfast.engine.wire.feeds import FeedEntry, FeedUpdate, StatusFeed, atom, content_of, rss

AT = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
UPDATE = FeedUpdate(AT, "Investigating", "<p>We are looking into it.</p>")
ENTRY = FeedEntry(
    key="Incident/7",
    title="Mail delays <EU-1> & others",
    url="https://status.example.test/issues/EX100007/",
    published=AT,
    updated=AT,
    updates=(UPDATE,),
)
FEED = StatusFeed(
    host="status.example.test",
    title="Example Cloud - Incident History",
    author="Example Cloud",
    page_url="https://status.example.test/",
    self_url="https://status.example.test/history.atom",
    updated=AT,
    entries=(ENTRY,),
)


def child(parent: Element, name: str) -> Element:
    found = parent.find(name)
    assert found is not None, name
    return found


def test_an_update_is_a_paragraph_in_statuspages_form() -> None:
    assert content_of(ENTRY, "en") == (
        "<p><small>Nov <var data-var='date'>23</var>, <var data-var='time'>18:05</var> UTC</small>"
        "<br><strong>Investigating</strong> - We are looking into it.</p>"
    )


def test_dates_are_written_in_the_feeds_language() -> None:
    assert "11月<var data-var='date'>23</var>日" in content_of(ENTRY, "zh-hant")
    assert 'lang="zh-Hant"' in atom(replace(FEED, language="zh-hant")).decode()


def test_atom_carries_the_ids_and_times_that_readers_go_by() -> None:
    feed = ElementTree.fromstring(atom(FEED))
    assert feed.findtext(f"{ATOM}id") == "tag:status.example.test,2005:/history"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-23T18:05:00+00:00"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:status.example.test,2005:Incident/7"
    assert entry.findtext(f"{ATOM}title") == ENTRY.title
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": FEED.self_url, "alternate": FEED.page_url}


def test_rss_points_at_the_page_of_the_issue() -> None:
    channel = child(ElementTree.fromstring(rss(FEED)), "channel")
    assert channel.findtext("link") == FEED.page_url
    item = child(channel, "item")
    assert (item.findtext("link"), item.findtext("guid")) == (ENTRY.url, ENTRY.url)
    assert item.findtext("pubDate") == "Mon, 23 Nov 2026 18:05:00 +0000"
    assert item.findtext("description") == content_of(ENTRY, "en")


def test_an_entry_that_changes_keeps_its_id_and_order() -> None:
    later = AT + timedelta(hours=1)
    news = FeedUpdate(later, "Resolved", "<p>Over.</p>")
    changed = replace(ENTRY, updated=later, updates=(news, UPDATE))
    feed = ElementTree.fromstring(atom(replace(FEED, entries=(changed, ENTRY))))
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == second.findtext(f"{ATOM}id")
    assert child(first, f"{ATOM}updated").text != child(second, f"{ATOM}updated").text
    text = first.findtext(f"{ATOM}content", "")
    assert text.index("Resolved") < text.index("Investigating")


def test_a_maintenance_begins_with_its_window() -> None:
    window = "THIS IS A SCHEDULED EVENT Nov 30, 01:00 - 03:00 UTC"
    assert content_of(replace(ENTRY, lead=window), "en").startswith(f"<p><strong>{window}")


def test_the_same_facts_make_the_same_bytes() -> None:
    assert atom(FEED) == atom(FEED)
    assert rss(FEED) == rss(FEED)


@given(st.text(), st.text())
def test_whatever_people_write_the_feed_can_be_read(title: str, label: str) -> None:
    entry = replace(ENTRY, title=title, updates=(replace(UPDATE, label=label),))
    feed = replace(FEED, entries=(entry,))
    (found,) = ElementTree.fromstring(atom(feed)).findall(f"{ATOM}entry")
    content = found.findtext(f"{ATOM}content", "")
    assert len(re.findall("<p>", content)) == 1
    assert ElementTree.fromstring(rss(feed)).find("channel/item") is not None
