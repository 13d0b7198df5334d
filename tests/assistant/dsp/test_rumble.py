from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from assistant.dsp.rumble import rumble_under_bass, without_low_end
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, record, song, zeros

SECONDS = 14.0
TIME = np.arange(int(SECONDS * RATE)) / RATE


def rumbling(level: float, low_hz: float = 3.0, high_hz: float = 10.0) -> NDArray[np.float64]:
    """Make noise below all music, other in each channel."""
    sections = butter(3, (low_hz, high_hz), "bandpass", output="sos", fs=RATE)
    noise = np.random.default_rng(11).standard_normal((2, TIME.size))
    made = sosfilt(sections, noise, axis=1)
    return np.asarray(level * made / made.std())


def over(music: Audio, more: NDArray[np.float64]) -> Audio:
    return Audio((music.samples + more).astype(np.float32), RATE)


def decibels(ratio: float) -> float:
    return 20.0 * float(np.log10(ratio))


def organ() -> NDArray[np.float64]:
    """Make the lowest pipe that organs have, held for four seconds of every five, and a chord."""
    held = (TIME % 5.0 < 4.0) * np.minimum(1.0, TIME % 5.0 / 0.3)
    pipe = sum(np.sin(2.0 * np.pi * 16.35 * n * TIME) / n for n in (1, 2, 3, 4))
    chord = sum(np.sin(2.0 * np.pi * hz * TIME) for hz in (130.8, 164.8, 196.0))
    return np.asarray(0.15 * held * pipe + 0.05 * chord)


def sub_bass() -> NDArray[np.float64]:
    """Make an 808 whose notes ring out at 28 Hz."""
    after = TIME % 0.9
    turns = 2.0 * np.pi * (28.0 * after + 1.5 * (1.0 - np.exp(-after / 0.04)))
    return np.asarray(0.5 * np.tanh(1.5 * np.sin(turns) * np.exp(-after / 0.6)))


def drops() -> NDArray[np.float64]:
    """Make a bass that falls from 60 to 12 Hz, twice."""
    after = TIME % 7.0
    hertz = 12.0 + 48.0 * np.exp(-after / 0.9)
    return np.asarray(0.5 * np.sin(2.0 * np.pi * np.cumsum(hertz) / RATE) * np.exp(-after / 1.5))


def test_it_is_measured_against_the_bass() -> None:
    bass = 0.1 * np.sin(2.0 * np.pi * 60.0 * TIME)
    heard = over(Audio(zeros((2, TIME.size)), RATE), bass + rumbling(0.05))
    level_db = result(rumble_under_bass(heard))
    assert level_db == pytest.approx(decibels(0.05 * np.sqrt(2.0) / 0.1), abs=2.0)


@pytest.mark.parametrize(
    "audio",
    [
        pytest.param(record(SECONDS), id="a record"),
        pytest.param(song(SECONDS), id="a song"),
        pytest.param(over(song(SECONDS, level=0.05), organ()), id="an organ"),
        pytest.param(over(song(SECONDS, level=0.05), organ() + rumbling(0.1, 3.0, 8.0)), id="both"),
        pytest.param(over(song(SECONDS, level=0.1), sub_bass()), id="an 808"),
        pytest.param(over(song(SECONDS, level=0.1), drops()), id="a bass drop"),
        pytest.param(over(record(5.0), rumbling(0.1)[:, : 5 * RATE]), id="too short to tell"),
        pytest.param(Audio(zeros((2, 14 * RATE)), RATE), id="silence"),
        pytest.param(Audio(zeros((1, 0)), RATE), id="nothing"),
    ],
)
def test_music_is_no_rumble(audio: Audio) -> None:
    assert result(rumble_under_bass(audio)) is None


def test_a_pause_does_not_hide_it() -> None:
    sounding = (TIME < 10.4) * (record(SECONDS).samples + rumbling(0.1))
    assert result(rumble_under_bass(Audio(sounding.astype(np.float32), RATE))) is not None


def test_what_lies_above_the_corner_stays_where_it_is() -> None:
    music = np.sin(2.0 * np.pi * 28.0 * TIME) + np.sin(2.0 * np.pi * 440.0 * TIME)
    kept = Audio(np.asarray(0.2 * music[None], np.float32), RATE)
    out = zeros((1, TIME.size))
    list(without_low_end(over(kept, 0.3 * np.sin(2.0 * np.pi * 8.0 * TIME)[None]), out))
    inside = slice(RATE, -RATE)
    assert np.abs(out - kept.samples)[:, inside].max() < 0.004
