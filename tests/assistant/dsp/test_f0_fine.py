from __future__ import annotations

import tracemalloc
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp import f0_fine, mono
from assistant.dsp.f0 import F0Track, track
from assistant.dsp.f0_fine import HOP_SECONDS, mend, refine, runs, sharpen
from assistant.material import Audio

Row = NDArray[np.float64]


def done(steps: Generator[float, None, Any]) -> Any:
    before = 0.0
    while True:
        try:
            now = next(steps)
        except StopIteration as end:
            assert before == 1.0
            return end.value
        assert before <= now <= 1.0
        before = now


def sung(cents: Row, hz: float, rate: int) -> NDArray[np.float32]:
    """Sing a vowel-like tone whose pitch moves by so many cents."""
    turns = 2.0 * np.pi * np.cumsum(hz * 2.0 ** (cents / 1200.0)) / rate
    orders = range(1, min(16, int(0.4 * rate / hz / 2.0 ** (cents.max() / 1200.0))) + 1)
    tone = sum(np.sin(order * turns + order**2) / order for order in orders)
    return np.asarray(0.12 * tone, dtype=np.float32)


def take(hz: float, rate: int = 44_100) -> tuple[Audio, Row]:
    """Sing with vibrato and a step, a hiss in the middle, rests at both ends; and the truth."""
    time = np.arange(round(3.0 * rate)) / rate
    cents = 50.0 * np.sin(2.0 * np.pi * 5.5 * time) + 200.0 / (1.0 + np.exp((1.2 - time) / 0.01))
    gate = np.clip(np.minimum(time - 0.3, 2.7 - time) / 0.01, 0.0, 1.0)
    hiss = (time > 1.7) & (time < 1.8)
    rng = np.random.default_rng(7)
    noise = rng.normal(0.0, 1.0, time.size) * (0.05 * hiss + 1e-4)
    sound = sung(cents, hz, rate) * gate * ~hiss + noise
    frames = np.arange(600) * HOP_SECONDS
    return Audio(sound[None, :].astype(np.float32), rate), np.interp(frames, time, cents)


def coarse_of(truth: Row, hz: float, off: float = 6.0) -> F0Track:
    """Make a coarse track that is some cents off and takes the hiss for a voice."""
    times: Row = np.arange(187, dtype=np.float64) * 0.016
    cents = np.interp(times, np.arange(truth.size) * HOP_SECONDS, truth)
    cents += off * np.sin(2.0 * np.pi * 0.9 * times)
    confidence = np.where((times > 0.28) & (times < 2.72), 0.95, 0.05)
    return F0Track(times, hz * 2.0 ** (cents / 1200.0), confidence, np.full(187, -20.0))


INSIDE = np.r_[70:230, 250:335, 365:530]  # frames: away from the step and from the edges


@pytest.mark.parametrize("hz", [65.0, 110.0, 220.0, 523.25, 1_000.0])
def test_pitch_is_found_to_cents(hz: float) -> None:
    audio, truth = take(hz)
    found = done(refine(audio, coarse_of(truth, hz)))
    assert found.hop_seconds == HOP_SECONDS
    np.testing.assert_allclose(found.times, np.arange(600) * HOP_SECONDS)
    away = np.abs(1200.0 * np.log2(found.hz / hz) - truth)[INSIDE]
    assert found.voiced[INSIDE].all()
    assert np.median(away) < 1.5
    assert away.max() < 12.0


def test_hiss_and_rests_are_not_voiced() -> None:
    audio, truth = take(220.0)
    found = done(refine(audio, coarse_of(truth, 220.0)))
    assert not found.voiced[:58].any()
    assert not found.voiced[343:357].any()
    assert not found.voiced[542:].any()
    assert (found.hz > 0.0).all()
    assert (found.confidence[~found.voiced] < 0.5).all()
    assert found.level_db[100] > -25.0
    assert found.level_db[20] < -70.0


@pytest.mark.parametrize("ratio", [2.0, 0.5, 3.0])
def test_slips_of_the_coarse_track_are_mended(ratio: float) -> None:
    audio, truth = take(220.0)
    coarse = coarse_of(truth, 220.0)
    slipped = coarse.hz.copy()
    slipped[30:42] *= ratio
    found = done(refine(audio, replace(coarse, hz=slipped)))
    away = np.abs(1200.0 * np.log2(found.hz / 220.0) - truth)[INSIDE]
    assert away.max() < 15.0


def test_what_the_voice_cannot_sing_is_not_voiced() -> None:
    audio, truth = take(220.0)
    found = done(refine(audio, coarse_of(truth, 220.0), 500.0, 900.0))
    assert not found.voiced.any()


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 96_000, 192_000])
def test_any_rate(rate: int) -> None:
    audio, truth = take(330.0, rate)
    found = done(refine(audio, coarse_of(truth, 330.0)))
    away = np.abs(1200.0 * np.log2(found.hz / 330.0) - truth)[INSIDE]
    assert np.median(away) < 1.5


def test_channels_in_antiphase_do_not_cancel() -> None:
    audio, truth = take(220.0)
    both = Audio(np.concatenate((audio.samples, -audio.samples)), audio.rate)
    found = done(refine(both, coarse_of(truth, 220.0)))
    assert found.hz.tobytes() == done(refine(audio, coarse_of(truth, 220.0))).hz.tobytes()


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    audio, truth = take(150.0)
    coarse = coarse_of(truth, 150.0)
    once = done(refine(audio, coarse))
    again = done(refine(audio, coarse))
    assert once.hz.tobytes() == again.hz.tobytes()
    whole = mono.mono_blocks
    monkeypatch.setattr(mono, "mono_blocks", lambda sound, weights, _: whole(sound, weights, 0.173))
    cut = done(refine(audio, coarse))
    np.testing.assert_allclose(cut.hz, once.hz, rtol=1e-6)
    np.testing.assert_array_equal(cut.voiced, once.voiced)


@pytest.mark.parametrize("frames", [0, 1, 100, 900])
def test_a_few_samples(frames: int) -> None:
    audio = Audio(np.full((1, frames), 0.1, dtype=np.float32), 44_100)
    found = done(refine(audio, done(track(audio)))) if frames else None
    assert found is None or not found.voiced.any()


def test_it_is_finer_than_the_network() -> None:
    pytest.importorskip("swift_f0")
    audio, truth = take(196.0)
    coarse = done(track(audio))
    found = done(refine(audio, coarse))

    def away(rough: F0Track) -> float:
        cents = 1200.0 * np.log2(np.interp(found.times, rough.times, rough.hz) / 196.0)
        return float(np.median(np.abs(cents - truth)[INSIDE]))

    assert away(found) < 1.0 < away(coarse)


def test_runs() -> None:
    assert runs(np.array([], dtype=np.bool_)) == []
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]


def test_short_stretches_are_dropped() -> None:
    sure = np.full(60, 0.9)
    repeats = np.full(60, 0.1)
    repeats[10:14] = 0.95  # 20 ms
    repeats[20:40] = 0.95
    repeats[30:32] = 0.2  # a gap of 10 ms
    voiced = f0_fine._voiced(sure, repeats, np.full(60, -20.0))
    assert runs(voiced) == [(20, 40)]


@pytest.fixture(scope="module")
def long_take() -> tuple[Audio, F0Track]:
    """Ten minutes, sung half of the time, and the coarse track of it."""
    times: Row = np.arange(37_500, dtype=np.float64) * 0.016
    time = np.arange(600 * 8_000) / 8_000
    on = np.sin(2.0 * np.pi * 0.25 * time) > 0.0
    tone = 0.2 * np.sin(2.0 * np.pi * 150.0 * time) * on
    sure = np.where(np.sin(2.0 * np.pi * 0.25 * times) > 0.0, 0.9, 0.1)
    coarse = F0Track(times, np.full(times.size, 150.0), sure, np.full(times.size, -20.0))
    return Audio(tone[None, :].astype(np.float32), 8_000), coarse


def peak_bytes(steps: Generator[float, None, Any]) -> int:
    tracemalloc.start()
    done(steps)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_of_a_long_take_few_arrays_are_held_at_once(long_take: tuple[Audio, F0Track]) -> None:
    audio, coarse = long_take
    column = 8 * audio.seconds / HOP_SECONDS  # bytes
    assert peak_bytes(sharpen(audio, coarse)) < 9.0 * column
    table = 6 * 8 * coarse.times.size
    assert peak_bytes(mend(audio, coarse)) < 5.3 * table
