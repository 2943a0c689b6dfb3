"""What each leaf contributes to a function's being down, from two walks over the diagrams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from standfast.engine.continuity.diagrams.solving import Solved
from standfast.engine.continuity.diagrams.sums import shares, worth
from standfast.engine.continuity.probability.exact import derivatives


@dataclass(frozen=True, slots=True)
class Importance:
    """The measures of one leaf for one function; all are exact but `fussell_vesely`.

    `birnbaum`: how much the probability of the function's being down grows when the leaf goes from
    surely up to surely down. `criticality`: the chance that the leaf is down and decides, when the
    function is down. `fussell_vesely`: the share of the sum of all cut sets' probabilities that
    comes from sets with the leaf (rare-event form). `achievement` (RAW): by what factor the
    probability grows when the leaf is surely down. `reduction` (RRW): by what factor it shrinks
    when the leaf never fails; infinite when nothing would remain.
    """

    leaf: int
    name: str
    probability: float
    birnbaum: float
    criticality: float
    fussell_vesely: float
    achievement: float
    reduction: float


def importances(
    solved: Solved, leaves: Sequence[float], names: Sequence[str]
) -> tuple[Importance, ...]:
    """The measures of every leaf that the top depends on, the greatest criticality first.

    `leaves[i]` is the probability that leaf i is down. Raises ValueError when the functions are
    not exact, and for a top that is never down.
    """
    if not solved.exact:
        raise ValueError("the importance of leaves needs exact functions")
    total, slopes = derivatives(solved, leaves)
    if total <= 0:
        raise ValueError("the function is never down, so nothing contributes to it")
    all_sets = worth(solved.parts, list(leaves))
    by_leaf = shares(solved.parts, list(leaves))
    used = {name for part in solved.parts for name in part.variables if name >= 0}
    found = []
    for leaf in used:
        chance, slope = leaves[leaf], slopes[leaf]
        without = total - chance * slope
        found.append(
            Importance(
                leaf=leaf,
                name=names[leaf],
                probability=chance,
                birnbaum=slope,
                criticality=chance * slope / total,
                fussell_vesely=chance * by_leaf[leaf] / all_sets if all_sets else 0.0,
                achievement=(total + (1.0 - chance) * slope) / total,
                reduction=total / without if without > total * 1e-14 else inf,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.criticality, each.leaf)))
