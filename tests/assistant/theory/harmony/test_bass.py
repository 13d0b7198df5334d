from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.bass import LOWEST, bass_line
from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.spelling import pitch_class
from assistant.theory.harmony.voicing import voice

lines = st.lists(
    st.builds(Chord, st.integers(-6, 6), st.sampled_from(sorted(QUALITIES)), st.integers(0, 1)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(lines, st.integers(36, 60))
def test_the_bass_stays_under_the_chord_on_its_own_note(line: list[Chord], low: int) -> None:
    voicings = voice(line, low, low + 24)
    basses = bass_line(line, voicings)
    for chord, voicing, bass in zip(line, voicings, basses, strict=True):
        assert LOWEST <= bass < voicing[0]
        assert bass % 12 == pitch_class(chord.bass)


def test_a_falling_line_falls_by_steps() -> None:
    line = [read_chord(symbol) for symbol in ("C", "G/B", "Am", "C/G", "F", "C/E", "Dm", "G")]
    basses = bass_line(line, voice(line, 52, 76))
    assert basses[:7] == (36, 35, 33, 31, 29, 28, 26) or basses[:7] == (48, 47, 45, 43, 41, 40, 38)


def test_the_register_is_that_of_a_bass() -> None:
    line = [
        read_chord(symbol) for symbol in ("C", "F", "Bb", "Eb", "Ab", "Db", "Gb", "B", "E", "A")
    ]
    basses = bass_line(line, voice(line, 52, 76))
    assert all(28 <= bass <= 45 for bass in basses)
    assert all(abs(after - before) <= 7 for before, after in pairwise(basses))
