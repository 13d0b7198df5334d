"""The song so far, heard in a score or a sound."""

from __future__ import annotations

import numpy as np

from assistant.contract import Progress
from assistant.hearing import hear_song
from assistant.material import Audio, Note, Score, Track
from assistant.theory.ear.heard import Heard


def heard(
    material: Score | Audio | None, tempo: float | None = None, meter: str | None = None
) -> tuple[Heard | None, int]:
    steps, told = hear_song(material, tempo, meter), 0
    while True:
        try:
            assert isinstance(next(steps), Progress)
            told += 1
        except StopIteration as end:
            return end.value, told


def clicks(bpm: float) -> Audio:
    """Struck fifths, a beat each."""
    time = np.arange(16 * 44_100) / 44_100
    since = time % (60.0 / bpm)
    struck = np.exp(-6.0 * since) * (
        np.sin(2 * np.pi * 110 * time) + np.sin(2 * np.pi * 165 * time)
    )
    return Audio((0.3 * struck).astype(np.float32)[None], 44_100)


def test_nothing_is_heard_in_nothing() -> None:
    assert heard(None) == (None, 0)


def test_a_score_says_its_tempo_itself() -> None:
    score = Score((Track("lead", tuple(Note(60 + n % 7, n, 1) for n in range(16))),))
    found, told = heard(score, 97.0)
    assert found is not None
    assert (found.origin, found.bpm, told) == ("score", 120.0, 0)


def test_a_sound_is_heard_at_the_tempo_and_in_the_metre_that_are_said() -> None:
    found, told = heard(clicks(96.0), 96.0, "3/4")
    assert found is not None
    assert told > 1
    assert (found.origin, found.bpm, found.meter.numerator) == ("sound", 96.0, 3)
    assert not any("You say" in remark for remark in found.remarks)


def test_a_tempo_that_the_sound_speaks_against_is_doubted() -> None:
    found, _ = heard(clicks(96.0), 110.0)
    assert found is not None
    assert "You say 110 BPM; by itself it sounds like 96." in found.remarks
