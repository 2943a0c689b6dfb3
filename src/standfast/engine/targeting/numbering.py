"""Depth-first numbering: every subtree of the spanning tree becomes one range of positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standfast.engine.targeting.arrays import AnyArray, Ints, spread
from standfast.engine.targeting.errors import CyclicComponents


@dataclass(frozen=True)
class Numbering:
    """A directed acyclic graph laid out depth first.

    Position 0 is a root above all roots; node i of the input is at `position[i]` (shape (n,)).
    `parent`, `last` and `depth` (shape (n + 1,)) are by position: the spanning-tree parent (-1 for
    position 0), the last position of the subtree, the distance from position 0.
    `links` are the (parent, child) positions of the edges outside the spanning tree, by parent.
    """

    position: Ints
    parent: Ints
    last: Ints
    depth: Ints
    links: tuple[Ints, Ints]


def number(ids: Ints, parents: Ints, children: Ints) -> Numbering:
    """Lay out the graph of nodes 0..n-1 with edges parents[k] > children[k].

    `ids` (shape (n,)) only serve to name a cycle. Of several parents the lowest node is the tree's.
    Raises CyclicComponents.
    """
    count = ids.size
    edges = np.unique(np.stack((children, parents), axis=1), axis=0)
    children, parents = edges[:, 0], edges[:, 1]
    _refuse_cycles(ids, parents, children)
    in_tree = np.ones(children.size, np.bool_)
    in_tree[1:] = children[1:] != children[:-1]
    # Node `count` stands for the root above all roots until positions are known.
    parent = np.full(count + 1, count, np.int64)
    parent[children[in_tree]] = parents[in_tree]
    parent[count] = -1
    levels = _levels(parent)
    position, last = _positions(parent, levels)
    depth = np.empty(count + 1, np.int64)
    for distance, nodes in enumerate(levels):
        depth[position[nodes]] = distance
    by_position = np.empty(count + 1, np.int64)
    by_position[position] = np.where(parent < 0, -1, position[parent])
    ends = np.empty(count + 1, np.int64)
    ends[position] = last
    links = position[parents[~in_tree]], position[children[~in_tree]]
    order = np.lexsort((links[1], links[0]))
    return Numbering(position[:count], by_position, ends, depth, (links[0][order], links[1][order]))


def _refuse_cycles(ids: Ints, parents: Ints, children: Ints) -> None:
    """Take away nodes without parents, wave by wave; whatever stays is on or below a cycle."""
    waiting = np.bincount(children, minlength=ids.size)
    begins, below = _by_parent(parents, children, ids.size)
    wave = np.flatnonzero(waiting == 0)
    done = 0
    while wave.size:
        done += wave.size
        reached = below[spread(begins[wave], begins[wave + 1])]
        np.subtract.at(waiting, reached, 1)
        wave = np.unique(reached[waiting[reached] == 0])
    if done == ids.size:
        return
    stuck = waiting > 0
    keep = stuck[parents] & stuck[children]
    above = dict(zip(children[keep].tolist(), parents[keep].tolist(), strict=True))
    node = int(np.flatnonzero(stuck)[0])
    seen: dict[int, int] = {}
    path: list[int] = []
    while node not in seen:
        seen[node] = len(path)
        path.append(node)
        node = above[node]
    cycle = [*path[seen[node] :], node]
    raise CyclicComponents([int(ids[each]) for each in reversed(cycle)])


def _by_parent(parents: Ints, children: Ints, count: int) -> tuple[Ints, Ints]:
    order = np.lexsort((children, parents))
    begins = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(parents, minlength=count), out=begins[1:])
    return begins, children[order]


def _levels(parent: Ints) -> list[AnyArray]:
    """Give the nodes of each depth, ordered by parent, then node."""
    root = parent.size - 1
    begins, below = _by_parent(parent[:root], np.arange(root), parent.size)
    levels = [np.array([root])]
    while levels[-1].size:
        wave = levels[-1]
        levels.append(below[spread(begins[wave], begins[wave + 1])])
    return levels[:-1]


def _positions(parent: Ints, levels: list[AnyArray]) -> tuple[Ints, Ints]:
    size = np.ones(parent.size, np.int64)
    for nodes in reversed(levels[1:]):
        np.add.at(size, parent[nodes], size[nodes])
    position = np.zeros(parent.size, np.int64)
    for nodes in levels[1:]:
        above = parent[nodes]
        before = np.cumsum(size[nodes]) - size[nodes]
        first = np.concatenate(([True], above[1:] != above[:-1]))
        family = np.cumsum(first) - 1
        position[nodes] = position[above] + 1 + before - before[first][family]
    return position, position + size - 1
