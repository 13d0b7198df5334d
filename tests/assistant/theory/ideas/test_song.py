from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo
from assistant.settings import Bars
from assistant.theory.ear.grid import bar_starts
from assistant.theory.ear.heard import HeardKey
from assistant.theory.harmony.chord import Chord, read_chord
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.ideas.song import MAX_BARS, bars_heard, song_of

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
    chords = sounding((0, 4, "C"), (4, 3, "F"), (7, 3, "G"))
    assert said(chords, meters, 10.0) == "I | IV | V"


@dataclass(frozen=True)
class Told:
    key: Key = C_MAJOR
    beats: float = 8.0
    chords: tuple[Sounding, ...] = ()
    melody: tuple[Note, ...] = ()
    meters: tuple[Meter, ...] = FOUR
    tempos: tuple[Tempo, ...] = (Tempo(0.0, 96.0),)
    keys: tuple[HeardKey, ...] = ()


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


def test_a_song_of_too_many_bars_is_refused_by_name() -> None:
    tiny = replace(HEARD, meters=(Meter(0.0, 1, 64),), beats=400.0)
    with pytest.raises(MaterialError, match=f"6,400 bars.* of 1/64; {MAX_BARS:,} are worked on"):
        song_of("", None, tiny)
    assert song_of("", None, replace(HEARD, beats=4.0 * MAX_BARS)) is not None


def test_silence_at_the_start_stays_empty() -> None:
    meters = (Meter(0.0, 3, 4), Meter(9.0, 4, 4))
    late = Told(chords=tuple(sounding((17, 4, "C"), (21, 4, "F"))), beats=25.0, meters=meters)
    song = song_of("", None, late)
    assert song is not None
    assert (song.silent, len(song.bars)) == (5, 7)
    played = song.sounding()
    assert [str(bar[0]) for bar in played.bars] == ["I", "IV"]
    assert [bar.beat for bar in played.grid] == [17.0, 21.0]
    assert played.led(Score((), meters=(Meter(17.0, 4, 4),))).meters == meters
    assert song.led(Score(())).meters == Score(()).meters
    assert played.sounding() == played == song.begun(None)
    assert song.begun(Bars(4, 6)) == replace(song, silent=3)


def test_an_upbeat_is_no_silence() -> None:
    song = song_of("", None, replace(TUNE, melody=(Note(64.0, 3.0, 2.0),)))
    assert song is not None
    assert song.silent == 0


def test_bars_that_hold_more_chords_than_are_followed_are_named() -> None:
    beats = [(place, 1, symbol) for place, symbol in enumerate(("C", "G", "Am", "F") * 2)]
    song = song_of("", None, replace(HEARD, chords=tuple(sounding(*beats))))
    assert song is not None
    assert song.crowded == (1, 2)
    assert song.left_out == "One chord in each half of a bar is followed; bars 1, 2 held more"
    plain = song_of("", None, HEARD)
    assert plain is not None
    assert plain.left_out == ""


def test_a_song_of_several_keys_is_gone_on_from_in_its_last() -> None:
    keys = (HeardKey(0.0, read_key("C"), 0.9, read_key("A minor")),
            HeardKey(8.0, read_key("D"), 0.9, read_key("B minor")))  # fmt: skip
    chords = sounding((0, 4, "C"), (4, 4, "F"), (8, 4, "D"), (12, 4, "A"))
    told = Told(read_key("D"), 16.0, tuple(chords), keys=keys)
    song = song_of("", None, told)
    assert song is not None
    assert [str(bar[0]) for bar in song.bars] == ["bVII", "bIII", "I", "V"]
    assert [str(bar[0]) for bar in song.ending().bars] == ["I", "V"]
    assert [song.in_key(beat) for beat in (0.0, 7.9, 8.0, 99.0)] == [False, False, True, True]
    assert {note.pitch % 12 for note in song.struck()} == {2, 6, 9, 1, 4}
    other = song_of("", read_key("E"), told)
    assert other is not None
    assert other.ending() == other
