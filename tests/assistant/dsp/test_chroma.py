from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.chroma import HOP, RATE_HZ, WINDOW, chroma, pitch_spectra, tuning_of, turns

Sound = NDArray[np.float32]


def tones(*pitches: float, seconds: float = 3.0, overtones: int = 6) -> Sound:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sound = np.zeros(time.size)
    for pitch in pitches:
        hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
        for order in range(1, overtones + 1):
            sound += 0.6 ** (order - 1) * np.sin(2.0 * np.pi * order * hz * time + pitch * order)
    return (0.1 * sound).astype(np.float32)


def spectra(sound: Sound) -> Sound:
    starts = range(0, sound.size - WINDOW + 1, HOP)
    return pitch_spectra(np.stack([sound[start : start + WINDOW] for start in starts]))


def classes(sound: Sound, tuning: float = 0.0) -> tuple[Sound, Sound]:
    found = spectra(sound)
    both = chroma(found, np.array([0, len(found)]), tuning)
    return both.treble[0], both.bass[0]


@pytest.mark.parametrize("pitch", range(48, 84))
def test_the_overtones_of_a_note_are_no_notes(pitch: int) -> None:
    treble, _ = classes(tones(float(pitch)))
    assert int(treble.argmax()) == pitch % 12
    assert np.delete(treble, pitch % 12).max() < 0.25 * treble.max()


@pytest.mark.parametrize("pitches", [(60, 64, 67), (57, 60, 64), (62, 66, 69, 72), (59, 62, 65)])
def test_the_notes_of_a_chord_stand_out(pitches: tuple[int, ...]) -> None:
    treble, _ = classes(tones(*map(float, pitches)))
    loudest = np.argsort(-treble)[: len(pitches)]
    assert set(loudest.tolist()) == {pitch % 12 for pitch in pitches}


def test_the_bass_is_heard_apart() -> None:
    treble, bass = classes(tones(38.0, 64.0, 67.0, 72.0))
    assert int(bass.argmax()) == 2
    assert treble[2] < treble[[4, 7, 0]].min()


@pytest.mark.parametrize("cents", [-40, -20, 0, 15, 35])
def test_the_tuning_is_found_and_followed(cents: int) -> None:
    sound = tones(*(pitch + cents / 100.0 for pitch in (60, 64, 67, 69, 72)))
    tuning, strength = tuning_of(spectra(sound))
    assert 100.0 * tuning == pytest.approx(cents, abs=6.0)
    assert strength > 0.1
    treble, _ = classes(sound, tuning)
    assert set(np.argsort(-treble)[:4].tolist()) == {0, 4, 7, 9}


def test_noise_keeps_to_no_scale() -> None:
    noise = np.random.default_rng(3).standard_normal(10 * RATE_HZ).astype(np.float32)
    assert tuning_of(spectra(0.1 * noise))[1] < 0.02


def test_a_change_of_chord_is_a_turn() -> None:
    sound = np.concatenate((tones(60.0, 64.0, 67.0), tones(59.0, 62.0, 67.0)))
    found = spectra(sound)
    middle = round(3.0 * RATE_HZ / HOP) - WINDOW // HOP // 2
    changes = turns(found, np.array([0, middle // 2, middle, middle * 3 // 2, len(found)]))
    assert changes[0] == changes[-1] == 0.0
    assert changes[2] > 0.2 > 5.0 * max(changes[1], changes[3])


def test_silence_has_no_notes_and_no_numbers_that_are_none() -> None:
    treble, bass = classes(np.zeros(RATE_HZ, dtype=np.float32))
    assert np.isfinite(treble).all()
    assert np.isfinite(bass).all()
    assert tuning_of(spectra(np.zeros(RATE_HZ, dtype=np.float32)))[1] == 0.0
