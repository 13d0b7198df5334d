"""The script in a stand-in for REAPER, with the real `bandmate ask` and a real daemon behind it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.bridge.daw import Daemon, daemon
from tests.bridge.daws.reaper.conftest import Script
from tests.bridge.daws.reaper.songs import clip, landed, recording

pytestmark = pytest.mark.skipif(os.name != "posix", reason="what stands for bandmate is a script")

TUNE = [
    *((64, 16.0, 17.0), (62, 17.0, 18.0), (60, 18.0, 19.0), (62, 19.0, 20.0), (64, 20.0, 21.0)),
    *((64, 21.0, 22.0), (64, 22.0, 24.0), (62, 24.0, 25.0), (62, 25.0, 26.0), (62, 26.0, 28.0)),
    *((64, 28.0, 29.0), (67, 29.0, 30.0), (67, 30.0, 32.0)),
]
TRIADS = [
    *((57, 16.0, 20.0), (60, 16.0, 20.0), (64, 16.0, 20.0), (53, 20.0, 24.0), (57, 20.0, 24.0)),
    *((60, 20.0, 24.0), (55, 24.0, 28.0), (59, 24.0, 28.0), (62, 24.0, 28.0)),
]
RATE = 16_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    root = tmp_path_factory.mktemp("reaper")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANDMATE_HOME", str(root / "state"))
        with daemon(root=root.parent) as made:
            yield made


@pytest.fixture
def studio(running: Daemon, tmp_path: Path) -> Iterator[Script]:
    made = Script("5.4", tmp_path)
    made.is_real = True
    asked = f'exec "{sys.executable}" -m bridge "$@" --port {running.port}'
    made.command.write_text(f'#!/bin/sh\ncd "{Path.cwd()}"\n{asked}\n')
    made.command.chmod(0o755)
    yield made
    assert made.reaper.open_blocks == 0
    assert made.reaper.said == []


def sung(path: Path) -> None:
    """Sing the tune at 120 from its first note on, half a second after the file begins."""
    seconds = np.arange(RATE * 10) / RATE
    sound = np.zeros_like(seconds)
    for pitch, start, end in TUNE:
        begin, stop = 0.5 + (start - 16.0) / 2, 0.5 + (end - 16.0) / 2 - 0.05
        part = (seconds >= begin) & (seconds < stop)
        hertz = 440.0 * 2 ** ((pitch - 69) / 12)
        sound[part] = sum(
            0.2 / n * np.sin(2 * np.pi * hertz * n * seconds[part]) for n in (1, 2, 3)
        )
    soundfile.write(path, sound, RATE)


def test_a_tune_goes_on_after_the_musicians_own(studio: Script) -> None:
    clip(studio, *TUNE).length = 8.0
    studio.window.picks = ["Suggest a melody > Go on from it", "1. "]
    studio.run()
    notes = landed(studio)
    assert min(start for _, start, _, _ in notes) == 32.0
    assert max(start for _, start, _, _ in notes) < 64.0


def test_chords_for_a_tune_land_under_it_and_without_it(studio: Script) -> None:
    clip(studio, *TUNE).length = 8.0
    studio.window.picks = ["Suggest chords > Harmonise its melody", "1. "]
    studio.run()
    notes = landed(studio)
    assert (min(start for _, start, _, _ in notes), notes[-1][2] <= 32.0) == (16.0, True)
    assert {channel for *_, channel in notes} == {0, 1}  # chords and bass, no third part


def test_chords_go_on_after_the_musicians_own(studio: Script) -> None:
    clip(studio, *TRIADS).length = 6.0
    studio.window.picks = ["Suggest chords > Go on from it", "1. "]
    studio.run()
    starts = [start for _, start, _, _ in landed(studio)]
    assert (min(starts), max(starts) < 28.0 + 32.0) == (28.0, True)


def test_a_tune_over_chords_is_proposed_first_and_lands_over_them(studio: Script) -> None:
    clip(studio, *TRIADS).length = 6.0
    studio.window.picks = ["Suggest a melody > A new tune over it", "1. "]
    studio.run()
    starts = [start for _, start, _, _ in landed(studio)]
    assert 16.0 <= min(starts) < 20.0
    assert max(starts) < 28.0
    assert {channel for *_, channel in landed(studio)} == {0}


def test_a_sung_take_that_begins_within_a_bar_is_harmonised_from_its_bar_line(
    studio: Script,
) -> None:
    item = recording(studio, "sung.wav")
    sung(studio.folder / "sung.wav")
    item.position, item.length = 7.5, 8.5  # the tune begins at 8 s, which is the bar of quarter 16
    studio.window.picks = ["Suggest chords > Harmonise its melody", "1. "]
    studio.run()
    starts = [start for _, start, _, _ in landed(studio)]
    assert min(starts) == 16.0
    assert max(starts) < 32.0
    assert [track.name for track in studio.reaper.tracks] == ["sung.wav", "bandmate"]
