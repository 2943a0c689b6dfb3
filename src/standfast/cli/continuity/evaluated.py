"""An evaluated scenario in each of the forms: text, JSON, CSV, SVG, HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from standfast.cli.continuity.answers import heading, number, show_csv
from standfast.engine.continuity.drawing import Section, Table, gantt, page, spoken
from standfast.engine.continuity.evaluation import (
    Evaluation,
    Evaluator,
    FunctionCourse,
    Reason,
    Staffing,
    Standing,
    affected,
    fewest_people,
    reasons,
)

if TYPE_CHECKING:
    from standfast.engine.continuity.model import Organisation

_COLOURS = {Standing.UP: "green", Standing.DEGRADED: "yellow", Standing.DOWN: "red"}


class Answer(NamedTuple):
    """A scenario, evaluated, with the evaluator to ask further."""

    evaluator: Evaluator
    evaluation: Evaluation

    @property
    def organisation(self) -> Organisation:
        """The organisation as it is written."""
        return self.evaluator.organisation

    @property
    def title(self) -> str:
        """The scenario's title, or its name."""
        scenario = self.evaluation.scenario
        return scenario.title or scenario.name

    def reasons(self) -> dict[str, Reason]:
        """Why each function is hit that is, worst first."""
        hit = [course.name for course in affected(self.evaluation)]
        return reasons(self.evaluator, self.evaluation, hit)

    def people(self) -> Iterator[tuple[timedelta, Staffing]]:
        """The groups of which fewer can work, when it is fewest."""
        yield from fewest_people(self.evaluator, self.evaluation.scenario)


def as_text(answer: Answer) -> None:
    """Print it for people."""
    evaluation = answer.evaluation
    heading(f"{answer.organisation.name}: {answer.title}")
    hit = affected(evaluation)
    total = len(evaluation.worst.functions)
    if not hit:
        click.echo(f"All {total} functions stay up.")
    else:
        down = sum(each.worst is Standing.DOWN for each in hit)
        click.echo(f"{down} of {total} functions stop, {len(hit) - down} more work in part.")
    if evaluation.depends:
        click.echo(_depends(answer))
    click.echo()
    _columns([COLUMNS, *(_cells(answer, row) for row in _rows(answer))], hit=list(_rows(answer)))
    _people_text(answer)
    if hit:
        click.echo()
        heading("Why")
        for reason in answer.reasons().values():
            for depth, line in reason.lines():
                click.echo(f"{'  ' * depth}{'· ' if depth else ''}{line}")


COLUMNS = ["FUNCTION", "AT WORST", "STOPS", "BACK", "RTO", "MTPD", "LOSS"]


def _rows(answer: Answer) -> list[FunctionCourse]:
    hit = affected(answer.evaluation)
    names = {each.name for each in hit}
    return [*hit, *(each for name, each in answer.evaluation.worst.functions.items()
                    if name not in names)]  # fmt: skip


def _cells(answer: Answer, course: FunctionCourse) -> list[str]:
    evaluation, organisation = answer.evaluation, answer.organisation
    function = organisation.functions[course.name]
    best = evaluation.best.functions[course.name]
    least = min(spell.capacity for spell in course.spells)
    state = (
        course.worst.value
        if course.worst is not Standing.DEGRADED
        else f"{round(least * 100, 1):g} %"
    )
    if best.worst is not course.worst:
        state += f" (best case: {best.worst.value})"
    back = "" if course.worst is Standing.UP else "stays so"
    if course.back is not None and course.worst is not Standing.UP:
        back = spoken(course.back)
    loss = ""
    if course.loses and course.worst is not Standing.UP:
        loss = number(course.loss)
        if best.loss != course.loss:
            loss = f"{number(best.loss)} to {loss}"
        loss = f"{loss} {organisation.currency}".strip()
    return [
        organisation.title(course.name),
        state,
        "" if course.first_down is None else spoken(course.first_down),
        back,
        _objective(function.rto, course.rto_breach, course),
        _objective(function.mtpd, course.mtpd_breach, course),
        loss,
    ]


def _objective(length: timedelta | None, breach: timedelta | None, course: FunctionCourse) -> str:
    if length is None:
        return ""
    if breach is not None:
        return f"{spoken(length)}: breached at {spoken(breach)}"
    return spoken(length) + (": kept" if course.worst is Standing.DOWN else "")


def _columns(lines: list[list[str]], *, hit: list[FunctionCourse]) -> None:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    for place, line in enumerate(lines):
        padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
        if place:
            colour = _COLOURS[hit[place - 1].worst]
            padded[1] = click.style(padded[1], fg=colour)
        click.echo("  ".join(padded).rstrip())


def _people_text(answer: Answer) -> None:
    people = list(answer.people())
    if not people:
        return
    click.echo()
    heading("People")
    for moment, each in people:
        click.echo(f"{_after(moment)}: {said_of(answer, each)}")


def _after(moment: timedelta) -> str:
    return f"After {spoken(moment)}" if moment > timedelta(0) else "At once"


def said_of(answer: Answer, people: Staffing) -> str:
    """How many can work, where, how many are needed, and what it would be without policies."""
    title = answer.organisation.title
    places = [f"{count} at {title(place)}" for place, count in people.places]
    where = f" ({', '.join(places)})" if places else ""
    parts = [f"{people.able} of {people.heads} {title(people.group)} can work{where}"]
    for demand in people.demands:
        amount = str(demand.amount)
        count = f"{amount} ({demand.needed})" if amount.endswith("%") else amount
        verb = "is" if demand.needed == 1 and not amount.endswith("%") else "are"
        parts.append(f"{count} {verb} needed for {title(demand.function)}")
    parts += [f"without “{title(policy)}” {count}" for policy, count in people.without]
    return "; ".join(parts) + "."


def _depends(answer: Answer) -> str:
    """What is not certain: each event with what it may hit."""
    hit: dict[str, list[str]] = {}
    for cause in answer.evaluation.depends:
        chance = "" if cause.probability is None else f" ({cause.probability * 100:g} %)"
        event = answer.organisation.title(cause.event) if cause.event else "an outage"
        hit.setdefault(event, []).append(answer.organisation.title(cause.element) + chance)
    said = [
        f"{event} may hit {', '.join(names[:4])}"
        + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        for event, names in hit.items()
    ]
    return f"It depends: {'; '.join(said)}. Shown is the worst case."


def as_data(answer: Answer) -> dict[str, Any]:
    """The whole answer as plain data, times in seconds from the beginning of the scenario."""
    evaluation, whys = answer.evaluation, answer.reasons()
    return {
        "organisation": answer.organisation.name,
        "scenario": evaluation.scenario.name,
        "title": answer.title,
        "policies": sorted(answer.evaluator.policies(evaluation.scenario)),
        "depends": [cause.element for cause in evaluation.depends],
        "horizon_s": _seconds(evaluation.worst.horizon),
        "loss": evaluation.worst.loss,
        "loss_best": evaluation.best.loss,
        "currency": answer.organisation.currency,
        "functions": [_function_data(answer, course, whys) for course in _rows(answer)],
        "people": [
            {
                "at_s": _seconds(moment),
                "group": each.group,
                "using": list(each.using),
                "heads": each.heads,
                "able": each.able,
                "places": dict(each.places),
                "needed": {demand.function: demand.needed for demand in each.demands},
                "without": dict(each.without),
                "text": said_of(answer, each),
            }
            for moment, each in answer.people()
        ],
    }


def _function_data(
    answer: Answer, course: FunctionCourse, whys: dict[str, Reason]
) -> dict[str, Any]:
    function = answer.organisation.functions[course.name]
    best = answer.evaluation.best.functions[course.name]
    data: dict[str, Any] = {
        "name": course.name,
        "title": answer.organisation.title(course.name),
        "criticality": function.criticality.value,
        "worst": course.worst.value,
        "best": best.worst.value,
        "first_down_s": _seconds(course.first_down),
        "back_s": _seconds(course.back),
        "down_for_s": _seconds(course.down_for),
        "rto_s": _seconds(function.rto),
        "rto_breach_s": _seconds(course.rto_breach),
        "mtpd_s": _seconds(function.mtpd),
        "mtpd_breach_s": _seconds(course.mtpd_breach),
        "loss": course.loss if course.loses else None,
        "loss_best": best.loss if course.loses else None,
        "spells": [
            {
                "start_s": _seconds(spell.start),
                "end_s": _seconds(spell.end),
                "state": spell.standing.value,
                "capacity": spell.capacity,
            }
            for spell in course.spells
        ],
    }
    if course.name in whys:
        data["why"] = _reason_data(whys[course.name])
    return data


def _reason_data(reason: Reason) -> dict[str, Any]:
    return {"text": reason.text, "because": [_reason_data(each) for each in reason.because]}


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def as_csv(answers: list[Answer]) -> None:
    """Print a row for each spell of each function."""
    columns = ["scenario", "function", "case", "start_s", "end_s", "state", "capacity"]
    rows = [row for answer in answers for row in _spell_rows(answer)]
    show_csv(columns, rows)


def _spell_rows(answer: Answer) -> Iterator[dict[str, Any]]:
    cases = {"worst": answer.evaluation.worst}
    if answer.evaluation.depends:
        cases["best"] = answer.evaluation.best
    for case, course in cases.items():
        for name, function in course.functions.items():
            for spell in function.spells:
                yield {
                    "scenario": answer.evaluation.scenario.name,
                    "function": name,
                    "case": case,
                    "start_s": _seconds(spell.start),
                    "end_s": _seconds(spell.end),
                    "state": spell.standing.value,
                    "capacity": spell.capacity,
                }


def as_html(answers: list[Answer]) -> None:
    """Print a self-contained page."""
    sections = []
    for answer in answers:
        table = Table(
            "Functions",
            [name if name in {"RTO", "MTPD"} else name.capitalize() for name in COLUMNS],
            [_cells(answer, row) for row in _rows(answer)],
        )
        people = Table(
            "People", ["When", "Who can work"],
            [[_after(moment), said_of(answer, each)] for moment, each in answer.people()],
        )  # fmt: skip
        picture = gantt(answer.evaluation, answer.organisation)
        tables = [table, people] if people.rows else [table]
        note = _depends(answer) if answer.evaluation.depends else ""
        sections.append(Section(answer.title, note, picture, tables))
        reasons = "\n\n".join(str(reason) for reason in answer.reasons().values())
        if reasons:
            sections.append(Section(f"{answer.title}: why", reasons))
    title = f"{answers[0].organisation.name}: what stops"
    click.echo(page(title, sections, intro=answers[0].organisation.description), nl=False)
