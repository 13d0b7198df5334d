"""Notes put in time."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.correcting.in_time import Timing, put_in_time
from assistant.dsp.f0 import F0Track
from assistant.material import Audio, Samples
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.timing import InTime

RATE = 22_050


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


NOTES = (TakeNote(0.5, 1.0, 57.0), TakeNote(1.58, 2.2, 57.0))


def take() -> tuple[Audio, F0Track]:
    """Two notes of 220 Hz; the second is 80 ms late for a beat of half a second."""
    time = np.arange(3 * RATE) / RATE
    sounding = ((time > 0.5) & (time < 1.0)) | ((time > 1.58) & (time < 2.2))
    sound = np.where(sounding, 0.3 * np.sin(2.0 * np.pi * 220.0 * time), 0.0)
    sound += 1e-4 * np.random.default_rng(0).standard_normal(sound.size)  # rests are not all alike
    frames = np.arange(0.0, 3.0, 0.005)
    voiced = np.interp(frames, time, sounding.astype(float))
    fine = F0Track(frames, np.full(frames.size, 220.0), voiced, np.full(frames.size, -20.0), 0.005)
    return Audio(sound[None].astype(np.float32), RATE), fine


def timed(span: tuple[float, float] = (0.0, np.inf)) -> tuple[Audio, tuple[float, float] | None]:
    audio, fine = take()
    timing = Timing(np.arange(0.0, 3.1, 0.5), InTime(100.0, most_ms=120.0, free_ms=5.0))
    work = put_in_time(audio, fine, NOTES, timing, zeros, span)
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: tuple[Audio, tuple[float, float] | None] = done.value
            return made


def test_a_late_note_comes_when_it_should() -> None:
    made, off = timed()
    assert off is not None
    assert off[0] == pytest.approx(40.0, abs=1.0)
    assert off[1] < 5.0
    loud = np.flatnonzero(np.abs(made.samples[0]) > 0.01) / RATE
    second = loud[loud > 1.2].min()
    assert second == pytest.approx(1.5, abs=0.006)
    assert made.frames == 3 * RATE


@pytest.mark.parametrize("span", [(1.2, np.inf), (1.2, 2.6), (0.7, 2.95), (0.0, 2.6)])
def test_nothing_outside_the_span_is_touched(span: tuple[float, float]) -> None:
    made, off = timed(span)
    assert off is not None
    assert off[1] < 5.0
    changed = np.flatnonzero(made.samples[0] != take()[0].samples[0]) / RATE
    assert span[0] <= changed.min() < 1.5 < changed.max() <= span[1]


@pytest.mark.parametrize("span", [(1.7, 3.0), (0.0, 2.0), (1.2, 2.0), (0.6, 0.8)])
def test_a_note_that_reaches_out_of_the_span_stays(span: tuple[float, float]) -> None:
    made, off = timed(span)
    late = made.samples[0] != take()[0].samples[0]
    assert not late[round(1.1 * RATE) :].any()
    assert off is None or off[0] == pytest.approx(0.0, abs=1.0)


def test_what_cannot_be_made_up_for_joins_without_a_click() -> None:
    time = np.arange(3 * RATE) / RATE
    higher = np.where(time < 1.55, 220.0, 262.0)  # whole cycles of one are not those of the other
    sound = (0.3 * np.sin(2.0 * np.pi * np.cumsum(higher) / RATE)).astype(np.float32)
    frames = np.arange(0.0, 3.0, 0.005)
    hz = np.interp(frames, time, higher)
    voiced = np.where((frames > 2.3) & (frames < 2.34), 0.0, 1.0)  # a break that is hardly one
    fine = F0Track(frames, hz, voiced, np.full(frames.size, -20.0), 0.005)
    audio = Audio(sound[None], RATE)
    timing = Timing(np.array([0.5, 1.5]), InTime(100.0))
    work = put_in_time(audio, fine, NOTES, timing, zeros, (0.0, 2.5))
    while True:
        try:
            next(work)
        except StopIteration as done:
            made = done.value[0].samples[0]
            break
    changed = np.flatnonzero(made != sound) / RATE
    assert 0.0 < changed.min() < changed.max() < 2.35
    assert np.abs(np.diff(made)).max() < 1.3 * np.abs(np.diff(sound)).max()
