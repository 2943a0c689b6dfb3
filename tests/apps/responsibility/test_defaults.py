"""The chart that Standfast ships with is the one of the mission."""

from __future__ import annotations

from standfast.apps.responsibility.chart import arranged, default_rows, duties_of


def test_the_owners_are_those_of_the_mission() -> None:
    owned = {
        group.owner: [row.name["en"] for row in group.rows]
        for group in arranged(default_rows().values()).groups
    }
    assert owned == {
        "customer": [
            "Resilient and performant Internet connectivity",
            "Client endpoints",
            "Account and access management",
            "Data governance and rights management",
        ],
        "both": ["Identity and directory infrastructure"],
        "provider": [
            "Timely, targeted, accurate communications",
            "Application",
            "Network controls",
            "Operating system",
            "Virtualization",
            "Data",
            "Storage",
            "Physical hosts",
            "Physical network",
            "Physical datacenter",
        ],
    }


def test_every_owner_has_something_to_do_day_by_day_and_in_an_incident() -> None:
    for row in default_rows().values():
        for side in ("provider", "customer"):
            if row.owner in {side, "both"}:
                assert getattr(row, f"regular_{side}")["en"], row.key
                assert getattr(row, f"incident_{side}")["en"], row.key


def test_each_side_begins_with_what_it_owns() -> None:
    duties = duties_of(arranged(default_rows().values()))
    assert duties.provider[0].name["en"] == "Timely, targeted, accurate communications"
    assert duties.customer[0].name["en"] == "Resilient and performant Internet connectivity"
    # What a customer does about the provider's application follows its own responsibilities.
    assert [duty.name["en"] for duty in duties.customer].index("Application") >= 4
    assert [duty.name["en"] for duty in duties.shared] == ["Identity and directory infrastructure"]


def test_a_responsibility_without_a_part_for_a_side_gives_it_no_duty() -> None:
    duties = duties_of(arranged(default_rows().values()))
    assert "Physical hosts" in {duty.name["en"] for duty in duties.provider}
    assert "Physical hosts" not in {duty.name["en"] for duty in duties.customer}
