from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.beats import HOP, WINDOW, Pulse, may_be, onset_bands, onsets, pulse_at, pulse_of
from assistant.dsp.chroma import RATE_HZ

Sound = NDArray[np.float32]


def clicks(times: NDArray[np.float64], seconds: float) -> Sound:
    """Low thuds on a bed of noise."""
    rng = np.random.default_rng(5)
    sound = 0.001 * rng.standard_normal(round(seconds * RATE_HZ))
    decay = np.exp(-np.arange(4_000) / 600.0)
    thud = decay * (np.sin(np.arange(4_000) * 2.0 * np.pi * 90.0 / RATE_HZ)
                    + 0.5 * rng.standard_normal(4_000))  # fmt: skip
    for time in times:
        start = round(time * RATE_HZ)
        heard = sound[start : start + 4_000]
        heard += 0.4 * thud[: heard.size]
    return sound.astype(np.float32)


def pulse(sound: Sound, bpm: float | None = None) -> Pulse:
    padded = np.concatenate((np.zeros(WINDOW // 2, dtype=np.float32), sound))
    starts = range(0, padded.size - WINDOW + 1, HOP)
    frames = np.stack([padded[start : start + WINDOW] for start in starts])
    told = onsets(onset_bands(frames))
    return pulse_of(*told) if bpm is None else pulse_at(*told, bpm)


@pytest.mark.parametrize("bpm", [62.0, 75.0, 90.0, 97.0, 100.0, 118.0, 133.0, 150.0])
def test_a_steady_beat(bpm: float) -> None:
    times = np.arange(0.3, 29.0, 60.0 / bpm)
    found = pulse(clicks(times, 30.0))
    assert found.bpm == pytest.approx(bpm, rel=0.002)
    assert found.steady
    away = np.abs(times[:, None] - found.beats).min(axis=1)
    assert np.median(away) < 0.015


def test_the_octave_is_named_as_well() -> None:
    times = np.arange(0.3, 29.0, 60.0 / 120.0)
    others = dict(pulse(clicks(times, 30.0)).others)
    assert {60.0, 240.0} <= set(others)
    assert all(fit <= 1.0 for fit in others.values())


def test_a_tempo_that_moves_is_followed_and_said() -> None:
    gaps = 60.0 / np.linspace(90.0, 125.0, 50)
    times = 0.2 + np.cumsum(gaps)
    found = pulse(clicks(times, float(times[-1]) + 1.0))
    assert not found.steady
    away = np.abs(times[:, None] - found.beats).min(axis=1)
    assert np.median(away) < 0.03


def test_clicks_are_clearer_than_noise() -> None:
    noise = np.random.default_rng(6).standard_normal(20 * RATE_HZ).astype(np.float32)
    times = np.arange(0.3, 19.0, 0.5)
    assert pulse(clicks(times, 20.0)).clarity > 0.5
    assert pulse(0.1 * noise).clarity < 0.2


def test_silence_and_scraps_have_no_beat_that_could_be_counted() -> None:
    assert pulse(np.zeros(RATE_HZ // 2, dtype=np.float32)).beats.size < 4
    assert np.isfinite(pulse(np.zeros(5 * RATE_HZ, dtype=np.float32)).beats).all()


@pytest.mark.parametrize(("bpm", "first"), [(97.3, 0.0), (97.3, 0.2), (143.0, 0.31), (61.0, 0.6)])
def test_only_the_phase_of_a_known_tempo_is_found(bpm: float, first: float) -> None:
    times = np.arange(first, 29.0, 60.0 / bpm)
    found = pulse(clicks(times, 30.0), bpm)
    assert found.bpm == bpm
    assert found.steady
    assert found.others == ()
    assert np.diff(found.beats)[1:] == pytest.approx(60.0 / bpm)
    away = np.abs(times[:, None] - found.beats).min(axis=1)
    assert np.median(away) < 0.015


def test_a_known_beat_lies_on_the_start_where_nothing_speaks_against_it() -> None:
    noise = 0.1 * np.random.default_rng(6).standard_normal(20 * RATE_HZ).astype(np.float32)
    assert pulse(noise, 100.0).beats[0] == pytest.approx(0.0, abs=0.06)


def test_a_tempo_that_is_said_is_doubted_only_where_another_is_clear() -> None:
    clear = Pulse(
        np.arange(9, dtype=np.float64) * 0.5, 120.0, ((80.0, 0.7), (150.0, 0.2)), 0.9, steady=True
    )
    assert all(may_be(clear, bpm) for bpm in (120.0, 60.0, 240.0, 118.0, 80.0, 160.0))
    assert not may_be(clear, 100.0)
    assert not may_be(clear, 150.0)
    assert may_be(replace(clear, clarity=0.1), 100.0)
