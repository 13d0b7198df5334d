from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.guitar.capo import best_capo
from assistant.theory.guitar.grip import grip
from assistant.theory.guitar.naming import shape_name, shape_names
from assistant.theory.guitar.shapes import Shape, finger, shapes, strum
from assistant.theory.guitar.tuning import STANDARD, TUNINGS, read_tuning
from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord

BOOK = {
    "C": "x32010", "G": "320003", "D": "xx0232", "A": "x02220", "E": "022100", "F": "133211",
    "Am": "x02210", "Em": "022000", "Dm": "xx0231", "Bm": "x24432", "B7": "x21202",
    "E7": "020100", "A7": "x02020", "D7": "xx0212", "G7": "320001", "C7": "x32310",
    "Am7": "x02010", "Em7": "020000", "Dm7": "xx0211", "Cmaj7": "x32000", "Amaj7": "x02120",
    "Dmaj7": "xx0222", "Gmaj7": "320002", "Emaj7": "021100", "F#m": "244222", "C#m": "x46654",
    "G#m": "466444", "Bb": "x13331", "B": "x24442", "Eb": "x68886", "Ab": "466544",
    "Gm": "355333", "Cm": "x35543", "Fm": "133111", "F#": "244322", "Db": "x46664",
    "Dsus4": "xx0233", "Dsus2": "xx0230", "Asus4": "x02230", "Asus2": "x02200",
    "Esus4": "022200", "Cadd9": "x32030", "G/B": "x20003", "D/F#": "2x0232", "C/G": "332010",
    "C/E": "032010", "Am/C": "x32210", "Bm7b5": "x2323x", "F#m7": "242222", "A7sus4": "x02030",
}  # fmt: skip
CHORDS = st.builds(Chord, st.integers(-6, 8), st.sampled_from(sorted(QUALITIES))) | st.builds(
    Chord, st.integers(-6, 8), st.sampled_from(sorted(QUALITIES)), st.integers(0, 1)
)


def read(progression: str) -> list[Chord]:
    return [read_chord(symbol) for symbol in progression.split()]


@pytest.mark.parametrize(("symbol", "shape"), BOOK.items())
def test_the_shapes_of_chord_books_come_first(symbol: str, shape: str) -> None:
    assert shapes(read_chord(symbol))[0].text == shape


@pytest.mark.parametrize(
    ("shape", "fingers"),
    [
        ("x32010", (0, 3, 2, 0, 1, 0)),
        ("xx0232", (0, 0, 0, 1, 3, 2)),
        ("133211", (1, 3, 4, 2, 1, 1)),
        ("x24432", (0, 1, 3, 4, 2, 1)),
        ("x21202", (0, 2, 1, 3, 0, 4)),
        ("xx0211", (0, 0, 0, 2, 1, 1)),
        ("x32333", (0, 2, 1, 3, 3, 3)),
        ("x133xx", (0, 1, 3, 4, 0, 0)),
        ("000000", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_fingers_are_put_where_teachers_put_them(shape: str, fingers: tuple[int, ...]) -> None:
    held = grip(tuple(-1 if sign == "x" else int(sign) for sign in shape))
    assert held is not None
    assert held.fingers == fingers


@pytest.mark.parametrize("shape", ["123456", "131301", "x13243"])
def test_what_four_fingers_cannot_hold_is_no_grip(shape: str) -> None:
    assert grip(tuple(-1 if sign == "x" else int(sign) for sign in shape)) is None


@settings(max_examples=60, deadline=None)
@given(CHORDS, st.sampled_from(sorted(TUNINGS)), st.integers(0, 9))
def test_every_chord_can_be_held_in_every_tuning(chord: Chord, name: str, capo: int) -> None:
    tuning = TUNINGS[name]
    spare = {7 * (chord.root + tone) % 12 for tone in (*chord.quality.omit, 2)}
    for shape in shapes(chord, tuning, capo):
        sounding = [pitch for pitch in shape.strings if pitch is not None]
        classes = {pitch % 12 for pitch in sounding}
        missing = set(chord.pitch_classes) - classes
        assert classes <= set(chord.pitch_classes)
        assert missing <= (spare if len(chord.tones) > 3 else set())
        assert len(missing) <= len(chord.quality.omit) + (len(chord.tones) > 5)
        stopped = [fret for fret in shape.frets if fret]
        assert not stopped or max(stopped) - min(stopped) <= (3 if min(stopped) < 7 else 4)
        assert len(set(shape.fingers) - {0}) <= 4
        for string, fret, finger_ in zip(shape.strings, shape.frets, shape.fingers, strict=True):
            assert (finger_ > 0) == bool(fret)
            assert (string is None) == (fret is None)
        for barre in shape.barres:
            under = [shape.frets[string] for string in barre.strings]
            assert all(fret is None or fret >= barre.fret for fret in under)
        open_ = [pitch for pitch, fret in zip(tuning.strings, shape.frets, strict=True)
                 if fret is not None]  # fmt: skip
        frets = [fret for fret in shape.frets if fret is not None]
        assert sounding == [o + capo + f for o, f in zip(open_, frets, strict=True)]


@settings(max_examples=40, deadline=None)
@given(CHORDS)
def test_the_bass_note_is_the_lowest_and_one_inner_string_at_most_is_muted(chord: Chord) -> None:
    for shape in shapes(chord):
        sounding = [place for place, pitch in enumerate(shape.strings) if pitch is not None]
        inner = [place for place in range(sounding[0], sounding[-1]) if place not in sounding]
        assert shape.pitches[0] % 12 == spelling.pitch_class(chord.bass)
        assert len(inner) <= 1
    costs = [shape.cost for shape in shapes(chord)]
    assert costs == sorted(costs)


def test_names_of_shapes_count_from_the_capo() -> None:
    assert shape_name(read_chord("Ab"), 1) == "G"
    assert shape_name(read_chord("Bbm7"), 1) == "Am7"
    assert shape_name(read_chord("C/E"), 3) == "A/C#"
    assert shape_name(read_chord("F#m"), 0) == "F#m"
    assert shape_name(read_chord("Am"), 1) == "G#m"
    capoed = shapes(read_chord("Ab"), STANDARD, 1)[0]
    assert (capoed.name, capoed.text) == ("G", "320003")
    assert capoed.pitches == (44, 48, 51, 56, 60, 68)


def cost(way: tuple[Shape, ...]) -> float:
    """Frets of the hand and how hard the shapes are, without looking at single fingers."""
    moved = sum(abs(a.position - b.position) for a, b in pairwise(way))
    return sum(shape.cost for shape in way) + 0.35 * moved


def test_the_hand_stays_where_it_is() -> None:
    way = finger(read("C Am F G"))
    assert [shape.text for shape in way] == ["x32010", "x02210", "133211", "320003"]
    barred = finger(read("Ab Fm Db Eb"))
    naive = tuple(shapes(chord)[0] for chord in read("Ab Fm Db Eb"))
    assert cost(barred) <= cost(naive)
    assert finger(read("C C C")) == (finger(read("C"))[0],) * 3
    assert finger([]) == ()


def test_the_way_is_better_than_the_easiest_shapes_one_by_one() -> None:
    chords = read("Cm7 F9 Bbmaj7 Ebmaj7 Am7b5 D7b9 Gm6")
    way, naive = finger(chords), tuple(shapes(chord)[0] for chord in chords)
    assert way != naive
    travel, naive_travel = (
        sum(abs(a.position - b.position) for a, b in pairwise(path)) for path in (way, naive)
    )
    assert travel <= naive_travel


def test_a_capo_spares_barres_and_says_which() -> None:
    capo = best_capo(read("Ab Fm Db Eb Bbm"))
    assert capo.fret == 1
    assert capo.why == (
        "capo 1 leaves 0 of 5 barre chords: Ab -> G, Fm -> Em, Db -> C, Eb -> D, Bbm -> Am"
    )
    assert [shape.name for shape in capo.shapes] == ["G", "Em", "C", "D", "Am"]
    assert best_capo(read("C G Am")).why == "no capo: no chord needs a barre"
    assert best_capo(read("C G Am")).fret == 0


def test_shapes_and_diagrams_can_be_read() -> None:
    shape = shapes(read_chord("C"))[0]
    assert shape.diagram() == (
        "x     o   o\n===========\n| | | | 1 |\n| | 2 | | |\n| 3 | | | |\n| | | | | |"
    )
    high = shapes(read_chord("C#m"))[0]
    assert high.diagram().splitlines()[1] == "----------- 4"
    assert high.position == 4
    assert high.barred
    assert not shape.barred
    far = Shape(shape.chord, "C", (None, 10, 12, 12, 11, 10), shape.fingers, (), (), 0.0)
    assert far.text == "x-10-12-12-11-10"


def test_a_strum_takes_its_time_and_its_direction() -> None:
    pitches = (40, 47, 52, 55, 59, 64)
    down = strum(pitches, "down", 120.0)
    assert [pitch for pitch, _ in down] == list(pitches)
    assert [offset for _, offset in down] == pytest.approx([0.018 * n for n in range(6)])
    up = strum(pitches, "up", 60.0)
    assert [pitch for pitch, _ in up] == [64, 59, 55, 52]
    assert [offset for _, offset in up] == pytest.approx([0.0, 0.009, 0.018, 0.027])


def test_a_capo_out_of_reach_is_refused() -> None:
    with pytest.raises(SettingError, match="capo is 10; it takes 0 to 9"):
        shapes(read_chord("C"), STANDARD, 10)


def test_a_chord_that_no_hand_can_hold_is_said() -> None:
    with pytest.raises(SettingError, match=r"Am11 cannot be held in tuning 'C2 C2 C2"):
        shapes(read_chord("Am11"), read_tuning("C2 C2 C2 C2 C2 C2"))


@pytest.mark.parametrize("shape", ["411322", "x42122", "422221", "433121"])
def test_no_hand_turns_against_its_barre(shape: str) -> None:
    held = grip(tuple(-1 if sign == "x" else int(sign) for sign in shape))
    assert held is None or (held.fingers[0] or held.fingers[1]) != 4


@settings(max_examples=60, deadline=None)
@given(CHORDS, st.sampled_from(sorted(TUNINGS)))
def test_the_little_finger_is_not_under_a_barre(chord: Chord, name: str) -> None:
    for shape in shapes(chord, TUNINGS[name]):
        lowest = next(at for at, fret in enumerate(shape.frets) if fret is not None)
        fret = shape.frets[lowest] or 0
        across = [barre for barre in shape.barres if barre.first > lowest and barre.fret < fret]
        assert not across or shape.fingers[lowest] != 4


@pytest.mark.parametrize(
    ("chords", "capo", "names"),
    [("Bb F/A Gm F Eb Bb/D Cm", 9, "Db Ab/C Bbm Ab Gb Db/F Ebm"), ("Ab Fm Db Eb", 1, "G Em C D"),
     ("F# B C#m D#m", 2, "E A Bm C#m"), ("C G Am F", 3, "A E F#m D")],
)  # fmt: skip
def test_shapes_of_a_song_are_spelled_alike(chords: str, capo: int, names: str) -> None:
    assert " ".join(shape_names(read(chords), capo)) == names
    assert " ".join(shape.name for shape in finger(read(chords), capo=capo)) == names
