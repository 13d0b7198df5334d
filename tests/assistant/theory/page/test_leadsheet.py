from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Tempo
from assistant.theory.guitar.shapes import shapes
from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.page.leadsheet import Change, Sheet, lead_sheet, unwritable
from assistant.theory.page.musicxml import KINDS

DIVISIONS = 12
TYPES = {"16th": 3, "eighth": 6, "quarter": 12, "half": 24, "whole": 48}


def changes(symbols: str, beats: float = 4.0) -> tuple[Change, ...]:
    chords = [read_chord(symbol) for symbol in symbols.split()]
    return tuple(Change(place * beats, beats, chord) for place, chord in enumerate(chords))


def melody(*line: tuple[float, float]) -> tuple[Note, ...]:
    """Pitches and lengths, one after the other."""
    notes, place = [], 0.0
    for pitch, length in line:
        notes.append(Note(pitch, place, length * 0.95))
        place += length
    return tuple(notes)


def read(sheet: Sheet) -> ET.Element:
    return ET.fromstring(lead_sheet(sheet))  # noqa: S314 - it is our own


def text(element: ET.Element, path: str) -> str:
    return element.findtext(path) or ""


def values(measure: ET.Element) -> list[str]:
    """Each note in short: its name or rest, value, dots and ties."""
    found = []
    for note in measure.iter("note"):
        step, alter = text(note, "pitch/step"), int(text(note, "pitch/alter") or 0)
        name = step + "#" * alter + "b" * -alter + text(note, "pitch/octave") if step else "rest"
        ties = "".join({"start": "(", "stop": ")"}[tie.attrib["type"]] for tie in note.iter("tie"))
        dots = "." * len(note.findall("dot"))
        three = "3" if note.find("time-modification") is not None else ""
        found.append(f"{name}:{text(note, 'type')}{dots}{three}{ties}")
    return found


def check_sums(root: ET.Element) -> None:
    """Every bar but an upbeat is as long as its metre says, and every value as its type says."""
    bar = 0
    for measure in root.iter("measure"):
        if measure.find("attributes/time") is not None:
            numerator = int(text(measure, "attributes/time/beats"))
            bar = numerator * 4 * DIVISIONS // int(text(measure, "attributes/time/beat-type"))
        total = 0
        for note in measure.iter("note"):
            duration = int(text(note, "duration"))
            total += duration
            kind = text(note, "type")
            if kind:
                whole = TYPES[kind] * (1.5 if note.find("dot") is not None else 1.0)
                three = note.find("time-modification") is not None
                assert duration == whole * (2 / 3 if three else 1)
        assert total == bar or measure.attrib.get("implicit") == "yes"


def test_a_song_is_written() -> None:
    sheet = Sheet(
        "Tune",
        read_key("D"),
        changes("D Bm7 G/B A7"),
        tempos=(Tempo(0.0, 96.0),),
        melody=melody((74, 1), (73, 1.5), (71, 0.5), (69, 1), (78, 6), (76, 2), (74, 4)),
    )
    root = read(sheet)
    assert root.attrib["version"] == "4.0"
    assert text(root, "work/work-title") == "Tune"
    assert text(root, "identification/encoding/software") == "bandmate"
    assert root.find(".//encoding-date") is None
    assert (text(root, ".//key/fifths"), text(root, ".//key/mode")) == ("2", "major")
    assert text(root, ".//per-minute") == "96"
    measures = list(root.iter("measure"))
    assert [values(measure) for measure in measures] == [
        ["D5:quarter", "C#5:quarter.", "B4:eighth", "A4:quarter"],
        ["F#5:whole("],
        ["F#5:half)", "E5:half"],
        ["D5:whole"],
    ]
    assert root.find(".//accidental") is None
    check_sums(root)
    assert lead_sheet(sheet) == lead_sheet(sheet)


@pytest.mark.parametrize("kind", sorted(QUALITIES))
def test_every_chord_can_be_read_back(kind: str) -> None:
    chord = Chord(6, kind, 1)
    harmony = read(Sheet("", Key(6), (Change(0.0, 4.0, chord),))).find(".//harmony")
    assert harmony is not None
    assert (text(harmony, "root/root-step"), text(harmony, "root/root-alter")) == ("F", "1")
    assert text(harmony, "bass/bass-step") == "FCGDAEB"[(chord.bass + 1) % 7]
    symbol = harmony.find("kind")
    assert symbol is not None
    assert symbol.text == KINDS[kind][0]
    assert symbol.attrib.get("text", "") == chord.quality.suffix


def test_sounding_degrees_of_kinds_are_those_of_the_chord() -> None:
    stacks = {
        "major": "1 3 5", "minor": "1 b3 5", "diminished": "1 b3 b5", "augmented": "1 3 #5",
        "power": "1 5", "suspended-second": "1 2 5", "suspended-fourth": "1 4 5",
        "major-sixth": "1 3 5 6", "minor-sixth": "1 b3 5 6", "dominant": "1 3 5 b7",
        "major-seventh": "1 3 5 7", "minor-seventh": "1 b3 5 b7", "major-minor": "1 b3 5 7",
        "half-diminished": "1 b3 b5 b7", "diminished-seventh": "1 b3 b5 bb7",
        "augmented-seventh": "1 3 #5 b7", "dominant-ninth": "1 3 5 b7 9",
        "major-ninth": "1 3 5 7 9", "minor-ninth": "1 b3 5 b7 9",
        "minor-11th": "1 b3 5 b7 9 11", "dominant-13th": "1 3 5 b7 9 13",
    }  # fmt: skip
    scale = {1: 0, 2: 2, 3: 4, 4: -1, 5: 1, 6: 3, 7: 5, 9: 2, 11: -1, 13: 3}
    for kind, (written, degrees) in KINDS.items():
        tones = {}
        for degree in stacks[written].split():
            number = int(degree.lstrip("b#"))
            tones[number] = scale[number] + 7 * (degree.count("#") - degree.count("b"))
        for number, alter in degrees:
            if number == 3:
                del tones[3]
            else:
                tones[number] = scale[number] + 7 * alter
        assert set(tones.values()) == set(QUALITIES[kind].tones), kind


def test_a_chord_within_a_note_has_its_place() -> None:
    sheet = Sheet("", Key(0), changes("C G", 2.5), melody=melody((72, 5)))
    harmonies = list(read(sheet).iter("harmony"))
    assert [text(harmony, "offset") for harmony in harmonies] == ["", "30"]


def test_triplets_sixteenths_and_syncopations_are_told_apart() -> None:
    third = 1 / 3
    line = melody(
        (60, third), (62, third), (64, third), (65, 0.5), (67, 1.0), (65, 0.5), (64, 0.75),
        (62, 0.25), (60, 2 * third), (62, third), (60, 0.25), (62, 0.25), (64, 0.5), (65, 1),
    )  # fmt: skip
    root = read(Sheet("", Key(0), changes("C F"), melody=line))
    assert [values(measure) for measure in root.iter("measure")] == [
        ["C4:eighth3", "D4:eighth3", "E4:eighth3", "F4:eighth", "G4:eighth(", "G4:eighth)",
         "F4:eighth", "E4:eighth.", "D4:16th"],
        ["C4:quarter3", "D4:eighth3", "C4:16th", "D4:16th", "E4:eighth", "F4:quarter",
         "rest:quarter"],
    ]  # fmt: skip
    check_sums(root)
    kinds = [tuplet.attrib["type"] for tuplet in root.iter("tuplet")]
    assert kinds == ["start", "stop"] * 2
    beams = [[beam.text for beam in note.findall("beam")] for note in root.iter("note")]
    assert beams[:3] == [["begin"], ["continue"], ["end"]]
    assert ["begin", "begin"] in beams
    assert ["end", "backward hook"] in beams


def test_the_middle_of_a_bar_can_be_seen() -> None:
    line = melody((60, 1.5), (62, 1), (64, 1.5))
    (measure,) = read(Sheet("", Key(0), changes("C"), melody=line)).iter("measure")
    assert values(measure) == ["C4:quarter.", "D4:eighth(", "D4:eighth)", "E4:quarter."]
    compound = melody((60, 1.0), (62, 1.0), (64, 1.0))
    sheet = Sheet("", Key(0), changes("C", 3.0), (Meter(0.0, 6, 8),), melody=compound)
    (measure,) = read(sheet).iter("measure")
    assert values(measure) == ["C4:quarter", "D4:eighth(", "D4:eighth)", "E4:quarter"]


def test_notes_are_spelled_by_chord_key_and_direction() -> None:
    def names(key: str, chords: str, *pitches: float) -> list[str]:
        line = melody(*((pitch, 1.0) for pitch in pitches))
        root = read(Sheet("", read_key(key), changes(chords), melody=line))
        return [value.split(":")[0] for value in values(next(root.iter("measure")))]

    assert names("D", "D", 66, 61, 69, 66) == ["F#4", "C#4", "A4", "F#4"]
    assert names("Gb", "Gb", 66, 70, 71, 66) == ["Gb4", "Bb4", "Cb5", "Gb4"]
    assert names("C", "E7", 68, 71, 74, 68) == ["G#4", "B4", "D5", "G#4"]
    assert names("C", "Fm", 68, 72, 77, 68) == ["Ab4", "C5", "F5", "Ab4"]
    assert names("C", "C", 66, 66, 65, 67) == ["Gb4", "Gb4", "F4", "G4"]
    assert names("C", "C", 66, 67, 66, 65) == ["F#4", "G4", "Gb4", "F4"]
    assert names("A minor", "E7", 68, 69, 71, 68) == ["G#4", "A4", "B4", "G#4"]
    assert names("C# major", "C#", 72, 73, 60, 61) == ["B#4", "C#5", "B#3", "C#4"]


def test_accidentals_last_for_a_bar() -> None:
    line = melody((66, 1), (66, 1), (65, 1), (66, 1), (66, 1), (65, 3))
    root = read(Sheet("", Key(0), changes("D7 D7"), melody=line))
    signs = [
        [text(note, "accidental") for note in bar.iter("note")] for bar in root.iter("measure")
    ]
    assert signs[0] == ["sharp", "", "natural", "sharp"]
    assert signs[1][0] == "sharp"


def test_words_are_set_under_notes() -> None:
    line = melody(*((60 + step, 1.0) for step in range(8)))
    lyrics = ("Hel-", "lo,", "_", "my", "won-", "der-", "ful", "")
    root = read(Sheet("", Key(0), changes("C C"), melody=line, lyrics=lyrics))
    sung = [(text(each, "syllabic"), text(each, "text")) for each in root.iter("lyric")]
    assert sung == [
        ("begin", "Hel"), ("end", "lo,"), ("single", "my"), ("begin", "won"), ("middle", "der"),
        ("end", "ful"),
    ]  # fmt: skip
    assert len(list(root.iter("extend"))) == 1
    with pytest.raises(MaterialError, match="9 syllables for 8 notes"):
        lead_sheet(Sheet("", Key(0), (), melody=line, lyrics=(*lyrics, "more")))


def test_an_upbeat_and_changes_of_metre_and_tempo() -> None:
    meters = (Meter(0.0, 3, 4), Meter(7.0, 6, 8), Meter(10.0, 7, 8))
    line = melody((67, 1), (72, 3), (71, 3), (69, 3), (67, 3.5))
    sheet = Sheet("", Key(0), changes("C F G C", 3.375), meters,
                  (Tempo(0.0, 120.0), Tempo(8.5, 90.0)), line, pickup=1.0)  # fmt: skip
    root = read(sheet)
    measures = list(root.iter("measure"))
    assert [measure.attrib["number"] for measure in measures] == list("01234")
    assert measures[0].attrib["implicit"] == "yes"
    assert values(measures[0]) == ["G4:quarter"]
    assert [text(measure, "attributes/time/beats") for measure in measures] == [
        "3",
        "",
        "",
        "6",
        "7",
    ]
    tempo = measures[3].find("direction")
    assert tempo is not None
    assert text(tempo, "offset") == "18"
    check_sums(root)


def test_without_a_melody_there_are_slashes_to_strum() -> None:
    seven = Sheet("", Key(0), changes("C F", 3.5), (Meter(0.0, 7, 8),))
    root = read(seven)
    assert len(list(root.iter("unpitched"))) == 6
    assert {text(note, "notehead") for note in root.iter("note")} == {"slash"}
    check_sums(root)
    with_notes = read(Sheet("", Key(0), changes("C F"), melody=melody((60, 4))))
    rests = [rest.attrib.get("measure") for rest in with_notes.iter("rest")]
    assert rests == ["yes"]


def test_swung_eighths_are_written_straight() -> None:
    swung = (Note(60, 0.0, 0.66), Note(62, 0.66, 0.34), Note(64, 1.0, 0.66), Note(65, 1.66, 2.34))
    root = read(Sheet("", Key(0), changes("C"), melody=swung, swing=0.66))
    assert [value.split(":")[1][:6] for value in values(next(root.iter("measure")))][:4] == [
        "eighth"] * 4  # fmt: skip
    assert "Swing" in [words.text for words in root.iter("words")]


def test_the_highest_of_notes_together_is_the_melody() -> None:
    chord = (Note(60, 0.0, 4.0), Note(64, 0.0, 4.0), Note(67, 2.0, 2.0))
    root = read(Sheet("", Key(0), changes("C"), melody=chord))
    assert values(next(root.iter("measure"))) == ["E4:half", "G4:half"]


def test_shapes_are_drawn_as_frames() -> None:
    held = [shapes(read_chord(symbol))[0] for symbol in ("C", "C#m")]
    chords = tuple(Change(4.0 * n, 4.0, shape.chord, shape) for n, shape in enumerate(held))
    first, second = read(Sheet("", Key(0), chords, instruction="Capo 2")).iter("frame")
    places = [(text(note, "string"), text(note, "fret"), text(note, "fingering"))
              for note in first.iter("frame-note")]  # fmt: skip
    assert places == [("5", "3", "3"), ("4", "2", "2"), ("3", "0", ""), ("2", "1", "1"),
                      ("1", "0", "")]  # fmt: skip
    assert text(second, "first-fret") == str(held[1].position) == "4"


def test_titles_are_escaped() -> None:
    title = 'Rock & <Roll> "live" \x00\x07日本'
    root = read(Sheet(title, Key(0), changes("C"), composer="A & B"))
    assert text(root, "work/work-title") == 'Rock & <Roll> "live" 日本'
    assert text(root, "identification/creator") == "A & B"


@pytest.mark.parametrize(("upper", "lower"), [(3, 32), (4, 32), (1, 64)])
def test_bars_of_less_than_sixteenths_are_refused_by_name(upper: int, lower: int) -> None:
    meters = (Meter(0.0, 4, 4), Meter(4.0, upper, lower))
    told = f"A lead sheet is written in sixteenths, which bars of {upper}/{lower} are not"
    assert unwritable(meters) == told
    assert unwritable(meters[:1]) == ""
    with pytest.raises(MaterialError, match=told):
        lead_sheet(Sheet("", Key(0), changes("C"), meters))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(40, 90), st.floats(0.05, 5.0), st.floats(0.1, 1.0)),
             max_size=24),
    st.sampled_from(["4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8", "9/8", "2/2", "11/16"]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(-7, 7),
)  # fmt: skip
def test_bars_add_up_whatever_is_played(
    line: list[tuple[int, float, float]], name: str, pickup: float, tonic: int
) -> None:
    notes, place = [], 0.0
    for pitch, length, share in line:
        notes.append(Note(float(pitch), place, length * share))
        place += length
    meter = Meter(0.0, *map(int, name.split("/")))
    root = read(Sheet("", Key(tonic), changes("C F"), (meter,), (), tuple(notes), pickup=pickup))
    check_sums(root)
    starts = [tie for tie in root.iter("tie") if tie.attrib["type"] == "start"]
    stops = [tie for tie in root.iter("tie") if tie.attrib["type"] == "stop"]
    assert len(starts) == len(stops)
    brackets = [tuplet.attrib["type"] for tuplet in root.iter("tuplet")]
    assert brackets == ["start", "stop"] * (len(brackets) // 2)


def test_music21_reads_back_what_was_written() -> None:
    music21 = pytest.importorskip("music21", reason="music21 is not installed")
    line = melody((74, 1), (73, 1.5), (71, 0.5), (69, 1), (78, 6), (76, 2), (74, 4))
    sheet = Sheet("", read_key("D"), changes("D F#m7b5/A G7sus4 Ab7b9"), melody=line)
    score = music21.converter.parseData(lead_sheet(sheet), format="musicxml").stripTies()
    notes = [each for each in score.recurse().notes if "ChordSymbol" not in each.classes]
    assert [(note.pitch.midi, float(note.quarterLength)) for note in notes] == [
        (note.pitch, round(note.length / 0.95, 2)) for note in line
    ]
    symbols = list(score.recurse().getElementsByClass("ChordSymbol"))
    for symbol, change in zip(symbols, sheet.chords, strict=True):
        assert {pitch.pitchClass for pitch in symbol.pitches} == set(change.chord.pitch_classes)
        assert float(symbol.getOffsetInHierarchy(score)) == change.start
