from __future__ import annotations

from dataclasses import dataclass

from assistant.material import Meter, Note, Tempo
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.ideas.song import bar_starts, bars_heard, song_of

C_MAJOR = Key(0)
FOUR = (Meter(0.0, 4, 4),)


@dataclass(frozen=True)
class Sounding:
    start: float
    length: float
    chord: Chord


def sounding(*placed: tuple[float, float, str]) -> list[Sounding]:
    return [Sounding(start, length, read_chord(symbol)) for start, length, symbol in placed]


def said(chords: list[Sounding], meters: tuple[Meter, ...] = FOUR, end: float = 16.0) -> str:
    bars = bars_heard(chords, bar_starts(meters, end), Key(0))
    return " | ".join(" ".join(str(chord) for chord in bar) for bar in bars)


def test_a_chord_is_said_where_it_sounds() -> None:
    chords = sounding((0, 4, "C"), (4, 2, "Am"), (6, 2, "F"), (8, 8, "G7"))
    assert said(chords) == "I | vi IV | V7 | V7"


def test_what_sounds_most_of_a_half_is_its_chord() -> None:
    assert said(sounding((0, 3.5, "C"), (3.5, 4.5, "F")), end=8) == "I | IV"
    assert said(sounding((0, 2.5, "C"), (2.5, 5.5, "F")), end=8) == "I IV | IV"


def test_silence_holds_the_chord_before_or_awaits_the_first() -> None:
    assert said(sounding((4, 2, "F"), (12, 4, "G"))) == "IV | IV | IV | V"


def test_the_metre_map_is_followed() -> None:
    meters = (Meter(0.0, 4, 4), Meter(4.0, 3, 4))
    assert [bar.beat for bar in bar_starts(meters, 10.0)] == [0.0, 4.0, 7.0]
    chords = sounding((0, 4, "C"), (4, 3, "F"), (7, 3, "G"))
    assert said(chords, meters, 10.0) == "I | IV | V"


def test_a_song_of_no_length_has_no_bars() -> None:
    assert bar_starts(FOUR, 0.0) == ()


@dataclass(frozen=True)
class Told:
    key: Key = C_MAJOR
    beats: float = 8.0
    chords: tuple[Sounding, ...] = ()
    melody: tuple[Note, ...] = ()
    meters: tuple[Meter, ...] = FOUR
    tempos: tuple[Tempo, ...] = (Tempo(0.0, 96.0),)


HEARD = Told(chords=tuple(sounding((0, 4, "C"), (4, 4, "F"))))
TUNE = Told(melody=(Note(64.0, 0.0, 2.0),))


def test_typed_chords_go_before_heard_ones() -> None:
    song = song_of("Am | G", None, HEARD)
    assert song is not None
    assert [str(bar[0]) for bar in song.bars] == ["vi", "V"]
    assert (song.typed, len(song.grid), song.tempos) == (True, 2, HEARD.tempos)


def test_a_song_is_told_in_the_key_that_was_said() -> None:
    song = song_of("", read_key("F"), HEARD)
    assert song is not None
    assert [str(bar[0]) for bar in song.bars] == ["V", "I"]
    assert song_of("", None, None) is None


def test_the_chords_of_a_song_are_struck_in_turn() -> None:
    song = song_of("C Am", None, None)
    assert song is not None
    assert [(note.pitch, note.start) for note in song.struck()] == [
        (60.0, 0.0), (64.0, 0.0), (67.0, 0.0), (69.0, 1.0), (60.0, 1.0), (64.0, 1.0),
    ]  # fmt: skip
