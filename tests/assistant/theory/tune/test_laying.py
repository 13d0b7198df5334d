"""The notes of a song on the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from assistant.material import Meter, Score
from assistant.settings import Bars
from assistant.theory.ear.hearing import hear
from assistant.theory.tune.frame import darkened
from assistant.theory.tune.laying import lay_notes
from assistant.theory.tune.passage import Passage, find_passage
from tests.assistant.theory.tune.tunes import SONG, framed


@dataclass(frozen=True)
class Asked:
    do: str = "auto"
    bars: int = 8
    within: Bars | None = None
    keep_bars: Bars | None = None
    keep: tuple[str, ...] = ()
    change: str = "none"


def passage(score: Score = SONG, **asked: Any) -> Passage:
    return find_passage(Asked(**asked), hear(score), Meter(0.0, 4, 4))


def test_notes_that_stay_are_fixed_and_others_are_a_model() -> None:
    found = passage(do="vary", within=Bars(2, 2))
    frame = framed(bars=len(found.bars), span=(55.0, 74.0))
    given, kept = lay_notes(found, frame, rhythm=False, change="none")
    assert np.flatnonzero(kept.model[0] >= 0).tolist() == [16, 20, 24]
    assert kept.slots_written.tolist() == list(range(16, 32))
    assert np.flatnonzero(kept.fixed >= 0)[:4].tolist() == [0, 4, 8, 14]
    assert frame.pitches[0][kept.fixed[[0, 4, 8]]].tolist() == [64, 67, 69]
    assert not given.fixed[16:32].any()
    assert given.fixed[:16].all()


def test_simpler_leaves_out_what_is_off_the_beat() -> None:
    found = passage(change="simpler")
    given, _ = lay_notes(found, framed(bars=4), rhythm=False, change="simpler")
    assert np.flatnonzero(given.onsets[:16]).tolist() == [0, 4, 8]


def heights(change: str) -> tuple[list[int], list[list[int]], list[bool]]:
    """Tell the pitches of the song, of what is followed, and which fitted their chord."""
    frame = framed(bars=4, span=(48.0, 79.0))
    found = passage(change=change)
    _, kept = lay_notes(found, frame, rhythm=True, change=change)
    slots = np.flatnonzero(kept.model[0] >= 0)
    chords = frame.harmony[slots]
    lines = [frame.pitches[chords, row[slots]].tolist() for row in kept.model]
    song = [round(note.pitch) for note in found.tune]
    fits = [
        pitch % 12 in frame.chords[chord].pitch_classes
        for pitch, chord in zip(song, chords.tolist(), strict=True)
    ]
    return song, lines, fits


@pytest.mark.parametrize(("change", "way"), [("lower", -1), ("darker", -1), ("higher", 1)])
def test_what_fitted_its_chord_fits_it_where_it_is_moved(change: str, way: int) -> None:
    frame = framed(bars=4, span=(48.0, 79.0))
    song, lines, fits = heights(change)
    assert len(lines) >= 2
    for line in lines:
        assert all((new - old) * way > 0 for new, old in zip(line[:-1], song[:-1], strict=True))
        slots = [round(note.start * 4) for note in passage().tune]
        held = [
            new % 12 in frame.chords[frame.harmony[slot]].pitch_classes
            for new, slot in zip(line, slots, strict=True)
        ]
        assert all(now for now, before in zip(held[:-1], fits[:-1], strict=True) if before)
        assert line[-1] % 12 == song[-1] % 12  # it comes home as it did


def test_calmer_is_narrow_and_slow_and_simpler_goes_by_steps() -> None:
    found, frame = passage(change="calmer"), framed(bars=4, span=(48.0, 79.0))
    (slow, calm), (plain, simple) = (
        lay_notes(found, frame, rhythm=False, change=change) for change in ("calmer", "simpler")
    )
    assert slow.onsets.sum() < plain.onsets.sum()
    widths = [np.ptp(row[row >= 0]) for row in (*calm.model, *simple.model)]
    assert max(widths[:2]) < max(widths[2:])
    smooth = simple.model[0][simple.model[0] >= 0]
    assert np.abs(np.diff(smooth)).mean() < 2.0


def test_darker_borrows_where_a_chord_allows_it() -> None:
    frame = framed(bars=4)
    dark = darkened(frame)
    changed = {
        (frame.chords[chord].symbol, int(dark.pitches[chord, step]) % 12)
        for chord, step in zip(*np.nonzero(dark.pitches != frame.pitches), strict=True)
    }
    assert changed == {("F", 3), ("C", 10)}
    assert (dark.tones == frame.tones).all()
    minor = framed("A minor", "Am F C G")
    assert (darkened(minor).pitches == minor.pitches).all()
