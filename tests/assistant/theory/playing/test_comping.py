from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.material import Meter, Note
from assistant.theory.guitar.shapes import finger
from assistant.theory.guitar.strumming import SIGNS, Held, play_guitar
from assistant.theory.harmony.chord import read_chord
from assistant.theory.ideas.library import open_library
from assistant.theory.playing.comping import (
    Comp,
    Instrument,
    comp_for,
    read_comping,
    regrouped,
    varied,
    varied_patterns,
)
from assistant.theory.playing.rhythm import Span, play
from bridge.presets import data

PAGE: Mapping[str, Any] = data("styles/rhythms")
BOOK = read_comping(PAGE)
LIBRARY = open_library(data)
METERS = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8")
SHAPES = finger([read_chord(symbol) for symbol in ("C", "G/B", "Am7", "F")])
FOUR = Meter(0.0, 4, 4)


def meter(name: str) -> Meter:
    return Meter(0.0, *map(int, name.split("/")))


def guitar(line: str, bars: int = 1, bpm: float = 120.0, swing: float = 0.5) -> tuple[Note, ...]:
    spans = [Held(4.0 * bar, 4.0, SHAPES[bar]) for bar in range(bars)]
    return play_guitar(spans, [line], FOUR, swing, bpm, np.random.default_rng(0))


def test_every_style_has_a_figure_of_its_own_in_every_metre() -> None:
    for style in LIBRARY.styles:
        for name in METERS:
            for instrument in ("keys", "guitar"):
                assert (style, name, instrument) in BOOK, (style, name, instrument)


def test_figures_differ_from_style_to_style() -> None:
    for name in ("4/4", "3/4", "6/8"):
        figures = {BOOK[style, name, "guitar"].figure for style in LIBRARY.styles}
        assert len(figures) > len(LIBRARY.styles) * 0.6


def test_lines_hold_only_signs_that_are_played() -> None:
    for (_, _, instrument), comp in BOOK.items():
        known = SIGNS if instrument == "guitar" else set("Xxo1234=.")
        for line in (comp.figure, comp.answer, comp.fill):
            assert set(line) <= known


def test_four_bars_are_as_written_and_later_ones_vary() -> None:
    comp = comp_for(BOOK, "pop", FOUR, "guitar")
    lines = varied(comp, 64, np.random.default_rng(1))
    assert lines[:4] == (comp.figure, comp.answer, comp.figure, comp.fill)
    assert len({*lines}) > 3
    assert lines == varied(comp, 64, np.random.default_rng(1))
    assert lines[:20] == varied(comp, 20, np.random.default_rng(1))
    assert len({comp.figure, comp.answer, comp.fill}) == 3


def test_a_figure_without_variants_goes_on() -> None:
    assert set(varied(Comp("X===", "X===", "X==="), 9, np.random.default_rng(0))) == {"X==="}


def test_odd_metres_are_counted_in_other_groups() -> None:
    assert regrouped("X=== x=== x==x==".replace(" ", ""), "7/8", (3, 2, 2)) == "X==x==x===x==="
    assert regrouped("1===1===5=====", "7/8", (2, 3, 2)) == "1===5=====1==="
    assert regrouped("X...x.......o...x...", "5/4", (2, 3)) == "X...x...o...x......."
    seven = meter("7/8")
    usual = comp_for(BOOK, "rock", seven, "keys")
    assert comp_for(BOOK, "rock", seven, "keys", (2, 2, 3)) == usual
    assert comp_for(BOOK, "rock", seven, "keys", (3, 2, 2)).figure == "X=x=x=X=x=x=x="


def test_groups_that_a_metre_does_not_have_are_refused() -> None:
    with pytest.raises(SettingError, match=r"7/8 is not counted 4\+3; it is counted 2\+2\+3 or"):
        regrouped("X=============", "7/8", (4, 3))
    with pytest.raises(SettingError, match=r"4/4 is not counted 2\+2; its groups are fixed"):
        comp_for(BOOK, "rock", FOUR, "keys", (2, 2))


def test_a_metre_that_nobody_wrote_is_one_stroke() -> None:
    for instrument, line in (("keys", "X" + "=" * 17), ("guitar", "D" + "=" * 17)):
        assert comp_for(BOOK, "rock", meter("9/8"), instrument).figure == line  # type: ignore[arg-type]


def test_keys_play_a_pattern_a_bar() -> None:
    rng = np.random.default_rng(0)
    patterns = varied_patterns(LIBRARY.patterns, BOOK, "pop", FOUR, 4, rng)
    comp: Comp = BOOK["pop", "4/4", "keys"]
    assert [each.chords for each in patterns] == [comp.figure, comp.answer, comp.figure, comp.fill]
    spans = [Span(4.0 * bar, 4.0, read_chord("C"), (55, 60, 64, 67), 36) for bar in range(4)]
    chords, bass = play(spans, patterns, FOUR, 0.5, np.random.default_rng(0))
    for bar, pattern in enumerate(patterns):
        struck = {note.start - 4.0 * bar for note in chords if 0 <= note.start - 4.0 * bar < 4.0}
        assert struck == {place / 4 for place, sign in enumerate(pattern.chords) if sign in "Xx"}
    assert len(bass) == 16


def test_a_downstroke_runs_up_the_strings_and_an_upstroke_down() -> None:
    down = guitar("D===============")
    assert [note.pitch for note in down] == list(SHAPES[0].pitches)
    assert [note.start for note in down] == pytest.approx([0.018 * n for n in range(5)])
    assert all(note.end == 4.0 for note in down)
    up = [note for note in guitar("........U=======") if note.start >= 2.0]
    assert [note.pitch for note in up] == list(SHAPES[0].pitches)[::-1][:4]


def test_the_thumb_and_the_fingers_find_their_strings() -> None:
    notes = guitar("p=P=i=m=a===+===")
    lowest, second, third, fourth, highest = SHAPES[0].pitches
    played = [(note.pitch, note.start, note.end) for note in notes]
    assert played == [
        (lowest, 0.0, 3.0), (second, 0.5, 4.0), (third, 1.0, 4.0), (fourth, 1.5, 4.0),
        (highest, 2.0, 3.0), (lowest, 3.0, 4.0), (highest, 3.0, 4.0),
    ]  # fmt: skip


def test_low_strokes_leave_out_the_third_and_dead_ones_click() -> None:
    low = guitar("L=======xxxx....")
    assert {note.pitch % 12 for note in low if note.start < 1.0} == {0.0, 7.0}
    assert all(note.end == 2.0 for note in low if note.start < 1.0)
    clicks = [note for note in low if note.start >= 2.0]
    assert len(clicks) == 20
    assert all(note.length <= 0.06 + 1e-9 and note.velocity < 45 for note in clicks)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(LIBRARY.styles)), st.sampled_from(METERS), st.booleans(),
    st.floats(30.0, 300.0), st.integers(0, 99),
)  # fmt: skip
def test_every_figure_can_be_played(
    style: str, name: str, split: bool, bpm: float, seed: int
) -> None:
    here, rng = meter(name), np.random.default_rng(seed)
    whole = here.bar_beats
    instrument: Instrument = "guitar"
    lines = varied(comp_for(BOOK, style, here, instrument), 4, rng)
    half = 2.0 if whole > 2.0 else 1.0
    spans = []
    for bar, shape in enumerate(SHAPES):
        cut = half if split else whole
        spans.append(Held(bar * whole, cut, shape))
        if split:
            spans.append(Held(bar * whole + half, whole - half, SHAPES[(bar + 1) % 4]))
    notes = play_guitar(spans, lines, here, LIBRARY.styles[style].swing, bpm, rng)
    for span in spans:
        assert any(span.start <= note.start < span.start + span.length for note in notes)
    ends: dict[float, float] = {}
    for note in notes:
        assert note.length > 0.0
        assert note.end <= 4 * whole + 1e-9
        assert 1 <= note.velocity <= 127
        assert note.start >= ends.get(note.pitch, 0.0) - 1e-9
        ends[note.pitch] = note.end
    assert list(notes) == sorted(notes, key=lambda note: (note.start, note.pitch))
