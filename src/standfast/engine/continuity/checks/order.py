"""Elements in an order in which what is needed comes first, as far as circles allow."""

from __future__ import annotations

from standfast.engine.continuity.model import Element, Organisation, elements_of, needs_of


def needed_first(organisation: Organisation) -> list[Element]:
    """Elements in an order in which most come after what they need."""
    elements = {element.name: element for element in organisation.elements()}
    done: dict[str, Element] = {}
    entered: set[str] = set()
    for start in elements:
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                done[name] = elements[name]
            elif name not in entered and name in elements:
                entered.add(name)
                stack.append((name, True))
                stack.extend((need, False) for need in elements_of(needs_of(elements[name])))
    return list(done.values())
