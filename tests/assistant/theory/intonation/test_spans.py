from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assistant.theory.intonation.line import Line, line_of
from assistant.theory.intonation.spans import Span, fitted, span_between
from tests.assistant.theory.intonation.takes_made import FINE, Sung, made, melody


def cut(line: Line, *bounds: float) -> list[Span]:
    """Cut a voice roughly at some moments."""
    spans = [span_between(line, start, end) for start, end in pairwise(bounds)]
    return [span for span in spans if span]


def test_a_span_is_voiced_at_both_ends() -> None:
    take = made(Sung(60.0, 0.5), Sung(62.0, 0.5))
    line = line_of(take.fine)
    span = span_between(line, 0.0, line.times[-1])
    assert span is not None
    assert FINE * span.first == pytest.approx(take.starts[0], abs=0.006)
    assert FINE * span.size == pytest.approx(1.0, abs=0.006)
    assert span_between(line, 0.0, 0.2) is None


@pytest.mark.parametrize("off", [-0.06, 0.0, 0.05])
def test_a_boundary_lies_in_the_middle_of_the_glide(off: float) -> None:
    take = made(Sung(60.0, 0.5), Sung(64.0, 0.5, glide=0.08))
    line, at = line_of(take.fine), take.starts[1]
    before, after = fitted(cut(line, 0.3, at + off, 1.4), line)
    assert before.last == after.first
    assert line.times[after.first] == pytest.approx(at, abs=0.01)


def test_a_boundary_lies_where_the_loudness_rises_again() -> None:
    take = made(*melody((60.0, 60.1)), again_db=15.0)
    line, at = line_of(take.fine), take.starts[1]
    _, after = fitted(cut(line, 0.3, at - 0.05, 1.4), line)
    assert line.times[after.first] == pytest.approx(at, abs=0.01)


def test_the_halves_of_a_deep_vibrato_are_joined() -> None:
    take = made(Sung(60.0, 1.2, depth=100.0, hz=5.0))
    line = line_of(take.fine)
    waves = cut(line, *np.arange(0.31, 1.6, 0.1))
    assert len(waves) >= 12
    assert len(fitted(waves, line)) == 1


def test_fast_notes_are_not_joined() -> None:
    take = made(*melody((60.0, 61.0, 62.2, 61.1, 60.0), 0.15))
    line = line_of(take.fine)
    assert len(fitted(cut(line, *take.starts, take.starts[-1] + 0.15), line)) == 5


def test_a_drift_is_joined_and_a_step_is_not() -> None:
    slow = made(Sung(60.5, 2.0, drift=100.0, depth=20.0))
    line = line_of(slow.fine)
    assert len(fitted(cut(line, 0.31, 1.3, 2.3), line)) == 1
    step = made(*melody((60.0, 60.7), 1.0))
    line = line_of(step.fine)
    assert len(fitted(cut(line, 0.31, 1.31, 2.31), line)) == 2


def test_a_short_span_on_the_way_belongs_to_the_note_it_leans_on() -> None:
    take = made(Sung(58.5, 0.06), Sung(60.0, 0.6))
    line, at = line_of(take.fine), take.starts[1]
    (note,) = fitted(cut(line, 0.31, at, at + 0.6), line)
    assert line.times[note.first] == pytest.approx(take.starts[0], abs=0.006)
    assert note.pitch == pytest.approx(60.0, abs=0.02)
