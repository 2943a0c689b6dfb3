"""Templates, rows of the responsibility chart, and problem reports."""

from __future__ import annotations

from datetime import timedelta

from standfast.apps.incidents.services.reports import answer_report, report_problem
from standfast.apps.incidents.services.templates import save_template
from standfast.apps.responsibility.services.chart import RowTexts, add_row
from standfast.apps.tenancy.actor import Actor
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.reading import read


def store_templates(stored: Stored) -> None:
    """Prepared wording for posts."""
    for row in read("wording")["template"]:
        save_template(
            provider=stored.provider,
            template_id=None,
            name=row["name"],
            service=stored.services.get(row.get("service", "")),
            classification=row["classification"],
            status=row["status"],
            title=row["title"],
            user_impact=row["impact"],
            body=row["body"],
            by=stored.person("communicator"),
            now=stored.now - timedelta(days=200),
        )


def store_chart(stored: Stored) -> None:
    """What one service's chart says beyond the default."""
    for row in read("wording")["chart"]:
        texts = {name: text for name, text in row.items() if isinstance(text, dict)}
        add_row(
            provider=stored.provider,
            service=stored.services[row["service"]],
            owner=row["owner"],
            texts=RowTexts(**texts),
            by=stored.person("owner"),
            now=stored.now - timedelta(days=120),
        )


def store_reports(stored: Stored) -> None:
    """Problems that tenants reported; one has been answered."""
    for row in read("wording")["report"]:
        at = stored.now - timedelta(minutes=row["minutes_ago"])
        report = report_problem(
            tenant=stored.tenants[row["tenant"]],
            service=stored.services[row["service"]],
            feature=stored.features[row["service"], row["feature"]],
            description=row["text"],
            by=Actor.person(stored.people[f"admin@{row['tenant']}.example"]),
            now=at,
        )
        if "answer" in row:
            answer_report(
                report=report,
                answer=row["answer"],
                by=stored.person("communicator"),
                now=at + timedelta(minutes=95),
            )
