from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from standfast.engine.wire.statuspage.documents import LONGEST_LIST, documents
from tests.engine.wire.statuspage.pages import facts, incident, maintenance
from tests.feeds.samples import SAMPLES

REAL = sorted((SAMPLES / "statuspage").glob("*summary*.json"))


def read(name: str, **changes: Any) -> Any:
    return json.loads(documents(facts(**changes))[name])


def names(objects: list[dict[str, Any]]) -> list[str]:
    return [each["status"] for each in objects]


def test_the_eight_documents_hold_what_their_names_say() -> None:
    works = (maintenance("scheduled"), maintenance("in_progress"), maintenance("completed"))
    page = facts(maintenances=works)
    found = {name: json.loads(text) for name, text in documents(page).items()}
    assert len(found) == 8
    assert all(each["page"] == found["status.json"]["page"] for each in found.values())
    assert names(found["incidents.json"]["incidents"]) == ["identified", "resolved"]
    assert names(found["incidents/unresolved.json"]["incidents"]) == ["identified"]
    active = found["scheduled-maintenances/active.json"]["scheduled_maintenances"]
    upcoming = found["scheduled-maintenances/upcoming.json"]["scheduled_maintenances"]
    every = found["scheduled-maintenances.json"]["scheduled_maintenances"]
    assert (names(active), names(upcoming), len(every)) == (["in_progress"], ["scheduled"], 3)
    summary = found["summary.json"]
    assert summary["incidents"] == found["incidents/unresolved.json"]["incidents"]
    assert names(summary["scheduled_maintenances"]) == ["in_progress", "scheduled"]
    assert summary["components"] == found["components.json"]["components"]
    assert summary["status"] == found["status.json"]["status"]


def test_a_quiet_page_is_operational_and_planned_work_does_not_change_that() -> None:
    calm = tuple(replace(each, status="operational") for each in facts().components)
    assert read("status.json", components=calm, incidents=())["status"]["indicator"] == "none"
    at_work = (maintenance("in_progress"),)
    found = read("status.json", components=calm, incidents=(), maintenances=at_work)
    assert found["status"]["indicator"] == "maintenance"


def test_lists_are_cut_but_nothing_open_is_left_out() -> None:
    many = tuple(incident("investigating", key=f"EX{number}") for number in range(70))
    assert len(read("incidents.json", incidents=many)["incidents"]) == LONGEST_LIST
    assert len(read("incidents/unresolved.json", incidents=many)["incidents"]) == 70


def test_texts_in_any_language_arrive_whole() -> None:
    name = '郵件延遲 "quoted" </script> \u2028'
    found = read("summary.json", incidents=(incident("investigating", name=name),))
    assert found["incidents"][0]["name"] == name


def shape_of(value: Any) -> Any:
    """The members of objects and the kinds of values, null being any kind."""
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return type(value).__name__


def fits(ours: Any, theirs: Any, where: str) -> list[str]:
    """Where ours lacks a member of theirs, or has a value of another kind."""
    if "NoneType" in (ours, theirs) or [] in (ours, theirs):
        return []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        missing = [f"{where}.{name} is missing" for name in theirs.keys() - ours.keys()]
        both = theirs.keys() & ours.keys()
        return missing + [
            wrong for name in both for wrong in fits(ours[name], theirs[name], f"{where}.{name}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list):
        return fits(ours[0], theirs[0], f"{where}[]")
    return [] if ours == theirs else [f"{where}: {ours} instead of {theirs}"]


@pytest.mark.skipif(not REAL, reason="the real Statuspage documents are not beside the checkout")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_our_summary_has_every_member_of_a_real_one(path: Any) -> None:
    theirs = json.loads(path.read_text())
    for each in theirs["components"]:
        each.pop("components", None)  # of groups, which we do not have
    for each in (*theirs["incidents"], *theirs["scheduled_maintenances"]):
        each["incident_updates"].sort(key=lambda update: update["affected_components"] is None)
    assert fits(shape_of(read("summary.json")), shape_of(theirs), "summary") == []


def test_a_missing_member_or_another_kind_would_be_noticed() -> None:
    theirs = {"a": "str", "b": [{"c": "str"}], "d": "NoneType"}
    assert set(fits({"a": "int", "b": [{}], "d": "str"}, theirs, "x")) == {
        "x.a: int instead of str",
        "x.b[].c is missing",
    }
