"""What was made of one take or several, in numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.contract import Quantity
from assistant.correcting.one_take import Corrected
from assistant.theory.intonation.intent import mean_error, share_near

__all__ = ["measured_in"]


def measured_in(made: Sequence[Corrected]) -> dict[str, Quantity]:
    """Measure what was corrected.

    Parameters
    ----------
    made : sequence of Corrected
        One take or more; all of their notes count alike.

    Returns
    -------
    dict of str to Quantity
        ``pitch_error`` is the mean distance of a note's centre from its target, ``in_tune`` the
        share of notes within 25 cents of it; both of the notes whose target is sure.
    """
    outcomes = [one.outcome for one in made]
    before = np.concatenate([each.before[each.counted] for each in outcomes])
    after = np.concatenate([each.after[each.counted] for each in outcomes])
    frames = [one.audio.frames for one in made]
    untouched = float(np.average([one.untouched for one in made], weights=frames))
    measured = {
        "pitch_error": Quantity(mean_error(before), mean_error(after), "cents"),
        "in_tune": Quantity(share_near(before), share_near(after), "%"),
        "untouched": Quantity(None, 100.0 * untouched, "%"),
        "notes": Quantity(None, float(sum(len(one.intent.notes) for one in made)), ""),
        "moved": Quantity(None, float(sum(each.moved.sum() for each in outcomes)), "notes"),
        "left_alone": Quantity(None, float(sum(each.alone.sum() for each in outcomes)), "notes"),
    }
    late = [one.late_ms for one in made if one.late_ms is not None]
    if late:
        sides = np.mean(late, axis=0)
        measured["timing_error"] = Quantity(float(sides[0]), float(sides[1]), "ms")
    return measured
