"""Formulas that refer to each other made into one, circles included.

A circle (A needs B, B needs A) means the least that must have failed: its members have failed only
when something outside of it makes them. Beginning with “not failed” and putting the formulas into
each other as often as the circle has cutting points reaches exactly that, in polynomial size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from standfast.engine.continuity.compiling.failing import ElementKey, Failing, Key, StaffKey
from standfast.engine.continuity.compiling.formula import NEVER, Formulas, combine
from standfast.engine.continuity.compiling.staffing import too_few
from standfast.engine.continuity.evaluation.order import components
from standfast.engine.continuity.gates import Operator


def unfold(failing: Failing, tops: Sequence[ElementKey]) -> dict[Key, int]:
    """The formula of every key that the tops rest on, without references."""
    raw = _raw(failing, tops)
    below = {key: _mentioned(failing, number) for key, number in raw.items()}
    keys = list(raw)
    place = {key: number for number, key in enumerate(keys)}
    done: dict[Key, int] = {}
    for component in components([[place[each] for each in below[key]] for key in keys]):
        members = [keys[number] for number in component]
        if len(members) == 1 and members[0] not in below[members[0]]:
            substitute = _Substitute(failing, done)
            done[members[0]] = substitute(raw[members[0]])
        else:
            done.update(_circle(failing, *_merged(failing, members, raw), done))
    return done


def _raw(failing: Failing, tops: Sequence[ElementKey]) -> dict[Key, int]:
    """Formulas with references, of all keys that there are."""
    raw: dict[Key, int] = {}
    waiting: list[Key] = list(tops)
    while waiting:
        key = waiting.pop()
        if key in raw:
            continue
        raw[key] = too_few(failing, key) if isinstance(key, StaffKey) else failing.element(key)
        waiting.extend(each for each in _mentioned(failing, raw[key]) if each not in raw)
    return raw


def _mentioned(failing: Failing, formula: int) -> list[Key]:
    found: dict[Key, None] = {}
    seen = {formula}
    stack = [formula]
    while stack:
        number = stack.pop()
        if number in failing.keys:
            found[failing.keys[number]] = None
            continue
        body = failing.formulas.bodies[number]
        if isinstance(body, tuple):
            for child in body[1]:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
    return list(found)


def _merged(
    failing: Failing, members: Sequence[Key], raw: Mapping[Key, int]
) -> tuple[Sequence[Key], dict[Key, int]]:
    """Make one of those that fail together, because each fails as soon as the other does.

    A = B or p and B = A or q are both p or q. This is what circles mostly are made of, and it
    leaves few cutting points.
    """
    inside = {key: number for number, key in enumerate(members)}
    direct = [_direct(failing, raw[key], inside) for key in members]
    changed: dict[Key, int] = {}
    for component in components([[inside[key] for key in each] for each in direct]):
        group = [members[number] for number in component]
        first, others = group[0], set(group)
        rest = {
            child
            for key in group
            for child in _alternatives(failing, raw[key])
            if failing.keys.get(child) not in others
        }
        changed[first] = failing.formulas.any(rest)
        for key in group[1:]:
            changed[key] = failing.refer(first)
    return members, changed


def _alternatives(failing: Failing, formula: int) -> list[int]:
    """What each by itself makes the formula fail, ORs inside of ORs included."""
    found: list[int] = []
    seen = {formula}
    stack = [formula]
    while stack:
        number = stack.pop()
        body = failing.formulas.bodies[number]
        if isinstance(body, tuple) and body[0] is Operator.OR:
            fresh = [child for child in body[1] if child not in seen]
            seen.update(fresh)
            stack += fresh
        else:
            found.append(number)
    return found


def _direct(failing: Failing, formula: int, inside: Mapping[Key, int]) -> list[Key]:
    found = (failing.keys.get(child) for child in _alternatives(failing, formula))
    return [key for key in found if key is not None and key in inside]


def _circle(
    failing: Failing, members: Sequence[Key], raw: Mapping[Key, int], done: Mapping[Key, int]
) -> dict[Key, int]:
    below = {key: _mentioned(failing, raw[key]) for key in members}
    order, cuts = _cut(members, below)
    assumed: dict[Key, int] = dict.fromkeys(cuts, NEVER)
    known: dict[Key, int] = {}
    for _ in range(len(cuts) + 1):
        known = {**done, **assumed}
        found: dict[Key, int] = {}
        substitute = _Substitute(failing, known)
        for key in order:
            # A cutting point is looked at as it was assumed, and gets its new formula at the end.
            found[key] = substitute(raw[key])
            if key not in assumed:
                known[key] = found[key]
        after = {key: found[key] for key in cuts}
        if after == assumed:
            break
        assumed = after
    return {**found, **assumed}


def _cut(members: Sequence[Key], below: Mapping[Key, Sequence[Key]]) -> tuple[list[Key], list[Key]]:
    """An order in which all but references to the cutting points lead backwards."""
    inside = set(members)
    order: list[Key] = []
    cuts: dict[Key, None] = {}
    entered: set[Key] = set()
    left: set[Key] = set()
    for root in members:
        if root in entered:
            continue
        entered.add(root)
        trail = [(root, iter(below[root]))]
        while trail:
            key, rest = trail[-1]
            for child in rest:
                if child not in inside:
                    continue
                if child not in entered:
                    entered.add(child)
                    trail.append((child, iter(below[child])))
                    break
                if child not in left:
                    cuts[child] = None
            else:
                trail.pop()
                left.add(key)
                order.append(key)
    return order, list(cuts)


class _Substitute:
    """Puts known formulas in the place of references."""

    def __init__(self, failing: Failing, known: Mapping[Key, int]) -> None:
        self._formulas: Formulas = failing.formulas
        self._keys = failing.keys
        self._known = known
        self._made: dict[int, int] = {}

    def __call__(self, formula: int) -> int:
        stack = [formula]
        while stack:
            number = stack[-1]
            if number in self._made:
                stack.pop()
                continue
            body = self._formulas.bodies[number]
            if number in self._keys:
                self._made[number] = self._known[self._keys[number]]
            elif not isinstance(body, tuple):
                self._made[number] = number
            else:
                missing = [child for child in body[1] if child not in self._made]
                if missing:
                    stack.extend(missing)
                    continue
                children = [self._made[child] for child in body[1]]
                self._made[number] = combine(self._formulas, body, children)
        return self._made[formula]
