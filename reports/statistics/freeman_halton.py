"""Fisher's test of a table of any size: exact along a network of margins, or by seeded draws where that is too long.

Exact: columns are drawn one after another; what is left of the row totals is a node, and tables that reach the same
node go on together (Mehta and Patel, J Am Stat Assoc 1983;78:427-434). From each node the most and the least probable
completion are known, so whatever can only end less probable than the table seen counts at once, and whatever can only
end more probable is dropped. Integers throughout: two tables are as probable as each other only when they are exactly
so.

Drawn: tables of the same margins are drawn at random, always from the same seed, and counted; the standard error of
that share goes with it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Node = tuple[int, ...]
"""Rest of each row's total, in falling order: the order of rows doesn't matter to what follows."""

MOST_STEPS = 250_000
"""Exact counting that takes more steps (about a second) is given up."""

DRAWS = 1_000_000
SEED = 1951
_AT_ONCE = 100_000


@dataclass(slots=True)
class _Network:
    """The columns still to be drawn, and what can become of each node."""

    columns: tuple[int, ...]
    steps: int = 0
    ends: dict[tuple[int, Node], tuple[int, int]] = field(default_factory=dict)

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > MOST_STEPS:
            raise OverflowError

    def onward(self, at: int, node: Node) -> Iterator[tuple[int, Node]]:
        """Each way to draw the column: in how many ways it can be done, and the node it leads to."""
        for taken in _draws(node, self.columns[at]):
            self.step()
            ways = math.prod(map(math.comb, node, taken))
            yield ways, tuple(sorted((have - take for have, take in zip(node, taken, strict=True)), reverse=True))

    def end(self, at: int, node: Node) -> tuple[int, int]:
        """Ways of the least and of the most probable completion of a node."""
        if at == len(self.columns) - 1:
            return 1, 1
        known = self.ends.get((at, node))
        if known is None:
            least, most = -1, 0
            for ways, following in self.onward(at, node):
                low, high = self.end(at + 1, following)
                least = ways * low if least < 0 else min(least, ways * low)
                most = max(most, ways * high)
            known = self.ends[at, node] = least, most
        return known


def exact_p(table: Sequence[Sequence[int]]) -> float | None:
    """Share of all tables of these margins that are no more probable than the one seen; None where it takes too long.

    Freeman and Halton, Biometrika 1951;38:141-149. Every margin must be positive.
    """
    lines = _upright(table)
    network = _Network(tuple(sum(column) for column in zip(*lines, strict=True)))
    try:
        return _counted(network, lines)
    except OverflowError:
        return None


def _counted(network: _Network, lines: Sequence[Sequence[int]]) -> float:
    columns = network.columns
    start = tuple(sorted((sum(line) for line in lines), reverse=True))
    left = [sum(columns[at:]) for at in range(len(columns))]
    all_from = [math.prod(map(math.comb, left[at:], columns[at:])) for at in range(len(columns))]
    seen = _ways(lines)
    extreme = 0
    states: dict[Node, Counter[int]] = {start: Counter({1: 1})}
    for at in range(len(columns) - 1):
        following: dict[Node, Counter[int]] = {}
        for node, weights in states.items():
            for ways, end in network.onward(at, node):
                least, most = network.end(at + 1, end)
                network.step(len(weights))
                for weight, count in weights.items():
                    reached = weight * ways
                    if reached * most <= seen:
                        extreme += reached * count * all_from[at + 1]
                    elif reached * least <= seen:
                        following.setdefault(end, Counter())[reached] += count
        states = following
    return float(Fraction(extreme, all_from[0]))


def _upright(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table turned so that it has no more rows than columns, the largest columns first: fewer nodes that way."""
    lines = [list(line) for line in table]
    if len(lines) > len(lines[0]):
        lines = [list(column) for column in zip(*lines, strict=True)]
    columns = sorted(zip(*lines, strict=True), key=sum, reverse=True)
    return [list(line) for line in zip(*columns, strict=True)]


def _ways(lines: Sequence[Sequence[int]]) -> int:
    """In how many ways the table seen can be drawn, column after column."""
    left = [sum(line) for line in lines]
    ways = 1
    for column in list(zip(*lines, strict=True))[:-1]:
        ways *= math.prod(map(math.comb, left, column))
        left = [have - take for have, take in zip(left, column, strict=True)]
    return ways


def _draws(left: Node, total: int) -> Iterator[tuple[int, ...]]:
    """All ways to take ``total`` from the rows left."""
    if len(left) == 1:
        if total <= left[0]:
            yield (total,)
        return
    behind = sum(left[1:])
    for take in range(max(0, total - behind), min(left[0], total) + 1):
        for rest in _draws(left[1:], total - take):
            yield (take, *rest)


def drawn_p(table: Sequence[Sequence[int]], draws: int = DRAWS) -> tuple[float, float]:
    """The same share among tables drawn at random from a fixed seed, and its standard error.

    The table seen counts as one of those drawn, so that P is never 0 (Davison and Hinkley 1997, section 4.2).
    """
    import numpy

    lines = _upright(table)
    columns = [sum(column) for column in zip(*lines, strict=True)]
    log_factorials = numpy.array([math.lgamma(number + 1) for number in range(sum(columns) + 1)])
    seen = float(sum(log_factorials[count] for line in lines for count in line))
    generator = numpy.random.Generator(numpy.random.PCG64(SEED))
    extreme, left = 0, draws
    while left:
        size = min(left, _AT_ONCE)
        weight = numpy.zeros(size)
        behind = [numpy.full(size, column) for column in columns]
        for line in lines[:-1]:
            wanted = numpy.full(size, sum(line))
            for at in range(len(columns)):
                others = sum(behind[at + 1 :], numpy.zeros(size, dtype=numpy.int64))
                taken = generator.hypergeometric(behind[at], others, wanted) if at + 1 < len(columns) else wanted
                weight += log_factorials[taken]
                behind[at] = behind[at] - taken
                wanted = wanted - taken
        for rest in behind:
            weight += log_factorials[rest]
        extreme += int(numpy.count_nonzero(weight >= seen - 1e-7))
        left -= size
    p = (extreme + 1) / (draws + 1)
    return p, math.sqrt(p * (1 - p) / draws)
