from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.f0 import F0Track
from assistant.dsp.retiming import Retimed, retime
from assistant.material import Audio, Samples
from tests.assistant.dsp.test_stretching import made, scratch

RATE = 44_100
HOP = 0.005


def voice(hz: float = 150.0, seconds: float = 3.0, channels: int = 1) -> tuple[Audio, F0Track]:
    """Make a buzz between 0.5 s and 2.3 s, with soft noise under it."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2.0 * np.pi * order * hz * time) / order for order in range(1, 12))
    sounding = np.clip((time - 0.5) / 0.02, 0.0, 1.0) * np.clip((2.3 - time) / 0.05, 0.0, 1.0)
    noise = np.random.default_rng(7).normal(0.0, 1e-3, time.size)
    row = 0.2 * tone * sounding + noise
    rows = row * np.linspace(1.0, 0.5, channels)[:, None]
    points = np.arange(0.0, seconds, HOP)
    voiced = np.where((points > 0.5) & (points < 2.3), 0.95, 0.05)
    track = F0Track(points, np.full(points.size, hz), voiced, np.full(points.size, -20.0), HOP)
    return Audio(rows.astype(np.float32), RATE), track


def moved(audio: Audio, track: F0Track, points: list[tuple[float, float]]) -> Retimed:
    return made(retime(audio, track, np.array(points), scratch))


def level(samples: Samples, start: float, end: float) -> float:
    part = samples[0, round(start * RATE) : round(end * RATE)].astype(np.float64)
    return float(np.sqrt((part**2).mean()))


@pytest.mark.parametrize("channels", [1, 2])
def test_nothing_changes_where_time_runs_as_it_did(channels: int) -> None:
    audio, track = voice(channels=channels)
    done = moved(audio, track, [(0.0, 0.0), (1.0, 1.0), (3.0, 3.0)])
    assert np.array_equal(done.audio.samples, audio.samples)
    assert done.copied == 1.0


@pytest.mark.parametrize("shift", [-0.1, -0.013, 0.02, 0.15])
def test_a_note_between_rests_is_moved_to_the_frame(shift: float) -> None:
    audio, track = voice()
    points = [(0.0, 0.0), (0.45, 0.45 + shift), (2.4, 2.4 + shift), (3.0, 3.0)]
    done = moved(audio, track, points)
    assert done.audio.frames == audio.frames
    by = round((0.45 + shift) * RATE) - round(0.45 * RATE)
    note = slice(round(0.45 * RATE), round(2.4 * RATE))
    there = slice(note.start + by, note.stop + by)
    assert np.array_equal(done.audio.samples[:, there], audio.samples[:, note])
    assert done.map == pytest.approx(np.array(points), abs=2.0 / RATE)


@pytest.mark.parametrize("change", [-0.3, -0.06, 0.05, 0.4])
@pytest.mark.parametrize("hz", [90.0, 150.0, 440.0])
def test_what_is_held_is_made_longer_or_shorter(change: float, hz: float) -> None:
    audio, track = voice(hz)
    points = [(0.0, 0.0), (0.8, 0.8), (2.0, 2.0 + change), (2.4, 2.4 + change), (3.0, 3.0)]
    done = moved(audio, track, points)
    assert done.map == pytest.approx(np.array(points), abs=0.55 / hz)
    held = done.audio.samples[0, round(0.85 * RATE) : round((1.95 + change) * RATE)]
    cycle = RATE / hz
    if cycle == int(cycle):  # a sound that repeats itself goes on doing so
        assert np.abs(held[int(cycle) :] - held[: -int(cycle)]).max() < 0.02
    assert level(done.audio.samples, 0.9, 1.9 + change) == pytest.approx(
        level(audio.samples, 0.9, 1.9), rel=0.02
    )
    assert done.copied > 0.6


def test_no_clicks_where_it_is_spliced() -> None:
    audio, track = voice(147.0)
    points = [(0.0, 0.0), (0.8, 0.8), (2.0, 2.3), (2.4, 2.7), (3.0, 3.0)]
    done = moved(audio, track, points)
    steps = np.abs(np.diff(done.audio.samples[0])).max()
    assert steps < 1.1 * np.abs(np.diff(audio.samples[0])).max()


def test_channels_stay_together() -> None:
    audio, track = voice(channels=2)
    done = moved(audio, track, [(0.0, 0.0), (0.8, 0.8), (2.0, 2.1), (2.4, 2.5), (3.0, 3.0)])
    left, right = done.audio.samples
    assert right == pytest.approx(0.5 * left, abs=1e-6)


def test_the_end_falls_where_it_did_though_all_is_voiced() -> None:
    time = np.arange(RATE) / RATE
    tone = Audio((0.3 * np.sin(2.0 * np.pi * 201.0 * time))[None, :].astype(np.float32), RATE)
    points = np.arange(0.0, 1.0, HOP)
    track = F0Track(points, np.full(200, 201.0), np.ones(200), np.full(200, -10.0), HOP)
    done = moved(tone, track, [(0.0, 0.0), (0.3, 0.3), (0.6, 0.7), (1.0, 1.0)])
    assert done.audio.frames == RATE
    assert done.map[-1] == pytest.approx((1.0, 1.0), abs=0.5 / 201.0)


@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.0), (1.0, 2.0), (3.0, 2.0)],
        [(0.0, 0.0), (1.0, 1.0), (0.5, 2.0), (3.0, 3.0)],
        [(0.0, 0.0), (2.0, 2.0)],
        [(0.5, 0.0), (3.0, 3.0)],
    ],
)
def test_a_map_that_does_not_rise_to_the_end_is_refused(points: list[tuple[float, float]]) -> None:
    audio, track = voice()
    with pytest.raises(ValueError, match="rises"):
        moved(audio, track, points)
