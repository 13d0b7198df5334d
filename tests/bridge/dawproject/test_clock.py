from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.material import Score, Tempo
from bridge.dawproject.clock import Clock, TempoPoint, stepped

BPM = st.floats(20.0, 400.0)
TEMPOS = st.lists(st.tuples(st.floats(0.1, 64.0), BPM), max_size=6)


@given(BPM, TEMPOS, st.floats(0.0, 300.0))
def test_seconds_and_beats_are_each_other_s_inverse(
    first: float, more: list[tuple[float, float]], beat: float
) -> None:
    tempos = [Tempo(0.0, first)]
    for gap, bpm in more:
        tempos.append(Tempo(tempos[-1].beat + gap, bpm))
    clock = Clock(tempos)
    assert clock.seconds(beat) == pytest.approx(Score((), tuple(tempos)).seconds_at(beat))
    assert clock.beats(clock.seconds(beat)) == pytest.approx(beat, abs=1e-9)


def test_what_has_no_end_has_none_in_seconds() -> None:
    assert Clock([Tempo(0.0, 90.0)]).turned(math.inf, "beats", "seconds") == math.inf


@given(BPM, BPM, st.floats(0.5, 200.0))
def test_a_tempo_curve_takes_as_long_in_steps(first: float, last: float, length: float) -> None:
    steps = list(stepped([TempoPoint(0.0, first, moves=True), TempoPoint(length, last)]))
    nearly = math.isclose(first, last, rel_tol=1e-6)
    mean = first if nearly else (last - first) / math.log(last / first)
    assert Clock(steps).seconds(length) == pytest.approx(60.0 * length / mean, rel=1e-6)


def test_within_a_curve_a_place_is_right_to_a_sample() -> None:
    clock = Clock(list(stepped([TempoPoint(0.0, 60.0, moves=True), TempoPoint(16.0, 180.0)])))
    for beat in (0.03, 3.33, 7.77, 15.9):
        bpm = 60.0 + 7.5 * beat
        assert abs(clock.seconds(beat) - 60.0 * math.log(bpm / 60.0) / 7.5) < 1.0 / 44_100


def test_a_held_tempo_stays_one_step() -> None:
    held = [TempoPoint(0.0, 60.0), TempoPoint(4.0, 90.0, moves=True), TempoPoint(8.0, 90.0)]
    assert list(stepped(held)) == [Tempo(0.0, 60.0), Tempo(4.0, 90.0), Tempo(8.0, 90.0)]
