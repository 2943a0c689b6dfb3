"""Published benchmark models, read in place where they are kept beside the checkout, and figures.

The figures are those of the fault-tree tool SCRAM: sets by order (from order 0) where known, else
their number, and the probability of the top.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.openpsa.reading import Source, read

FOLDER = (
    Path(
        os.environ.get("SAMPLES_FOLDER")
        or Path(__file__).resolve().parents[3].parent / "shared" / "samples"
    )
    / "fault-trees"
)


class Figures(NamedTuple):
    sets: int
    probability: float
    by_order: tuple[int, ...] = ()


FIGURES = {
    "baobab1": Figures(
        46_188, 0.000101708078, (0, 0, 1, 1, 70, 400, 2212, 14748, 8460, 10624, 6600, 3072)
    ),
    "baobab2": Figures(4_805, 0.000713018260),
    "baobab3": Figures(24_386, 0.00224117014),
    "cea9601": Figures(
        130_281_976,
        0.00148408543,
        (0, 0, 0, 1144, 53292, 1561440, 7707696, 33569828, 25123808, 62264384, 384),
    ),
    "chinese": Figures(392, 0.00117058181, (0, 0, 12, 0, 24, 188, 168)),
    "das9201": Figures(14_217, 0.0134236677, (0, 0, 82, 9740, 2881, 1246, 254, 14)),
    "das9206": Figures(19_518, 0.229686838),
    "das9207": Figures(25_988, 0.346695888),
    "edf9201": Figures(579_720, 0.324591447, (0, 25, 1667, 36604, 308400, 151904, 81120)),
    "edf9205": Figures(21_308, 0.209350906),
    "edfpa14p": Figures(415_500, 0.0807059218),
    "edfpa15p": Figures(27_870, 0.0736302382),
    "isp9602": Figures(
        5_197_647,
        0.0172447448,
        (
            0,
            1,
            77,
            210,
            3973,
            21302,
            109458,
            473266,
            1138544,
            1554904,
            1205592,
            522640,
            147200,
            20480,
        ),
    ),
    "isp9605": Figures(5_630, 1.37170881e-05, (0, 0, 0, 13, 88, 462, 27, 5040)),
    "jbd9601": Figures(14_007, 0.755090615, (0, 111, 3929, 1023, 2938, 4098, 1820, 88)),
}
HEAVY = {"cea9601", "das9207", "edfpa14p", "edfpa15p", "jbd9601"}


def sample(name: str) -> GateGraph:
    """The graph of a sample; the test is skipped where the samples are not."""
    path = FOLDER / f"{name}.xml"
    if not path.exists():
        pytest.skip(f"the sample {path.name} is not beside the checkout")
    return read([Source(path.name, path.read_bytes())]).graph
