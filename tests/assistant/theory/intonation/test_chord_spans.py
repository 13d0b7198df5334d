"""Chords on the clock of a take."""

from __future__ import annotations

from assistant.material import Meter, Tempo
from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.heard import Heard
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import Key
from assistant.theory.intonation.chord_spans import spans_heard, spans_repeated

C, G = frozenset({0, 4, 7}), frozenset({2, 7, 11})


def heard(*, start_seconds: float = 0.0, tempos: tuple[Tempo, ...] = ()) -> Heard:
    chords = (
        HeardChord(0.0, 4.0, read_chord("C"), 1.0),
        HeardChord(4.0, 4.0, read_chord("G"), 1.0),
    )
    return Heard(
        Key(0), 1.0, Key(-3, "minor"), 120.0, Meter(0.0, 4, 4), 24,
        chords=chords, tempos=tempos, start_seconds=start_seconds,
    )  # fmt: skip


def test_chords_of_a_song_stand_where_they_sound() -> None:
    spans = spans_heard(heard(start_seconds=0.5))
    assert [(span.start, span.end, span.pitch_classes) for span in spans] == [
        (0.5, 2.5, C),
        (2.5, 4.5, G),
    ]


def test_a_tempo_map_is_followed() -> None:
    spans = spans_heard(heard(tempos=(Tempo(0.0, 120.0), Tempo(4.0, 60.0))))
    assert [(span.start, span.end) for span in spans] == [(0.0, 2.0), (2.0, 6.0)]


def test_what_ended_before_the_take_began_is_left_out() -> None:
    spans = spans_heard(heard(), begins=2.5)
    assert [(span.start, span.end, span.pitch_classes) for span in spans] == [(-0.5, 1.5, G)]


def test_said_chords_go_round_until_the_take_ends() -> None:
    spans = spans_repeated([[C], [C, G]], 2.0, 0.0, 5.0)
    assert [(span.start, span.end, span.pitch_classes) for span in spans] == [
        (0.0, 2.0, C),
        (2.0, 3.0, C),
        (3.0, 4.0, G),
        (4.0, 6.0, C),
    ]


def test_a_take_may_begin_within_the_song() -> None:
    spans = spans_repeated([[C], [G]], 2.0, 3.0, 2.0)
    assert [(span.start, span.end, span.pitch_classes) for span in spans] == [
        (-1.0, 1.0, G),
        (1.0, 3.0, C),
    ]
