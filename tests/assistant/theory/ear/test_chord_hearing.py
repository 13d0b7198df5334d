from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.material import Meter
from assistant.theory.ear.chord_hearing import HeardChord, find_chords, respelled
from assistant.theory.ear.grid import grid_of, place_on
from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.key import Key, read_key

Row = tuple[int, float, float]  # pitch, start, length


def block(symbol: str, start: float, length: float) -> list[Row]:
    chord = read_chord(symbol)
    bass = 36 + (chord.pitch_classes[chord.inversion] - 36) % 12
    upper = [(60 + (place - 60) % 12, start, length) for place in chord.pitch_classes]
    return [(bass, start, length), *upper]


def hear(rows: list[Row], key: Key | None = None, beats: str = "4/4") -> tuple[HeardChord, ...]:
    numerator, denominator = map(int, beats.split("/"))
    end = max(start + length for _, start, length in rows)
    grid = grid_of((Meter(0.0, numerator, denominator),), end)
    pitches, starts, lengths = (np.array(column) for column in zip(*rows, strict=True))
    return find_chords(place_on(grid, starts, lengths, pitches, np.ones(len(rows))), grid, key)


def symbols(heard: tuple[HeardChord, ...]) -> list[str]:
    return [each.chord.symbol for each in heard]


@pytest.mark.parametrize("kind", QUALITIES)
@pytest.mark.parametrize("root", [0, 3, -2])
def test_every_quality_is_heard(kind: str, root: int) -> None:
    chord = Chord(root, kind)
    heard = hear(block(chord.symbol, 0.0, 4.0) + block(chord.symbol, 4.0, 4.0))
    assert len(heard) == 1
    assert set(heard[0].chord.pitch_classes) == set(chord.pitch_classes)
    assert heard[0].chord.pitch_classes[0] == chord.pitch_classes[0]


@pytest.mark.parametrize("symbol", ["C/E", "F/A", "Am/C", "D7/F#", "Bb/F", "Em7/D"])
def test_inversions_are_heard_by_the_bass(symbol: str) -> None:
    key = read_key("C major")
    heard = hear(block(symbol, 0.0, 4.0), key)
    if symbol in {"Am/C", "Em7/D"}:  # the same notes as C6 and as G6sus
        assert set(heard[0].chord.pitch_classes) >= {9 if symbol == "Am/C" else 4}
    else:
        assert symbols(heard) == [symbol]


@pytest.mark.parametrize(
    "places", [[0.0, 4.0, 8.0], [0.0, 2.0, 4.0], [0.0, 3.0, 4.0], [0.0, 1.0, 2.0], [0.0, 5.0, 9.0]]
)
def test_chords_change_where_they_change(places: list[float]) -> None:
    ends = [*places[1:], places[-1] + 3.0]
    rows: list[Row] = []
    for symbol, start, end in zip(("C", "F", "G"), places, ends, strict=True):
        rows += block(symbol, start, end - start)
    heard = hear(rows, read_key("C"))
    assert symbols(heard) == ["C", "F", "G"]
    assert [each.start for each in heard] == places
    assert heard[-1].start + heard[-1].length == pytest.approx(ends[-1], abs=1.0)


def test_passing_notes_change_no_chord() -> None:
    rows = block("C", 0.0, 4.0) + block("G", 4.0, 4.0)
    rows += [(77, 0.5, 0.5), (81, 1.5, 0.5), (72, 4.75, 0.25), (76, 6.5, 0.5)]
    assert symbols(hear(rows, read_key("C"))) == ["C", "G"]


def test_arpeggios_are_chords() -> None:
    rows: list[Row] = []
    for bar, symbol in enumerate(("Am", "F", "C", "G7")):
        classes = read_chord(symbol).pitch_classes
        for step in range(8):
            pitch = 48 + (classes[step % len(classes)] - 48) % 12 + 12 * (step % 2)
            rows.append((pitch if step else pitch - 12, 4.0 * bar + step / 2.0, 0.5))
    assert symbols(hear(rows, read_key("A minor"))) == ["Am", "F", "C", "G7"]


def test_three_four_and_seven_eight() -> None:
    for beats, bar in (("3/4", 3.0), ("7/8", 3.5), ("6/8", 3.0)):
        rows = block("Dm", 0.0, bar) + block("A7", bar, bar) + block("Dm", 2 * bar, bar)
        heard = hear(rows, read_key("D minor"), beats)
        assert symbols(heard) == ["Dm", "A7", "Dm"]
        assert [each.start for each in heard] == [0.0, bar, 2 * bar]


def test_chords_are_spelled_in_their_key() -> None:
    rows = block("F#", 0.0, 4.0) + block("B", 4.0, 4.0)
    assert symbols(hear(rows, read_key("F# major"))) == ["F#", "B"]
    flat = hear(rows, read_key("Gb major"))
    assert symbols(flat) == ["Gb", "Cb"]
    assert symbols(respelled(flat, read_key("F# major"))) == ["F#", "B"]


def test_a_rest_is_no_chord_and_a_stab_lasts() -> None:
    rows = [*block("C", 0.0, 0.5), *block("C", 2.0, 0.5), *block("F", 4.0, 0.5),
            *block("G", 28.0, 4.0)]  # fmt: skip
    heard = hear(rows, read_key("C"))
    assert symbols(heard) == ["C", "F", "G"]
    assert heard[0].length == 4.0
    assert heard[2].start == 28.0


def test_what_is_clear_is_surer_than_what_is_not() -> None:
    clear = hear(block("C", 0.0, 4.0))[0].confidence
    mixed = hear([(48, 0.0, 1.0), (54, 0.0, 1.0), (61, 0.0, 1.0), (67, 0.0, 1.0)])[0].confidence
    assert clear > 0.95
    assert mixed < 0.8


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 127), st.floats(0.0, 60.0), st.floats(0.0, 8.0)),
        min_size=1, max_size=60,
    )
)  # fmt: skip
def test_any_notes_give_chords_in_order_that_do_not_overlap(rows: list[Row]) -> None:
    heard = hear(rows, read_key("C"))
    for before, after in pairwise(heard):
        assert before.start + before.length <= after.start + 1e-6
        assert before.chord != after.chord or before.start + before.length < after.start
    assert all(each.length > 0.0 and 0.0 <= each.confidence <= 1.0 for each in heard)


def test_bars_of_silence_belong_to_no_chord() -> None:
    heard = hear(block("C", 9.0, 4.0) + block("F", 13.0, 3.0))
    assert [(each.start, each.length) for each in heard] == [(8.0, 5.0), (13.0, 3.0)]


@pytest.mark.parametrize("pitches", [(48,), (48, 52), (48, 55), (48, 52, 57), (48, 59), (50, 57)])
def test_the_root_of_a_chord_sounds(pitches: tuple[int, ...]) -> None:
    heard = hear([(pitch, 0.0, 4.0) for pitch in pitches], read_key("C"))
    assert heard[0].chord.pitch_classes[0] in {pitch % 12 for pitch in pitches}
