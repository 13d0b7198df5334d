from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.theory.chord import read_chord
from assistant.theory.hearing import hear, key_of
from assistant.theory.key import Key, spelled_key

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


@given(st.lists(st.builds(Note, st.floats(0, 127), st.floats(0, 1e4), st.floats(0, 1e3)),
                min_size=1, max_size=20))  # fmt: skip
def test_any_notes_are_heard(notes: list[Note]) -> None:
    _, _, confidence = key_of(notes)
    assert 0.0 <= confidence <= 1.0


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
