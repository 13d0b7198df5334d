"""From -23 to -9 LUFS: what is reached, what is said where it takes much, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.drive import follow
from assistant.errors import TargetError
from assistant.mastering.finishing import Delivery
from assistant.mastering.heard import hear
from assistant.mastering.mastered import Goal, Mastered, master
from assistant.mastering.ways import Way
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, record, song, zeros

TARGETS = (-23.0, -20.0, -18.0, -16.0, -14.0, -12.0, -11.0, -10.0, -9.0)
CEILING_DB = -1.0
REASONS = ("Its peaks stand", "of its energy lies below 100 Hz", "it lasts", "nearest sensible")


def clicks() -> Audio:
    """Make soft noise under a few loud clicks, so that loudness costs much limiting."""
    dice = np.random.default_rng(5)
    struck = dice.random(4 * RATE) < 1e-4
    return Audio((0.02 * dice.standard_normal((2, 4 * RATE)) + 0.7 * struck).astype("f4"), RATE)


def gated() -> Audio:
    """Make passages whose levels lie around the gate of BS.1770, where loudness can jump."""
    dice = np.random.default_rng(6)
    levels_db = np.repeat((0.0, -9.5, -10.0, -10.5, -25.0, 0.0, -9.0, -10.2), RATE)
    beat = 0.3 + np.exp(-(np.arange(levels_db.size) / RATE % 0.4) / 0.08)
    noise = 0.1 * 10.0 ** (levels_db / 20.0) * beat * dice.standard_normal((2, levels_db.size))
    return Audio(noise.astype("f4"), RATE)


def hum() -> Audio:
    """Make nearly nothing but a bass that a meter hardly hears."""
    turns = 2.0 * np.pi * 30.0 * np.arange(3 * RATE) / RATE
    return Audio(np.asarray([0.4 * np.sin(turns) + 0.01 * np.sin(30.0 * turns)], "f4"), RATE)


SOUNDS = {"song": lambda: song(4.0), "record": lambda: record(4.0)}
SOUNDS |= {"clicks": clicks, "gated": gated, "hum": hum, "short": lambda: song(0.45)}


def mastered(audio: Audio, loudness: float) -> Mastered:
    goal = Goal(loudness, CEILING_DB, audio.rate, Delivery(24, "tpdf"))
    return result(master(audio, result(hear(audio)), Way("", ""), goal, None, zeros))


def check(audio: Audio, loudness: float) -> None:
    """See that a target is met, or that what it costs is told."""
    try:
        made = mastered(audio, loudness)
    except TargetError as refused:
        assert all(reason in str(refused) for reason in REASONS)
        return
    assert made.loudness.integrated == pytest.approx(loudness, abs=0.05)
    assert made.loudness.true_peak <= CEILING_DB
    assert (made.sensible is None) == (made.finished.master.limiting_db <= 8.0)


@pytest.mark.parametrize("name", SOUNDS)
def test_every_target_is_met_or_its_price_is_told(name: str) -> None:
    audio = SOUNDS[name]()
    for loudness in TARGETS:
        check(audio, loudness)


@pytest.mark.parametrize("name", SOUNDS)
def test_what_takes_under_6_db_of_limiting_is_never_refused(name: str) -> None:
    audio = SOUNDS[name]()
    drive = result(follow(audio, CEILING_DB, zeros))
    for limiting_db in (0.3, 5.9):
        loudness = result(drive.loudness_at(drive.headroom_db + limiting_db))
        made = mastered(audio, loudness)
        assert made.loudness.integrated == pytest.approx(loudness, abs=0.05)
        assert made.finished.master.limiting_db < limiting_db + 0.3


@pytest.mark.data
def test_finished_mixes_meet_every_target(data: Path) -> None:
    for path in sorted((data / "music").glob("*.ogg")):
        with soundfile.SoundFile(path) as file:
            file.seek(30 * file.samplerate)
            samples = file.read(6 * file.samplerate, dtype="float32", always_2d=True)
            audio = Audio(np.ascontiguousarray(samples.T), file.samplerate)
        for loudness in (-23.0, -14.0, -11.0, -9.0):
            check(audio, loudness)
