from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import SungNote
from assistant.theory.ear.voice_judging import GLIDES, SEVERAL, judge

Array = NDArray[np.float64]
FRAMES = 600


@dataclass(frozen=True)
class Track:
    pitch: Array
    confidence: Array
    level_db: Array
    hop_seconds: float = 0.016

    @property
    def times(self) -> Array:
        return np.asarray(np.arange(self.pitch.size) * self.hop_seconds, dtype=np.float64)


@dataclass(frozen=True)
class Voice:
    track: Track
    harmonic: Array
    onsets: Array


def voice(confidence: float = 0.97, harmonic: float = 0.9, speed: float = 0.0) -> Voice:
    time = np.arange(FRAMES) * 0.016
    track = Track(60.0 + 3.0 * np.sin(speed / 3.0 * time), np.full(FRAMES, confidence),
                  np.full(FRAMES, -20.0))  # fmt: skip
    return Voice(track, np.full(FRAMES, harmonic), np.zeros(FRAMES))


NOTES = [SungNote(60 + step, 1.6 * at, 1.6 * at + 1.5, 5.0, 0.0, 0.95, -20.0)
         for at, step in enumerate((0, 2, 4, 5, 4, 2))]  # fmt: skip


def test_a_tune() -> None:
    verdict = judge(voice(), NOTES)
    assert verdict.melody
    assert verdict.sure > 0.9


def test_several_things() -> None:
    for several in (voice(confidence=0.7), voice(harmonic=0.2), voice(confidence=0.1)):
        assert judge(several, NOTES).against == SEVERAL
    assert judge(voice(), []).against == SEVERAL


def test_speech() -> None:
    spoken = [replace(note, steady=0.5) for note in NOTES]
    assert judge(voice(speed=14.0), spoken).against == GLIDES


def test_a_drone_and_a_bass_line_are_no_melodies() -> None:
    drone = [replace(note, pitch=60) for note in NOTES]
    assert "different notes" in judge(voice(), drone).against
    bass = [replace(note, pitch=note.pitch - 24) for note in NOTES]
    assert "bass line" in judge(voice(), bass).against
