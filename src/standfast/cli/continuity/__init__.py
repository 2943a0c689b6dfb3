"""`standfast continuity`: questions to a continuity model or a fault tree in a file.

Each command is a module of this package, loaded only when it is used; none needs Django, a database
or settings. Exit statuses are the same throughout: 0 when the question was answered, 1 when a
finding that was asked to fail was found, 2 when the input or the options are wrong.
"""

from __future__ import annotations

import click

from standfast.cli.lazy import Entry, LazyGroup

COMMANDS: dict[str, Entry] = {
    "check": Entry("check", "check", "Find mistakes in a model, and gaps in the plan."),
    "evaluate": Entry("evaluate", "evaluate", "Say what stops in a scenario, when and why."),
    "cutsets": Entry("cutsets", "cutsets", "What could stop it: all minimal cut sets."),
    "simulate": Entry("simulate", "simulate", "Live through years; losses, crews, percentiles."),
    "mitigate": Entry("mitigate", "mitigate", "Rank measures; the best set under a budget."),
    "compare": Entry("compare", "compare", "Say what changed between two models, and its effect."),
    "probability": Entry("probability", "probability", "How likely and how long it is down."),
    "export": Entry("export", "export", "Print a model as an Open-PSA fault tree."),
    "import": Entry("importing", "import_group", "Read topologies and people into a model."),
}


@click.command(
    cls=LazyGroup,
    package=__name__,
    entries=COMMANDS,
    epilog="Exit status: 0 answered; 1 a finding that was asked to fail; 2 bad input.",
)
def continuity() -> None:
    """Evaluate a continuity plan: what stops, what could stop it, how likely, what to do first.

    FILE is a continuity model (YAML) or an Open-PSA fault tree (XML).
    """
