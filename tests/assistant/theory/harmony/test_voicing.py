from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Progression, flat
from assistant.theory.harmony.roman import realise
from assistant.theory.harmony.voicing import (
    MIN_SPAN,
    VOICES,
    cost,
    held,
    movement,
    root_position,
    voice,
)
from assistant.theory.ideas.library import open_library
from bridge.presets import data

PROGRESSIONS = open_library(data).progressions
LOW, HIGH = 52, 76

chords = st.builds(Chord, st.integers(-6, 6), st.sampled_from(sorted(QUALITIES)))


def realised(progression: Progression, tonic: int = 0) -> list[Chord]:
    key = Key(tonic, progression.family)
    return [realise(numeral, key) for numeral in flat(progression.bars)]


@given(st.lists(chords, min_size=1, max_size=6), st.integers(36, 72), st.integers(MIN_SPAN, 36))
def test_the_range_is_kept_and_voices_do_not_cross(line: list[Chord], low: int, span: int) -> None:
    voicings = voice(line, low, low + span)
    assert len(voicings) == len(line)
    for chord, voicing in zip(line, voicings, strict=True):
        assert len(voicing) == VOICES
        assert list(voicing) == sorted(voicing)
        assert low <= voicing[0] <= voicing[-1] <= low + span
        assert {pitch % 12 for pitch in voicing} <= set(chord.pitch_classes)


@given(chords)
def test_what_makes_a_chord_what_it_is_is_sounded(chord: Chord) -> None:
    (voicing,) = voice([chord], LOW, HIGH)
    sounded = {pitch % 12 for pitch in voicing}
    tones = zip(chord.quality.tones, chord.pitch_classes, strict=True)
    missing = {tone for tone, pitch_class in tones if pitch_class not in sounded}
    assert missing <= ({0, 1, 2} if len(chord.tones) > VOICES else set())
    assert 0 not in missing or len(chord.tones) > VOICES
    thirds = {4, -3} & set(chord.quality.tones)
    assert not thirds & missing


@given(st.sampled_from(PROGRESSIONS), st.integers(-5, 6))
def test_no_progression_moves_more_than_block_chords_do(
    progression: Progression, tonic: int
) -> None:
    line = realised(progression, tonic)
    naive = [root_position(chord, LOW, HIGH) for chord in line]
    assert movement(voice(line, LOW, HIGH)) <= movement(naive)


@given(st.lists(st.sampled_from(["C", "Am", "F", "G7", "Dm7", "E7", "Bdim7", "Fmaj7", "Dsus4"]),
                min_size=1, max_size=8))  # fmt: skip
def test_the_way_found_costs_no_more_than_root_position(symbols: list[str]) -> None:
    line = [read_chord(symbol) for symbol in symbols]
    naive = [root_position(chord, LOW, HIGH) for chord in line]
    best = voice(line, LOW, HIGH)
    assert cost(line, best, LOW, HIGH) <= cost(line, naive, LOW, HIGH) + 1e-9


@given(st.lists(st.sampled_from(["C", "Am", "F", "G7"]), min_size=2, max_size=3), st.data())
def test_no_other_way_costs_less(symbols: list[str], draw: st.DataObject) -> None:
    line = [read_chord(symbol) for symbol in symbols]
    other = [draw.draw(st.sampled_from(_all_of(chord))) for chord in line]
    best = voice(line, 55, 72)
    assert cost(line, best, 55, 72) <= cost(line, other, 55, 72) + 1e-9


def _all_of(chord: Chord) -> list[tuple[int, ...]]:
    from assistant.theory.harmony.voicing import _candidates

    return [tuple(map(int, row)) for row in _candidates(chord, 55, 72)[0]]


def test_common_tones_are_held_and_leaps_are_rare() -> None:
    common = kept = leaps = changes = 0
    for place, progression in enumerate(PROGRESSIONS):
        line = realised(progression, place % 12 - 5)
        for (before, low), (after, high) in pairwise(
            zip(line, voice(line, LOW, HIGH), strict=True)
        ):
            if set(before.pitch_classes) & set(after.pitch_classes):
                common += 1
                kept += bool(held(low, high))
            changes += VOICES
            leaps += sum(abs(up - down) > 2 for down, up in zip(low, high, strict=True))
    assert kept >= 0.985 * common
    assert leaps <= 0.03 * changes


@pytest.mark.parametrize(
    ("symbols", "voicings"),
    [(["C", "C"], 0.0), (["C", "Am"], 0.5), (["C", "F", "C"], 0.75), (["Cmaj7", "Am7"], 0.5)],
)
def test_textbook_moves_take_as_little_as_they_can(symbols: list[str], voicings: float) -> None:
    line = [read_chord(symbol) for symbol in symbols]
    assert movement(voice(line, LOW, HIGH)) <= voicings


def test_a_held_note_is_found() -> None:
    assert held((60, 64, 67, 72), (60, 65, 69, 72)) == {60, 72}


def test_one_chord_does_not_move() -> None:
    assert movement([(60, 64, 67, 72)]) == 0.0


def test_a_voicing_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="not in list"):
        cost([read_chord("C")], [(12, 16, 19, 24)], LOW, HIGH)


@given(chords)
def test_root_position_has_the_root_lowest(chord: Chord) -> None:
    stacked = root_position(chord, LOW, HIGH)
    assert stacked[0] % 12 == chord.pitch_classes[0]
    assert list(stacked) == sorted(set(stacked))
