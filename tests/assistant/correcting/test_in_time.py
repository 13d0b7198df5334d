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


def test_a_late_note_comes_when_it_should() -> None:
    time = np.arange(3 * RATE) / RATE
    notes = (TakeNote(0.5, 1.0, 57.0), TakeNote(1.58, 2.2, 57.0))
    sounding = ((time > 0.5) & (time < 1.0)) | ((time > 1.58) & (time < 2.2))
    sound = np.where(sounding, 0.3 * np.sin(2.0 * np.pi * 220.0 * time), 0.0)
    frames = np.arange(0.0, 3.0, 0.005)
    voiced = np.interp(frames, time, sounding.astype(float))
    fine = F0Track(frames, np.full(frames.size, 220.0), voiced, np.full(frames.size, -20.0), 0.005)
    audio = Audio(sound[None].astype(np.float32), RATE)
    timing = Timing(np.arange(0.0, 3.1, 0.5), InTime(100.0, most_ms=120.0, free_ms=5.0))
    work = put_in_time(audio, fine, notes, timing, zeros)
    while True:
        try:
            next(work)
        except StopIteration as done:
            made, (before, after) = done.value
            break
    assert before == pytest.approx(40.0, abs=1.0)
    assert after < 5.0
    loud = np.flatnonzero(np.abs(made.samples[0]) > 0.01) / RATE
    second = loud[loud > 1.2].min()
    assert second == pytest.approx(1.5, abs=0.006)
    assert made.frames == audio.frames
