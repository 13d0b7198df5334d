from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing, Compressor
from assistant.material import Audio
from assistant.mixing.squeezing import PEAKS_PER_SECOND, duck, lost_under, peak_levels, squeeze
from assistant.steps import result

RATE = 44_100
TIME = np.arange(4 * RATE) / RATE
SET_TO = Compressor(0.0, ratio=2.0, attack_ms=30.0, release_ms=200.0)


def _audio(row: np.ndarray) -> Audio:
    return Audio(np.atleast_2d(row).astype(np.float32), RATE)


def _phrases() -> np.ndarray:
    """Play a tone that is loud for half a second, and 12 dB softer for the next."""
    level = np.where(TIME % 1.0 < 0.5, 0.5, 0.125)
    return level * np.sin(2 * np.pi * 220 * TIME)


def _strokes() -> np.ndarray:
    since = TIME % 0.5
    return 0.8 * np.sin(2 * np.pi * 60 * since) * np.exp(-since / 0.08)


def test_peaks_are_those_of_the_waveform_held_for_a_moment() -> None:
    peaks = result(peak_levels(_audio(_phrases())))
    assert len(peaks) == pytest.approx(4 * PEAKS_PER_SECOND, abs=2)
    assert peaks.max() == pytest.approx(0.5, abs=0.001)
    softer = peaks[round(0.7 * PEAKS_PER_SECOND) : round(0.9 * PEAKS_PER_SECOND)]
    assert softer == pytest.approx(0.125, rel=0.02)
    assert len(result(peak_levels(_audio(np.zeros(0))))) == 0


@pytest.mark.parametrize("wanted_db", [1.0, 2.0, 3.0])
def test_it_takes_what_is_wanted_and_gives_it_back(wanted_db: float) -> None:
    sound = _phrases()
    found = squeeze(result(peak_levels(_audio(sound))), SET_TO, wanted_db, 20.0)
    assert found is not None
    assert found.taken_db == pytest.approx(wanted_db, abs=0.1)
    assert found.compressor.makeup_db == pytest.approx(found.taken_db, abs=0.051)
    pair = np.stack([sound, sound])
    Compressing(found.compressor, RATE).run(pair, 0)
    apart_db = 10 * np.log10(np.mean(pair[0] ** 2) / np.mean(sound**2))
    assert apart_db == pytest.approx(0.0, abs=0.2)
    loud, soft = (
        np.abs(pair[0, round(t * RATE) : round((t + 0.1) * RATE)]).max() for t in (1.4, 1.9)
    )
    assert 20 * np.log10(loud / soft) < 12.0 - 0.5 * wanted_db


def test_what_is_even_is_not_squeezed() -> None:
    peaks = result(peak_levels(_audio(_phrases())))
    assert squeeze(peaks, SET_TO, 3.0, 8.0) is None
    assert squeeze(np.zeros(100), SET_TO, 3.0, 20.0) is None
    less, more = (squeeze(peaks, SET_TO, 3.0, plr) for plr in (12.0, 16.0))
    assert less is not None
    assert more is not None
    assert less.taken_db == pytest.approx(more.taken_db / 2, abs=0.1)


@pytest.mark.parametrize("by_db", [2.0, 4.0])
def test_a_stroke_turns_another_track_down_and_lets_it_go(by_db: float) -> None:
    strokes = _strokes()
    compressor = duck(result(peak_levels(_audio(strokes))), by_db)
    bass = np.ones((2, TIME.size))
    Compressing(compressor, RATE).run(bass, 0, np.stack([strokes, strokes]))
    down_db = -20 * np.log10(bass[0, RATE:])
    assert down_db.max() == pytest.approx(by_db, abs=0.8)
    assert down_db[round(0.45 * RATE)] < 0.5


@pytest.mark.parametrize("later_seconds", [-1.0, 0.0, 1.0])
def test_what_is_lost_under_strokes_is_known(later_seconds: float) -> None:
    strokes, bass = _strokes(), np.exp(-(TIME % 0.5) / 0.2) * np.sin(2 * np.pi * 55 * TIME)
    key, peaks = (result(peak_levels(_audio(sound))) for sound in (strokes, bass))
    compressor = duck(key, 4.0)
    inside = np.arange(TIME.size) + round(later_seconds * RATE)
    there = (inside >= 0) & (inside < TIME.size)
    heard = np.where(there, strokes[np.clip(inside, 0, TIME.size - 1)], 0.0)
    pair = np.stack([bass, bass])
    Compressing(compressor, RATE).run(pair, 0, np.stack([heard, heard]))
    lost_db = 10 * np.log10(np.mean(bass**2) / np.mean(pair[0] ** 2))
    later = round(later_seconds * PEAKS_PER_SECOND)
    assert lost_db > 1.0
    assert lost_under(compressor, key, peaks, later) == pytest.approx(lost_db, abs=0.4)


def test_nothing_is_lost_in_silence_or_far_away() -> None:
    key = result(peak_levels(_audio(_strokes())))
    compressor = duck(key, 4.0)
    assert lost_under(compressor, key, np.zeros(100), 0) == 0.0
    assert lost_under(compressor, key, np.ones(100), 10_000) == 0.0
    assert lost_under(compressor, key, np.ones(100), -10_000) == 0.0
