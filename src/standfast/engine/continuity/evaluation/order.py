"""An order in which everything comes after what it depends on, and the circles in it."""

from __future__ import annotations

from collections.abc import Sequence


def components(children: Sequence[Sequence[int]]) -> list[list[int]]:
    """Strongly connected components, children before parents (Tarjan, without recursion)."""
    count = len(children)
    number = [0] * count  # 0: not visited yet
    low = [0] * count
    waiting: list[int] = []
    is_waiting = [False] * count
    found: list[list[int]] = []
    clock = 0
    for root in range(count):
        if number[root]:
            continue
        clock += 1
        number[root] = low[root] = clock
        waiting.append(root)
        is_waiting[root] = True
        trail = [(root, iter(children[root]))]
        while trail:
            node, rest = trail[-1]
            for child in rest:
                if not number[child]:
                    clock += 1
                    number[child] = low[child] = clock
                    waiting.append(child)
                    is_waiting[child] = True
                    trail.append((child, iter(children[child])))
                    break
                if is_waiting[child] and number[child] < low[node]:
                    low[node] = number[child]
            else:
                trail.pop()
                if trail and low[node] < low[trail[-1][0]]:
                    low[trail[-1][0]] = low[node]
                if low[node] == number[node]:
                    component: list[int] = []
                    while not component or component[-1] != node:
                        component.append(waiting.pop())
                        is_waiting[component[-1]] = False
                    found.append(component)
    return found
