from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, indent, tostring

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import (
    Audio,
    Bend,
    Meter,
    Note,
    Samples,
    Score,
    Session,
    Stem,
    Tempo,
    Track,
)
from assistant.moves import Move
from assistant.steps import result
from bridge.dawproject import mixing
from bridge.dawproject.archive import Archive
from bridge.dawproject.exchange import Exchange
from bridge.dawproject.reading import Project
from bridge.dawproject.tree import grown
from bridge.dawproject.writing import room_for, writing
from bridge.sound.form import Form
from tests.bridge.dawproject.packing import Slow

GOLDEN = Path(__file__).parent / "golden.xml"
"""A lead with a quarter tone and a slide, drums, a vocal that comes in late, its strip, two maps.

Held once against the schemas that Bitwig published (Project.xsd and MetaData.xsd, DAWproject 1.0).
"""

NOISE = (np.random.default_rng(5).integers(-(2**23), 2**23, (2, 30_000)) / 2**23).astype(np.float32)
VOCAL = Stem("Vox", Audio(NOISE, 44_100), 12_345)
LEAD = Track("Lead", (Note(60.5, 0.5, 1.0, 90), Note(64.0, 2.0, 1.0)), bends=(Bend(0.75, 61.0),))
DRUMS = Track("Drums", (Note(36.0, 0.0, 0.25),), drums=True)
SCORE = Score(
    (LEAD, DRUMS), (Tempo(0.0, 97.5), Tempo(3.0, 140.0)), (Meter(0.0, 3, 4), Meter(3.0, 6, 8))
)
MOVES = (
    Move("Vox", "gain_db", -6.0, "too loud"),
    Move("Vox", "pan", -0.5, "room on the left"),
    Move("Vox", "hpf_hz", 80.0, "rumble"),
    Move("Vox", "eq.freq_hz", 300.0, "mud", group="mud"),
    Move("Vox", "eq.gain_db", -3.0, "mud", group="mud"),
    Move("Vox", "comp.threshold_db", -20.0, "uneven"),
    Move("Vox", "comp.ratio", 4.0, "uneven"),
    Move("Vox", "deess.freq_hz", 6000.0, "sharp"),
    Move("mix", "gain_db", -1.0, "headroom"),
)
SONG = Exchange("Song", "As it stands.", SCORE, (VOCAL,), MOVES)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def written(song: Exchange, path: Path, form: Form | None = None) -> Path:
    with io.FileIO(path, "w+") as file:
        result(writing(song, form or Form(), file))
    return path


def score(path: Path) -> Score:
    with io.FileIO(path) as file:
        return Project(grown(Archive(file).project())).score


def session(path: Path) -> Session:
    with io.FileIO(path) as file:
        archive = Archive(file)
        return result(mixing.stems(Project(grown(archive.project())), archive, zeros))[0]


def member(path: Path, name: str) -> Element:
    with zipfile.ZipFile(path) as packed:
        return fromstring(packed.read(name))  # noqa: S314  our own


def test_a_song_is_written_as_it_was_held_against_the_schema(tmp_path: Path) -> None:
    made = member(written(SONG, tmp_path / "a.dawproject"), "project.xml")
    indent(made)
    assert tostring(made, encoding="unicode") + "\n" == GOLDEN.read_text("utf-8")


ORDER = {
    "Project": "Application Transport Structure Arrangement Scenes",
    "Transport": "Tempo TimeSignature",
    "Track": "Channel Track",
    "Channel": "Devices Mute Pan Sends Volume",
    "Arrangement": "Lanes Markers TempoAutomation TimeSignatureAutomation",
    "Points": "Target RealPoint",
    "TempoAutomation": "Target RealPoint",
    "TimeSignatureAutomation": "Target TimeSignaturePoint",
    "Equalizer": "Parameters Enabled State Band InputGain OutputGain",
    "Band": "Freq Gain Q Enabled",
    "Compressor": "Enabled Attack AutoMakeup InputGain OutputGain Ratio Release Threshold",
    "MetaData": "Title Artist Comment",
}


def ordered(element: Element) -> Iterator[Element]:
    for one in element.iter():
        if one.tag in ORDER:
            places = [ORDER[one.tag].split().index(child.tag) for child in one]
            assert places == sorted(places), one.tag
            yield one


def test_elements_stand_in_the_published_order_and_references_lead_somewhere(
    tmp_path: Path,
) -> None:
    path = written(SONG, tmp_path / "a.dawproject")
    made = member(path, "project.xml")
    assert {one.tag for one in ordered(made)} == set(ORDER) - {"MetaData"}
    assert list(ordered(member(path, "metadata.xml")))
    ids = [one.attrib["id"] for one in made.iter() if "id" in one.attrib]
    assert len(set(ids)) == len(ids)
    led = {
        one.attrib[name]
        for one in made.iter()
        for name in ("track", "destination", "parameter")
        if name in one.attrib
    }
    assert led <= set(ids)
    assert led >= {"tempo", "meter", "master-channel", "n1", "a1"}


def test_what_has_no_word_is_told_in_the_comment(tmp_path: Path) -> None:
    said = member(written(SONG, tmp_path / "a"), "metadata.xml").findtext("Comment")
    assert said == (
        "As it stands. Left out, for a DAWproject has no word for it: Vox: deess.freq_hz 6000 Hz."
    )


def test_the_same_song_is_the_same_file(tmp_path: Path) -> None:
    one, other = written(SONG, tmp_path / "a"), written(SONG, tmp_path / "b")
    assert one.read_bytes() == other.read_bytes()


def test_names_of_all_kinds_are_written(tmp_path: Path) -> None:
    names = ("../up", "a\x00b\x07", 'Ünï <&">', "", "x" * 500)
    stems = tuple(Stem(name, VOCAL.audio) for name in names)
    path = written(Exchange("\x01", "\ud800", SCORE, stems), tmp_path / "a")
    assert [stem.name for stem in session(path).stems] == [
        "../up",
        "ab",
        'Ünï <&">',
        "Track",
        "x" * 200,
    ]


def test_moves_are_on_the_strip_of_their_stem_and_on_no_other(tmp_path: Path) -> None:
    notes = Score((Track("Vox", (Note(60.0, 0.0, 1.0),)),))
    made = member(written(replace(SONG, score=notes), tmp_path / "a"), "project.xml")
    faders = {one.get("id"): one.get("value") for one in made.iter("Volume")}
    assert faders["n1-channel-vol"] == "1.0"
    assert faders["a1-channel-vol"] != "1.0"


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    one, half = np.float64(1.0), np.float64(0.5)
    score = Score((Track("a", (Note(one * 60.5, half, one),), bends=(Bend(one, one * 61),)),))
    moves = (Move("Vox", "pan", half, ""), Move("Vox", "comp.attack_ms", one, ""))
    path = written(Exchange(score=score, stems=(VOCAL,), moves=moves), tmp_path / "a")
    assert not [
        value
        for each in member(path, "project.xml").iter()
        for value in each.attrib.values()
        if "(" in value
    ]


def test_a_disk_that_takes_little_at_once_gets_all_of_it(tmp_path: Path) -> None:
    with Slow(tmp_path / "slow", "w+") as file:
        result(writing(SONG, Form(), file))
        assert not file.closed
    assert (tmp_path / "slow").read_bytes() == written(SONG, tmp_path / "a").read_bytes()


@pytest.mark.parametrize("pitch", [-1.0, 127.5, 200.0, float("nan")])
def test_a_pitch_that_no_key_has_is_refused(tmp_path: Path, pitch: float) -> None:
    song = Exchange(score=Score((Track("a", (Note(pitch, 0.0, 1.0),)),)))
    with pytest.raises(MaterialError, match="keys 0 to 127"):
        written(song, tmp_path / "a")


BEATS = st.floats(0.0, 500.0, allow_subnormal=False)
NOTES = st.builds(
    Note,
    st.one_of(st.integers(0, 127).map(float), st.floats(0.0, 127.0, allow_subnormal=False)),
    BEATS,
    st.floats(0.01, 32.0),
    st.integers(1, 127),
)
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
TRACKS = st.builds(
    lambda name, notes, drums: Track(
        name, tuple(sorted(notes, key=lambda note: note.start)), drums=drums
    ),
    NAMES,
    st.lists(NOTES, min_size=1, max_size=8),
    st.booleans(),
)


def mapped(gaps: list[float]) -> list[float]:
    return [0.0, *np.cumsum(gaps).tolist()]


TEMPOS = st.lists(st.tuples(st.floats(0.25, 64.0), st.floats(10.0, 999.0)), min_size=1, max_size=5)
METERS = st.lists(
    st.tuples(st.floats(0.25, 64.0), st.integers(1, 255), st.sampled_from([1, 2, 4, 8, 16, 64])),
    min_size=1,
    max_size=4,
)


@given(st.lists(TRACKS, max_size=3), TEMPOS, METERS)
def test_a_score_comes_back_exactly(
    tmp_path: Path,
    tracks: list[Track],
    tempos: list[tuple[float, float]],
    meters: list[tuple[float, int, int]],
) -> None:
    at = mapped([gap for gap, _ in tempos[1:]])
    bars = mapped([gap for gap, *_ in meters[1:]])
    song = Score(
        tuple(tracks),
        tuple(Tempo(beat, bpm) for beat, (_, bpm) in zip(at, tempos, strict=True)),
        tuple(
            Meter(beat, over, under) for beat, (_, over, under) in zip(bars, meters, strict=True)
        ),
    )
    assert score(written(Exchange(score=song), tmp_path / "a")) == song


def test_bends_come_back(tmp_path: Path) -> None:
    assert score(written(SONG, tmp_path / "a")) == SCORE


@given(st.integers(0, 5_000_000), TEMPOS, st.sampled_from([22_050, 44_100, 48_000, 96_000]))
def test_sound_comes_back_to_the_sample(
    tmp_path: Path, start: int, tempos: list[tuple[float, float]], rate: int
) -> None:
    at = mapped([gap for gap, _ in tempos[1:]])
    maps = tuple(Tempo(beat, bpm) for beat, (_, bpm) in zip(at, tempos, strict=True))
    stem = Stem("Vox", Audio(NOISE[:, :500], rate), start)
    path = written(Exchange(score=replace(SCORE, tempos=maps), stems=(stem,)), tmp_path / "a")
    (back,) = session(path).stems
    assert (back.name, back.start, back.audio.rate) == ("Vox", start, rate)
    assert np.array_equal(back.audio.samples, stem.audio.samples)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "DOUBLE"])
def test_sound_keeps_its_depth_in_a_wav(tmp_path: Path, subtype: str) -> None:
    form = Form("FLAC" if subtype == "PCM_16" else "WAV", subtype)  # type: ignore[arg-type]
    song = Exchange(stems=(VOCAL,))
    path = written(song, tmp_path / "a", form)
    with zipfile.ZipFile(path) as packed:
        info = packed.getinfo("audio/1-Vox.wav")
        assert packed.read(info)[:4] == b"RIFF"
        assert info.compress_type == zipfile.ZIP_STORED
        assert 0 <= info.file_size - VOCAL.audio.frames * 2 * (min(form.bits, 32) // 8) < 100
    assert room_for(song, form) == pytest.approx(info.file_size, rel=0.01)
