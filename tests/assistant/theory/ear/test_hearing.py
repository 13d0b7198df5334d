from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.theory.ear.hearing import MAX_NOTES, hear, key_of
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import Key, spelled_key

CORPUS = Path(os.environ.get("BANDMATE_TEST_DATA", "")) / "corpora" / "pop909-train-valid.json.gz"


def chords(*symbols: str, up: int = 0) -> list[Note]:
    notes: list[Note] = []
    for bar, symbol in enumerate(symbols):
        classes = read_chord(symbol).pitch_classes
        notes.append(Note(36.0 + (classes[0] + up) % 12, 4.0 * bar, 4.0))
        notes += [Note(60.0 + (pc + up) % 12, 4.0 * bar, 4.0) for pc in classes]
    return notes


@pytest.mark.parametrize(
    ("symbols", "key"),
    [("C Am F G", "C major"), ("Am F C G Am", "A minor"), ("Am Dm E7 Am", "A minor"),
     ("Dm7 G7 Cmaj7", "C major"), ("D A Bm G D", "D major"), ("Cm Ab Eb Bb Cm", "C minor"),
     ("F#m D A E F#m", "F# minor"), ("Db Gb Ab Db", "Db major")],
)  # fmt: skip
def test_the_key_of_common_progressions(symbols: str, key: str) -> None:
    found, second, confidence = key_of(chords(*symbols.split()))
    assert str(found) == key
    assert second != found
    assert 0.5 < confidence <= 1.0


@given(st.integers(0, 11), st.sampled_from(["C Am F G C", "Am Dm E7 Am", "Em C G D Em"]))
def test_a_song_moved_up_is_heard_moved_up(up: int, symbols: str) -> None:
    plain, _, sure = key_of(chords(*symbols.split()))
    moved, _, sure_moved = key_of(chords(*symbols.split(), up=up))
    assert moved == spelled_key(plain.root + up, plain.mode)
    assert sure_moved == pytest.approx(sure)


def test_what_is_unclear_is_not_sure() -> None:
    chromatic = [Note(60.0 + pitch, float(pitch), 1.0) for pitch in range(12)]
    one_note = [Note(60.0, 0.0, 1.0)]
    assert key_of(chromatic)[2] < 0.6
    assert key_of(one_note)[2] < 0.3


def test_tempo_and_metre_are_those_of_most_of_the_song() -> None:
    notes = tuple(chords("C", "F", "G", "C"))
    score = Score(
        (Track("keys", notes),),
        (Tempo(0.0, 60.0), Tempo(2.0, 97.0)),
        (Meter(0.0, 2, 4), Meter(4.0, 6, 8)),
    )
    heard = hear(score)
    assert heard.bpm == 97.0
    assert (heard.meter.numerator, heard.meter.denominator) == (6, 8)
    assert heard.notes == len(notes)


def test_drums_have_no_key() -> None:
    beat = Track("kit", (Note(36.0, 0.0, 1.0),), drums=True)
    keys = Track("keys", tuple(chords("D", "G", "A", "D")))
    assert hear(Score((beat, keys))).key == Key(2, "major")
    with pytest.raises(MaterialError, match="drums only \\('kit'\\)"):
        hear(Score((beat,)))


@pytest.mark.parametrize("score", [Score(()), Score((Track("empty", ()),))])
def test_an_empty_score_is_refused(score: Score) -> None:
    with pytest.raises(MaterialError, match="holds no notes"):
        hear(score)


def test_ten_thousand_tracks_are_heard() -> None:
    notes = chords("C", "F", "G", "C")
    tracks = tuple(Track(f"{place}", (notes[place % len(notes)],)) for place in range(10_000))
    assert hear(Score(tracks)).key == Key(0)


TUNE = tuple(
    Note(float(pitch), place * 0.5, 0.5, 60 + place)
    for place, pitch in enumerate((76, 74, 72, 74, 76, 77, 79, 77) * 4)
)


def test_a_song_is_heard_whole() -> None:
    keys = Track("keys", tuple(chords("Am", "F", "C", "G")))
    score = Score((keys, Track("lead", TUNE)), (Tempo(0.0, 96.0), Tempo(8.0, 100.0)))
    heard = hear(score)
    assert [each.chord.symbol for each in heard.chords] == ["Am", "F", "C", "G"]
    assert [each.start for each in heard.chords] == [0.0, 4.0, 8.0, 12.0]
    assert heard.melody == TUNE
    assert heard.melody_track == "lead"
    assert heard.tempos == score.tempos
    assert heard.meters == score.meters
    assert heard.beats == 16.0
    assert heard.tempo_confidence == heard.meter_confidence == 1.0
    assert heard.remarks == ()


def test_a_lone_melody_has_no_chords_and_says_so() -> None:
    heard = hear(Score((Track("", TUNE),)))
    assert heard.chords == ()
    assert heard.melody == TUNE
    assert heard.remarks == ("The score is one melody without chords; chords can be put under it.",)


def test_chords_alone_have_no_melody() -> None:
    heard = hear(Score((Track("", tuple(chords("C", "G", "Am", "F"))),)))
    assert heard.melody == ()
    assert heard.melody_confidence == 0.0


def test_microtones_are_rounded_and_counted() -> None:
    notes = (*chords("C", "F", "G", "C"), Note(60.4, 0.0, 1.0), Note(64.1, 0.0, 1.0))
    heard = hear(Score((Track("", notes),)))
    assert heard.remarks == ("1 note between the semitones was heard as the nearest one.",)
    assert heard.key == Key(0)


def test_notes_at_random_have_no_key() -> None:
    dice = np.random.default_rng(8)
    pitches = dice.integers(36, 84, 600)
    notes = tuple(Note(float(pitch), place * 0.25, 0.5) for place, pitch in enumerate(pitches))
    heard = hear(Score((Track("", notes),)))
    assert not heard.key_heard
    assert heard.report[0].startswith("Key: none was heard")


def test_of_too_many_notes_a_choice_is_heard_the_same_every_time() -> None:
    notes = chords("Dm", "Bb", "F", "C")
    track = Track("", tuple(notes * (MAX_NOTES // len(notes) + 1)))
    heard = hear(Score((track, track)))
    assert heard.notes == MAX_NOTES
    assert "a random choice of 50000 was listened to" in heard.remarks[0]
    assert [each.chord.symbol for each in heard.chords] == ["Dm", "Bb", "F", "C"]
    assert heard == hear(Score((track, track)))


def test_a_note_at_the_end_of_the_world_is_not_waited_for() -> None:
    notes = (*chords("C", "F", "G", "C"), Note(60.0, 1e12, 1e12))
    heard = hear(Score((Track("", notes),)))
    assert [each.chord.symbol for each in heard.chords][:4] == ["C", "F", "G", "C"]
    assert heard.remarks[0].startswith("Only the first 4096 of")


def test_notes_without_length_and_before_the_start_are_heard() -> None:
    notes = [Note(note.pitch, note.start, 0.0) for note in chords("C", "F", "G", "C")]
    heard = hear(Score((Track("", (*notes, Note(60.0, -4.0, -1.0))),)))
    assert heard.key == Key(0)
    assert [each.chord.symbol for each in heard.chords] == ["C", "F", "G", "C"]


def test_metre_changes_are_followed() -> None:
    notes: list[Note] = []
    for symbol, start, length in (("C", 0.0, 4.0), ("F", 4.0, 3.0), ("G", 7.0, 3.0)):
        classes = read_chord(symbol).pitch_classes
        notes.append(Note(36.0 + classes[0], start, length))
        notes += [Note(60.0 + place, start, length) for place in classes]
    score = Score((Track("", tuple(notes)),), meters=(Meter(0.0, 4, 4), Meter(4.0, 3, 4)))
    heard = hear(score)
    assert [each.start for each in heard.chords] == [0.0, 4.0, 7.0]
    assert heard.bars == 3.0
    assert "Chords (" in heard.report[3]
    assert heard.report[3].endswith("C | F | G.")


@pytest.mark.parametrize(
    ("first", "second", "keys"),
    [("C F G C Am Dm G C", "D G A D Bm Em A D", "C major, D major"),
     ("C Am F G C Am Dm G", "Eb Cm Ab Bb Eb Cm Fm Bb Eb", "C major, Eb major"),
     ("Am Dm E Am Am F E Am", "F#m Bm C# F#m F#m D C# F#m", "A minor, F# minor")],
)  # fmt: skip
def test_a_change_of_key_is_heard_and_chords_are_spelled_in_theirs(
    first: str, second: str, keys: str
) -> None:
    played = f"{first} {second}".split()
    heard = hear(Score((Track("", tuple(chords(*played))),)))
    assert ", ".join(str(each.key) for each in heard.keys) == keys
    assert heard.keys[1].start == 32.0
    assert (heard.key, heard.confidence) == (heard.keys[1].key, heard.keys[1].confidence)
    spelled = {each.start: each.chord.symbol for each in heard.chords}
    assert all(played[int(start / 4.0)] == symbol for start, symbol in spelled.items())
    assert "to bar 8, then" in heard.report[0]


@pytest.mark.parametrize("symbols", ["C F G C", "Am Dm E7 Am", "C Bb F C", "Dm7 G7 Cmaj7 A7"])
def test_a_song_in_one_key_has_one(symbols: str) -> None:
    assert hear(Score((Track("", tuple(chords(*symbols.split() * 6))),))).keys == ()


def test_a_tune_without_a_key_has_none() -> None:
    tune = tuple(
        Note(60.0 + (place * 7 + place * place * 3) % 12, place * 0.5, 0.5) for place in range(64)
    )
    heard = hear(Score((Track("lead", tune),)))
    assert not heard.key_heard


@pytest.mark.parametrize(
    ("pitches", "few"),
    [((60.0,), "one note"), ((55.0, 67.0), "one note"), ((60.0, 67.0), "two notes"),
     ((60.0, 64.0, 67.0), "one chord")],
)  # fmt: skip
def test_of_too_little_no_key_is_guessed(pitches: tuple[float, ...], few: str) -> None:
    heard = hear(Score((Track("", tuple(Note(pitch, 0.0, 4.0) for pitch in pitches)),)))
    assert not heard.key_heard
    assert f"{few} is not enough" in heard.report[0]
    roots = {each.chord.pitch_classes[0] for each in heard.chords}
    assert roots == {round(pitches[0]) % 12}


def test_a_cluster_has_no_chords() -> None:
    heard = hear(Score((Track("", tuple(Note(float(pitch), 0.0, 4.0) for pitch in range(128))),)))
    assert heard.chords == ()
    assert not heard.key_heard


def test_silence_at_the_start_is_said() -> None:
    late = tuple(replace(note, start=note.start + 40.0) for note in chords("C", "G", "Am", "F"))
    heard = hear(Score((Track("", late),)))
    assert heard.remarks == ("Nothing sounds in bars 1 to 10.",)
    assert heard.report[3].endswith("from bar 11): C | G | Am | F.")


def test_a_tempo_that_nobody_plays_is_not_followed() -> None:
    notes = tuple(chords("C", "F", "G", "C"))
    heard = hear(Score((Track("", notes),), (Tempo(0.0, 6e7), Tempo(4.0, 96.0))))
    assert [tempo.bpm for tempo in heard.tempos] == [1000.0, 96.0]
    assert heard.remarks[0].startswith("A tempo of 60,000,000 BPM is none that is played")


@settings(max_examples=30)
@given(st.lists(st.builds(Note, st.floats(0, 127), st.floats(0, 1e4), st.floats(0, 1e3)),
                min_size=1, max_size=20))  # fmt: skip
def test_any_notes_are_heard(notes: list[Note]) -> None:
    _, _, confidence = key_of(notes)
    assert 0.0 <= confidence <= 1.0
    heard = hear(Score((Track("", tuple(notes)),)))
    assert 0.0 <= heard.confidence <= 1.0
    assert all(heard.report)


@pytest.mark.data
@pytest.mark.skipif(not CORPUS.exists(), reason="BANDMATE_TEST_DATA is not set")
def test_the_keys_of_real_songs() -> None:
    corpus = json.loads(gzip.decompress(CORPUS.read_bytes()))
    songs = [corpus["songs"][name] for name in corpus["split"]["valid"]]
    right = sum(_heard_right(song) for song in songs)
    assert right >= 0.9 * len(songs)


def _heard_right(song: dict[str, object]) -> bool:
    degrees = {"I": 0, "bII": 1, "II": 2, "bIII": 3, "III": 4, "IV": 5, "bV": 6, "#IV": 6,
               "V": 7, "bVI": 8, "VI": 9, "bVII": 10, "VII": 11}  # fmt: skip
    third = {"min": 3, "min7": 3, "dim": 3, "hdim7": 3, "dim7": 3, "sus4": 5, "sus2": 2}
    notes: list[Note] = []
    beat, tonic = 0.0, int(str(song["tonic"]))
    for name, length in song["seg"]:  # type: ignore[attr-defined]
        degree, _, kind = str(name).partition(":")
        if kind:
            root = (degrees[degree] + tonic) % 12
            steps = (-12, 0, third.get(kind, 4), 6 if "dim" in kind else 7)
            notes += [Note(48.0 + root + step, beat, float(length)) for step in steps]
        beat += float(length)
    beat = 0.0
    for pitch, sixteenths in song["melody"]:  # type: ignore[attr-defined]
        if pitch:
            notes.append(Note(float(pitch), beat, sixteenths / 4))
        beat += sixteenths / 4
    key, _, _ = key_of(notes)
    return key.root == tonic and key.family[:3] == song["mode"]
