from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.material import Meter, Note, Tempo
from assistant.settings import Bars
from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.heard import KEY_FLOOR, Heard, HeardKey
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import read_key

PLAIN = Heard(read_key("A minor"), 0.91, read_key("C major"), 96.0, Meter(0.0, 4, 4), 40)


def chords(*marks: tuple[str, float, float]) -> tuple[HeardChord, ...]:
    return tuple(HeardChord(start, length, read_chord(symbol), 0.8)
                 for symbol, start, length in marks)  # fmt: skip


def test_the_plainest_report() -> None:
    assert PLAIN.report == (
        "Key: A minor (91 % sure; might be C major).",
        "Tempo: 96 BPM.",
        "Metre: 4/4, 0 bars.",
        "Chords: none were heard.",
        "Melody: none was heard.",
    )


def test_why_there_is_no_melody_is_said() -> None:
    heard = replace(PLAIN, no_melody="several things sound at once")
    assert heard.report[4] == "Melody: none was heard (several things sound at once)."


def test_a_full_report() -> None:
    heard = replace(
        PLAIN,
        beats=16.0,
        chords=chords(("Am", 0.0, 4.0), ("F", 4.0, 2.0), ("G", 6.0, 6.0), ("C", 12.0, 4.0)),
        melody=(Note(69.0, 0.0, 1.0), Note(76.0, 1.0, 1.0)),
        melody_track="Lead",
        melody_confidence=0.9,
        tempo_confidence=0.7,
        other_bpm=(48.0, 192.0),
        meter_confidence=0.8,
        remarks=("Mind the gap.",),
    )
    assert heard.report[1:] == (
        "Tempo: 96 BPM (70 % sure), might be 48 or 192.",
        "Metre: 4/4 (80 % sure), 4 bars.",
        "Chords (80 % sure): Am | F G | % | C.",
        "Melody: 2 notes in 'Lead', A4 to E5 (90 % sure).",
        "Mind the gap.",
    )


def test_maps_are_told_in_short() -> None:
    heard = replace(
        PLAIN,
        beats=10.0,
        tempos=(Tempo(0.0, 96.0), Tempo(8.0, 60.0)),
        meters=(Meter(0.0, 4, 4), Meter(4.0, 3, 4)),
    )
    assert heard.report[1] == "Tempo: 96 BPM for most of it, 60 to 96 BPM in all."
    assert heard.report[2] == "Metre: 4/4 for most of it, 1 change, 3 bars."
    assert heard.bars == pytest.approx(3.0)


def test_a_long_song_is_cut_in_the_report() -> None:
    long = chords(*(("C" if bar % 2 else "F", 4.0 * bar, 4.0) for bar in range(100)))
    text = replace(PLAIN, beats=400.0, chords=long).report[3]
    assert text.endswith("... (100 bars in all).")
    assert len(text) < 200


def test_under_the_floor_no_key_is_claimed() -> None:
    assert replace(PLAIN, confidence=KEY_FLOOR).key_heard
    faint = replace(PLAIN, confidence=KEY_FLOOR - 0.01)
    assert not faint.key_heard
    assert faint.report[0] == "Key: none was heard (A minor at best); say the key."


def test_several_keys_are_said_with_their_bars() -> None:
    keys = (
        HeardKey(0.0, read_key("C"), 0.9, read_key("A minor")),
        HeardKey(32.0, read_key("D"), 0.8, read_key("B minor")),
    )
    last = keys[-1]
    heard = replace(
        PLAIN, key=last.key, confidence=last.confidence, second=last.second, keys=keys, beats=64.0
    )
    assert heard.report[0] == (
        "Key: C major (90 % sure) to bar 8, then D major (80 % sure; might be B minor)."
    )
    assert heard.within(Bars(3, 4)).key == read_key("C")
    assert heard.within(Bars(9, 9)) == heard
    assert heard.within(Bars(99, 99)) == heard
    assert PLAIN.within(Bars(1, 1)) == PLAIN


def test_what_is_too_little_is_named() -> None:
    faint = replace(PLAIN, confidence=0.1, few="one chord")
    assert faint.report[0] == (
        "Key: none was heard (one chord is not enough; A minor at best); say the key."
    )


def test_chords_are_said_from_where_they_begin() -> None:
    late = replace(PLAIN, beats=416.0, chords=chords(("C", 400.0, 4.0), ("G", 408.0, 8.0)))
    assert late.report[3] == "Chords (80 % sure, from bar 101): C | % | G | %."


def test_a_song_of_countless_bars_is_told_in_short() -> None:
    tiny = Meter(0.0, 1, 64)
    heard = replace(PLAIN, meter=tiny, meters=(tiny,), beats=1e5, chords=chords(("C", 0.0, 1e5)))
    assert heard.report[3].endswith("... (1600000 bars in all).")
