"""What mix suggestions were to reach, and whether they do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bench.goals import Goal
from bench.mix_automix import Mixed
from bench.mix_effort import Effort
from bench.mix_scoring import Scores
from bench.report import table

__all__ = ["goals", "verdicts"]

CEILING_DB = -1.0
MEASURED_DB = 0.05  # as near as a true peak is told


def verdicts(scores: Scores, costs: Sequence[Effort], made: Sequence[Mixed]) -> str:
    """Draw a line for each goal that something was measured for."""
    rows = [
        [
            goal.about,
            goal.bound,
            f"{goal.reached:.3g}",
            "yes" if goal.holds else "NO",
        ]
        for goal in goals(scores, costs, made)
        if not math.isnan(goal.reached)
    ]
    return table(["", "wanted", "reached", "holds"], rows)


def goals(scores: Scores, costs: Sequence[Effort], made: Sequence[Mixed]) -> Iterator[Goal]:
    """Hold bandmate against every number that was to be reached.

    Parameters
    ----------
    scores : Scores
        Of bandmate.
    costs : sequence of Effort
        Of bandmate; may be empty.
    made : sequence of Mixed
        Its starting mixes; may be empty.

    Yields
    ------
    Goal
        In order. What was not measured is NaN.
    """
    resonances = scores.of("resonance")
    yield Goal("resonances: frequency within 1/3 octave, %", 90.0, resonances.placed)
    yield Goal("resonances: gain within 2 dB, %", 90.0, resonances.levelled)
    for kind in ("polarity", "dc", "clipping"):
        yield Goal(f"{kind}: found, %", 98.0, scores.of(kind).found)
    yield Goal("gain faults: found and corrected within 2 dB, %", 95.0, scores.of("gain").cured)
    false = [float(len(said)) for said in scores.false_faults.values()]
    yield Goal("false faults on a good mix", 1.0, _highest(false), most=True)
    yield Goal(
        "ten stems of four minutes: s", 30.0, _highest([c.wall_seconds for c in costs]), most=True
    )
    yield Goal(
        "ten stems of four minutes: MB", 1_000.0, _highest([c.megabytes for c in costs]), most=True
    )
    peaks = [one.true_peak for one in made]
    yield Goal(
        "true peak of starting mixes, dBTP", CEILING_DB + MEASURED_DB, _highest(peaks), most=True
    )


def _highest(values: Sequence[float]) -> float:
    return max(values, default=math.nan)
