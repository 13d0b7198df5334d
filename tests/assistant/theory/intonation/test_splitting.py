from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.splitting import split, weights

HOP = 0.005


def test_a_vibrato_that_is_cut_anywhere_does_not_pull_the_centre() -> None:
    for seconds in (0.45, 0.53, 0.61, 0.8, 1.37):
        for phase in np.linspace(0.0, 2.0 * np.pi, 8):
            time = np.arange(0.0, seconds, HOP)
            pitch = 60.0 + 0.5 * np.sin(2.0 * np.pi * 5.3 * time + phase)
            parts = split(pitch, np.ones(time.size), HOP)
            assert 100.0 * (parts.centre - 60.0) == pytest.approx(0.0, abs=2.0)
            assert parts.depth == pytest.approx(50.0, rel=0.12)
            assert parts.hz == pytest.approx(5.3, abs=0.2)


def test_drift_and_vibrato_are_told_apart() -> None:
    time = np.arange(0.0, 2.0, HOP)
    slow, quick = 40.0 * (time - 1.0), 30.0 * np.sin(2.0 * np.pi * 6.0 * time)
    parts = split(65.3 + (slow + quick) / 100.0, np.ones(time.size), HOP)
    assert parts.centre == pytest.approx(65.3, abs=0.01)
    assert np.abs(parts.slow - slow).max() < 4.0
    assert np.abs(parts.vibrato - quick).max() < 6.0


def test_a_long_note_is_taken_apart_as_a_short_one_is() -> None:
    time = np.arange(0.0, 21.0, HOP)
    slow, quick = 30.0 * np.sin(0.8 * time), 25.0 * np.sin(2.0 * np.pi * 5.0 * time)
    parts = split(60.0 + (slow + quick) / 100.0, np.ones(time.size), HOP)
    assert np.std(parts.slow - slow + slow.mean()) < 2.0
    assert np.std(parts.vibrato - quick) < 3.0


def test_an_uneven_voice_has_no_vibrato() -> None:
    rng = np.random.default_rng(4)
    found = 0
    for seconds in np.linspace(0.3, 1.5, 40):
        waver = np.convolve(rng.normal(0.0, 8.0, round(seconds / HOP)), np.ones(6) / 2.4, "same")
        found += split(60.0 + waver / 100.0, np.ones(waver.size), HOP).hz > 0.0
    assert found <= 2


@pytest.mark.parametrize("scoop", [-220.0, -90.0, 150.0])
def test_a_scoop_and_a_fall_are_not_held(scoop: float) -> None:
    time = np.arange(0.0, 0.6, HOP)
    off = scoop * np.exp(-time / 0.04) - 150.0 * np.clip((time - 0.53) / 0.07, 0.0, 1.0)
    parts = split(60.0 + off / 100.0, np.ones(time.size), HOP)
    assert parts.centre == pytest.approx(60.0, abs=0.04)
    assert 0.03 <= HOP * parts.first <= 0.12
    assert 0.5 <= HOP * parts.last <= 0.56


@pytest.mark.parametrize("seconds", [0.16, 0.2, 0.32, 0.4])
@pytest.mark.parametrize("depth", [-200.0, -150.0, 170.0])
def test_a_short_note_that_falls_at_its_end_is_centred_where_it_stood(
    seconds: float, depth: float
) -> None:
    time = np.arange(0.0, seconds, HOP)
    fall = depth * np.clip((time / seconds - 0.65) / 0.35, 0.0, 1.0) ** 1.5
    parts = split(60.0 + fall / 100.0, np.ones(time.size), HOP)
    assert 100.0 * (parts.centre - 60.0) == pytest.approx(0.0, abs=7.0)
    assert parts.first <= 2


def test_what_dies_away_elsewhere_does_not_pull_the_centre() -> None:
    time = np.arange(0.0, 0.3, HOP)
    away = time > 0.16
    share = weights(np.ones(time.size), np.where(away, -29.0, -18.0))
    parts = split(np.where(away, 59.4, 60.0), share, HOP)
    assert parts.centre == pytest.approx(60.0, abs=0.15)


def test_slips_of_the_tracker_do_not_count() -> None:
    pitch = np.full(100, 60.0)
    pitch[[30, 31, 60]] += 12.0
    parts = split(pitch, np.ones(100), HOP)
    assert parts.centre == pytest.approx(60.0, abs=1e-3)
    assert (parts.first, parts.last) == (0, 100)


@pytest.mark.parametrize("frames", [1, 2, 3, 7, 15])
def test_the_shortest_notes_have_a_centre(frames: int) -> None:
    parts = split(np.full(frames, 60.25), np.ones(frames), HOP)
    assert parts.centre == pytest.approx(60.25)
    assert parts.last > parts.first
    assert split(np.full(frames, 60.25), np.zeros(frames), HOP).centre == pytest.approx(60.25)


def test_the_spread_tells_how_sure_the_centre_is() -> None:
    rng = np.random.default_rng(9)
    spreads, errors = [], []
    for _ in range(60):
        waver = np.convolve(rng.normal(0.0, 10.0, 80), np.ones(6) / 2.4, "same")
        parts = split(60.0 + waver / 100.0, np.ones(80), HOP)
        spreads.append(parts.spread)
        errors.append(100.0 * (parts.centre - 60.0))
    ratio = np.sqrt(np.mean(np.square(errors))) / np.mean(spreads)
    assert 0.4 < ratio < 1.6


def test_soft_and_unvoiced_frames_weigh_little() -> None:
    share = weights(np.array([0.9, 0.9, 0.2]), np.array([-20.0, -60.0, -20.0]))
    assert share[0] > 10.0 * share[1] > 0.0
    assert share[2] == 0.0
