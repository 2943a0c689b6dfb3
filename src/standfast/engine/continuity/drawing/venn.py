"""The Venn diagram of people, location and systems, with the number of cut sets in each region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standfast.engine.continuity.drawing.svg import Svg, tag
from standfast.engine.continuity.gates import Area

_WIDTH, _HEIGHT, _RADIUS = 640.0, 520.0, 136.0
_CENTRES = {
    Area.PEOPLE: (240.0, 190.0),
    Area.LOCATION: (400.0, 190.0),
    Area.SYSTEMS: (320.0, 328.0),
}
_FILLS = {Area.PEOPLE: "#2563a8", Area.LOCATION: "#2f8f5b", Area.SYSTEMS: "#c0392b"}
_LABELS = {Area.PEOPLE: (150.0, 44.0), Area.LOCATION: (490.0, 44.0), Area.SYSTEMS: (320.0, 488.0)}
_PEOPLE, _LOCATION, _SYSTEMS = Area.PEOPLE, Area.LOCATION, Area.SYSTEMS
_PLACES: dict[frozenset[Area], tuple[float, float]] = {
    frozenset({_PEOPLE}): (176.0, 170.0),
    frozenset({_LOCATION}): (464.0, 170.0),
    frozenset({_SYSTEMS}): (320.0, 400.0),
    frozenset({_PEOPLE, _LOCATION}): (320.0, 142.0),
    frozenset({_PEOPLE, _SYSTEMS}): (240.0, 282.0),
    frozenset({_LOCATION, _SYSTEMS}): (400.0, 282.0),
    frozenset({_PEOPLE, _LOCATION, _SYSTEMS}): (320.0, 238.0),
}


@dataclass(frozen=True, slots=True)
class VennWords:
    """The words of the picture, to be given in other languages."""

    title: str = "What could stop {function}: minimal cut sets by area"
    people: str = "People"
    location: str = "Location"
    systems: str = "Systems"
    only: str = "{areas}: {count}"
    joined: str = " + "
    outside: str = "outside of all three: {count}"

    def area(self, area: Area) -> str:
        """The name of a circle."""
        names = {_PEOPLE: self.people, _LOCATION: self.location, _SYSTEMS: self.systems}
        return names[area]


def venn(
    counts: Mapping[frozenset[Area], int], *, function: str, words: VennWords | None = None
) -> str:
    """Draw the counts of the seven regions, and what lies outside; a missing region is 0."""
    words = words or VennWords()
    outside = counts.get(frozenset(), 0)
    said = [
        words.only.format(areas=spoken_region(region, words), count=shown(counts.get(region, 0)))
        for region in _PLACES
    ]
    svg = Svg(
        _WIDTH,
        _HEIGHT,
        title=words.title.format(function=function),
        description="; ".join([*said, words.outside.format(count=shown(outside))]),
    )
    for area, (x, y) in _CENTRES.items():
        fill = _FILLS[area]
        svg.add(
            tag(
                "circle",
                cx=x,
                cy=y,
                r=_RADIUS,
                fill=fill,
                fill_opacity=0.18,
                stroke=fill,
                stroke_width=2,
            )
        )
    for area, (x, y) in _LABELS.items():
        svg.text(x, y, words.area(area), size=17, anchor="middle", weight="600")
    for region, (x, y) in _PLACES.items():
        number = counts.get(region, 0)
        svg.text(
            x, y + 7, shown(number), size=20, anchor="middle", weight="700" if number else "400"
        )
    if outside:
        said_outside = words.outside.format(count=shown(outside))
        svg.text(_WIDTH - 8, _HEIGHT - 8, said_outside, size=13, anchor="end")
    return str(svg)


def spoken_region(region: frozenset[Area], words: VennWords | None = None) -> str:
    """The circles that a region lies in: “People + Systems”."""
    words = words or VennWords()
    return words.joined.join(words.area(area) for area in _CENTRES if area in region)


def shown(number: int) -> str:
    """A count that fits: in full up to a million, then in powers of ten."""
    if number < 1_000_000:
        return f"{number:,}"
    digits = len(str(number)) - 1
    raised = str(digits).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{number / 10**digits:.1f}·10{raised}"
