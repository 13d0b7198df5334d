"""What was made, in numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.correcting.measuring import measured_in
from assistant.correcting.one_take import Corrected
from assistant.material import Audio
from assistant.theory.intonation.intent import Intent, Outcome
from assistant.theory.intonation.take import TakeNote, Target


def corrected(seconds: int, before: list[float], after: list[float], untouched: float) -> Corrected:
    count = len(before)
    notes = tuple(TakeNote(float(each), each + 1.0, 60.0) for each in range(count))
    targets = tuple(Target(60.0, 0.9, True, "C4") for _ in notes)
    return Corrected(
        Audio(np.zeros((1, 8_000 * seconds), np.float32), 8_000),
        Intent(notes, targets, "C major"),
        Outcome(np.array(before), np.array(after), np.ones(count, bool), np.zeros(count, bool)),
        untouched,
        np.zeros(0, np.float32),
    )


def test_all_notes_of_all_takes_count_alike() -> None:
    measured = measured_in(
        [corrected(1, [30.0, -10.0], [3.0, 1.0], 0.2), corrected(3, [50.0], [2.0], 0.6)]
    )
    assert measured["pitch_error"].before == pytest.approx(30.0)
    assert measured["pitch_error"].after == pytest.approx(2.0)
    assert measured["in_tune"].before == pytest.approx(100.0 / 3.0)
    assert measured["untouched"].after == pytest.approx(50.0)
    assert measured["notes"].after == 3.0
    assert "timing_error" not in measured


def test_timing_is_told_where_notes_were_put_in_time() -> None:
    one = replace(corrected(1, [30.0], [3.0], 0.2), late_ms=(40.0, 8.0))
    timing = measured_in([one])["timing_error"]
    assert (timing.before, timing.after, timing.unit) == (40.0, 8.0, "ms")
