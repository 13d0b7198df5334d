from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.material import Meter, Note
from assistant.theory.harmony.chord import read_chord
from assistant.theory.ideas.library import open_library
from assistant.theory.playing.rhythm import (
    Pattern,
    Span,
    half_bar,
    pattern_for,
    play,
    play_drums,
    read_patterns,
)
from bridge.presets import data

LIBRARY = open_library(data)
FOUR = Meter(0.0, 4, 4)
VOICING = (55, 60, 64, 67)


def span(start: float, length: float, bass: int = 36) -> Span:
    return Span(start, length, read_chord("C"), VOICING, bass)


def played(
    pattern: Pattern, spans: list[Span], meter: Meter = FOUR, swing: float = 0.5
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    return play(spans, pattern, meter, swing, np.random.default_rng(0))


def test_a_pattern_is_played() -> None:
    chords, bass = played(Pattern("X===....x=======", "1=======5=======", ()), [span(0.0, 4.0)])
    assert [(note.start, note.length) for note in chords[::4]] == [(0.0, 1.0), (2.0, 2.0)]
    assert [note.pitch for note in chords[:4]] == list(VOICING)
    assert [(note.pitch, note.start, note.length) for note in bass] == [
        (36.0, 0.0, 2.0), (43.0, 2.0, 2.0)]  # fmt: skip


def test_single_voices_ring_until_they_are_struck_again() -> None:
    chords, _ = played(Pattern("1=2=3=4=1=======", "", ()), [span(0.0, 4.0)])
    assert [(note.pitch, note.start, note.length) for note in chords] == [
        (55.0, 0.0, 2.0), (60.0, 0.5, 3.5), (64.0, 1.0, 3.0), (67.0, 1.5, 2.5), (55.0, 2.0, 2.0),
    ]  # fmt: skip


def test_a_chord_that_enters_in_a_held_or_silent_place_is_struck() -> None:
    for line in ("x===============", "x===............"):
        chords, bass = played(
            Pattern(line, "1===============", ()), [span(0.0, 2.0), span(2.0, 2.0, 41)]
        )
        assert 2.0 in {note.start for note in chords}
        assert [note.start for note in bass] == [0.0, 2.0]
        assert all(note.end <= 2.0 or note.start >= 2.0 for note in chords)


def test_an_approach_note_is_a_semitone_from_the_next_bass_note() -> None:
    _, bass = played(Pattern("", "1===========a===", ()), [span(0.0, 4.0), span(4.0, 4.0, 41)])
    assert [note.pitch for note in bass[:3]] == [36.0, 40.0, 41.0]


def test_swing_moves_the_second_eighth_only() -> None:
    straight, _ = played(Pattern("x=x=x=x=x=x=x=x=", "", ()), [span(0.0, 4.0)])
    swung, _ = played(Pattern("x=x=x=x=x=x=x=x=", "", ()), [span(0.0, 4.0)], swing=0.66)
    starts = sorted({note.start for note in straight})
    moved = sorted({note.start for note in swung})
    assert moved[::2] == starts[::2]
    assert moved[1::2] == pytest.approx([start + 0.16 for start in starts[1::2]])


def test_compound_metres_do_not_swing() -> None:
    six = Meter(0.0, 6, 8)
    chords, _ = played(Pattern("x=x=x=x=x=x=", "", ()), [span(0.0, 3.0)], six, 0.66)
    assert sorted({note.start for note in chords}) == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]


@pytest.mark.parametrize(
    ("numerator", "denominator", "half"),
    [(4, 4, 2.0), (3, 4, 2.0), (2, 4, 1.0), (6, 8, 1.5), (12, 8, 3.0), (5, 4, 3.0), (7, 8, 2.0),
     (9, 8, 3.0)],
)  # fmt: skip
def test_the_second_chord_falls_on_a_beat(numerator: int, denominator: int, half: float) -> None:
    assert half_bar(Meter(0.0, numerator, denominator)) == half


@given(
    st.sampled_from(sorted(LIBRARY.styles)),
    st.sampled_from(["4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8", "9/8", "3/8", "11/16"]),
    st.booleans(),
)
def test_every_style_can_be_played_in_every_metre(style: str, named: str, split: bool) -> None:
    meter = Meter(0.0, *map(int, named.split("/")))
    pattern = pattern_for(LIBRARY.patterns, style, meter)
    whole, half = meter.bar_beats, half_bar(meter)
    spans = [span(0.0, half), span(half, whole - half, 41)] if split else [span(0.0, whole)]
    spans.append(span(whole, whole, 38))
    chords, bass = played(pattern, spans, meter, LIBRARY.styles[style].swing)
    for place, part in enumerate(spans):
        here = [note for note in chords if part.start <= note.start < part.start + part.length]
        assert here, f"chord {place} is not heard"
    for note in (*chords, *bass):
        assert note.length > 0.0
        assert note.start >= 0.0
        assert note.end <= 2 * whole + 1e-9
        assert 1 <= note.velocity <= 127
    assert all(note.pitch < VOICING[0] for note in bass)
    assert list(chords) == sorted(chords, key=lambda note: (note.start, note.pitch))


def test_no_key_is_struck_while_it_sounds() -> None:
    for (style, named), pattern in LIBRARY.patterns.items():
        meter = Meter(0.0, *map(int, named.split("/")))
        spans = [span(bar * meter.bar_beats, meter.bar_beats) for bar in range(2)]
        for notes in played(pattern, spans, meter):
            ends: dict[float, float] = {}
            for note in notes:
                assert note.start >= ends.get(note.pitch, 0.0) - 1e-9, (style, named)
                ends[note.pitch] = note.end


def test_drums_play_every_bar() -> None:
    pattern = pattern_for(LIBRARY.patterns, "rock", FOUR)
    drums = play_drums(pattern, 3, FOUR, 0.5)
    assert {note.pitch for note in drums} == {36.0, 38.0, 42.0}
    assert [note.start for note in drums if note.pitch == 38.0] == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]


def test_a_line_that_is_not_as_long_as_its_bar_is_refused() -> None:
    with pytest.raises(ValueError, match="chords has 15 sixteenths"):
        read_patterns({"rhythms": {"odd": {"4/4": {"chords": "x=============="}}}})
