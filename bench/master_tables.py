"""A table of tools beside each other that knows which of its columns are won by whom."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bench.report import table

__all__ = ["Column", "Compared", "Judged", "dominating", "verdict"]

OURS = "bandmate"
ALIKE = 0.01


@dataclass(frozen=True)
class Column:
    """What is measured.

    Parameters
    ----------
    head : str
        Its name.
    better : int
        1 where more is better, -1 where less is, 0 where it is told but does not count.
    enough : float
        From here on more of the better is no better.
    """

    head: str
    better: int = 0
    enough: float | None = None

    def worth(self, value: float) -> float:
        """Return a number that is higher for what is better."""
        worth = self.better * value
        return worth if self.enough is None else min(worth, self.better * self.enough)


@dataclass(frozen=True)
class Compared:
    """Tools by what was measured; None where there was nothing to measure.

    Parameters
    ----------
    columns : sequence of Column
        What was.
    rows : mapping of str to sequence of float or None
        The tools.
    none : str
        What stands in the place of nothing.
    """

    columns: Sequence[Column]
    rows: Mapping[str, Sequence[float | None]]
    none: str = "-"

    def drawn(self) -> str:
        """Draw it."""
        cells = [
            [name, *(self.none if value is None else value for value in row)]
            for name, row in self.rows.items()
        ]
        return table(["", *(column.head for column in self.columns)], cells)

    def counted(self) -> list[int]:
        """Return the places of the columns that count and that we have a value in."""
        ours = self.rows[OURS]
        places = range(len(self.columns))
        return [n for n in places if self.columns[n].better and ours[n] is not None]

    def margin(self, place: int, peer: str) -> float:
        """Tell by how much we are better than a peer in a column; it may be below 0."""
        column, ours = self.columns[place], self.rows[OURS][place]
        theirs = self.rows[peer][place] if peer in self.rows else None
        if theirs is None or ours is None:
            return math.inf
        return column.worth(ours) - column.worth(theirs)

    def holding(self, highest_db: float) -> list[str]:
        """Name the peers whose true peaks, in every column of them, are no higher than that."""
        places = [n for n, column in enumerate(self.columns) if "true peak" in column.head]
        peaks = {
            name: [value for n in places if (value := row[n]) is not None]
            for name, row in self.rows.items()
            if name != OURS
        }
        return [name for name, read in peaks.items() if read and max(read) <= highest_db]


Judged: TypeAlias = Sequence[tuple[Compared, Collection[str]]]
"""Tables, and the peers that are counted in each."""


def verdict(judged: Judged) -> str:
    """Say in how many columns we are best, and name those where a peer is better, and which."""
    counted, lost = 0, []
    for one, rivals in judged:
        for place in one.counted():
            counted += 1
            ahead = [name for name in rivals if one.margin(place, name) < -ALIKE]
            if ahead:
                lost.append(f"{one.columns[place].head} ({', '.join(ahead)})")
    said = f"bandmate is best, or as good, in {counted - len(lost)} of {counted} quality columns"
    return f"{said}, and not in: {'; '.join(lost)}." if lost else f"{said}."


def dominating(judged: Judged) -> list[str]:
    """Name the peers that are better than we are somewhere and nowhere worse."""
    margins: dict[str, list[float]] = {}
    for one, rivals in judged:
        for name in rivals:
            margins.setdefault(name, []).extend(one.margin(n, name) for n in one.counted())
    return [
        name
        for name, all_of_it in margins.items()
        if min(all_of_it) < -ALIKE and max(all_of_it) <= ALIKE
    ]
