"""What a file says besides its sound, from the musician's file to what is made of it."""

from __future__ import annotations

import struct
from io import FileIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from assistant.material import Audio, Session
from bridge import files
from bridge.scratch import Scratch
from bridge.sound import tags
from bridge.sound.bext import Bext, BextLoudness, pack, unpack
from bridge.sound.form import Form
from bridge.sound.markers import Marker
from tests.bridge.sound.made import RATE, aiff, chunk, wav
from tests.bridge.sound.test_cuesheet import ALBUM
from tests.bridge.sound.test_flac_blocks import block, comments, picture
from tests.bridge.sound.test_id3 import GAIN, ISRC, PICTURE, frame
from tests.bridge.sound.test_id3 import tag as id3_tag
from tests.bridge.sound.test_markers import MARKED, SAID, aiff_marks, cues

BODY = np.arange(-400, 400, dtype="<i2").tobytes()
INFO = b"INFO" + chunk(b"INAM", b"A Song\0") + chunk(b"IART", b"Someone\0")
IXML = b"<BWFXML><PROJECT>Album</PROJECT><SPEED><FILE_SAMPLE_RATE>48000</FILE_SAMPLE_RATE></SPEED>"
IXML += (
    b"<FILE_UID>9f</FILE_UID><LOUDNESS><LOUDNESS_VALUE>-23.0</LOUDNESS_VALUE></LOUDNESS></BWFXML>"
)
AXML = b"<ebuCore><dc:identifier>ISRC:DEXX12345678</dc:identifier></ebuCore>"
SOURCE = Bext(b"a song", b"a DAW", b"REF1", b"2020-01-02", b"10:11:12", 48_000, BextLoudness(-23.0))
LOUD = BextLoudness(-14.0, 5.0, -1.0, -10.0, -11.0)


def read(path: Path) -> files.Source:
    with Scratch() as scratch:
        return files.read(path, (Audio,), scratch)


def remade(path: Path, out: Path, form: Form | None = None, rate: int = 0) -> Path:
    """Read a file and write its sound again, as a stage that measured its loudness does."""
    source = read(path)
    audio = source.material
    assert isinstance(audio, Audio)
    audio = Audio(audio.samples, rate or audio.rate)
    said = source.tags.saying(LOUD)
    made = files.write_all({"main": audio}, out, "a", 1, form or source.form, {"main": said})
    return made["main"]


def chunks_of(path: Path) -> dict[bytes, bytes]:
    data, at, found = path.read_bytes(), 12, {}
    assert struct.unpack_from("<I", data, 4) == (len(data) - 8,)
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert at == len(data)
    return found


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    song = id3_tag(frame(b"TSRC", ISRC) + frame(b"TXXX", GAIN) + frame(b"APIC", PICTURE))
    after = (
        chunk(b"bext", pack(SOURCE))
        + chunk(b"LIST", INFO + chunk(b"ISFT", b"a DAW\0"))
        + chunk(b"iXML", IXML)
        + chunk(b"axml", AXML)
        + chunk(b"id3 ", song)
        + chunk(b"smpl", bytes(36))
    )
    path = tmp_path / "tagged.wav"
    path.write_bytes(wav(BODY, after=after))
    return path


def test_a_wav_keeps_what_is_still_true(tagged: Path, tmp_path: Path) -> None:
    found = chunks_of(remade(tagged, tmp_path / "out"))
    assert list(found) == [b"bext", b"fmt ", b"data", b"iXML", b"axml", b"LIST", b"id3 "]
    assert found[b"data"] == BODY
    assert found[b"LIST"] == INFO
    assert found[b"iXML"] == IXML[: IXML.index(b"<FILE_UID")] + b"</BWFXML>"
    assert found[b"axml"] == AXML
    assert found[b"id3 "] == id3_tag(frame(b"TSRC", ISRC) + frame(b"APIC", PICTURE))
    told = unpack(found[b"bext"])
    assert told is not None
    assert (told.description, told.originator, told.reference) == (b"a song", b"a DAW", b"REF1")
    assert (told.date, told.time, told.frame) == (b"2020-01-02", b"10:11:12", 48_000)
    assert told.loudness == LOUD
    assert told.history == b"A=PCM,F=48000,W=16,M=stereo,T=bandmate\r\n"


def test_a_plain_wav_says_its_loudness_and_no_date(tmp_path: Path) -> None:
    (tmp_path / "plain.wav").write_bytes(wav(BODY))
    made = remade(tmp_path / "plain.wav", tmp_path / "out")
    told = read(made).tags.bext
    assert told is not None
    assert (told.originator, told.date, told.time) == (b"bandmate", b"", b"")
    assert told.loudness == LOUD
    again = remade(tmp_path / "plain.wav", tmp_path / "again")
    assert again.read_bytes() == made.read_bytes()


def test_where_nothing_is_known_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "plain.wav").write_bytes(wav(BODY))
    said = read(tmp_path / "plain.wav").tags.saying(BextLoudness())
    assert said == tags.Tags(RATE)
    assert tags.around(said, RATE, 16, 2) == (b"", b"")


def test_a_loudness_that_is_no_longer_true_is_not_said(tagged: Path) -> None:
    said = read(tagged).tags.saying(BextLoudness()).bext
    assert said is not None
    assert not said.loudness.said
    assert said.description == b"a song"


def test_places_in_frames_follow_the_rate(tagged: Path, tmp_path: Path) -> None:
    made = remade(tagged, tmp_path / "out", rate=96_000)
    found = read(made).tags
    assert found.bext is not None
    assert found.bext.frame == 96_000  # one second, as before
    assert found.chunks[b"iXML"] == b"<BWFXML><PROJECT>Album</PROJECT></BWFXML>"


@pytest.mark.parametrize("bits", [16, 24])
def test_a_flac_keeps_words_and_pictures(tmp_path: Path, bits: int) -> None:
    dice = np.random.default_rng(1)
    whole = dice.integers(-(2**15), 2**15, (20_000, 2), dtype=np.int16)
    soundfile.write(tmp_path / "plain.flac", whole, RATE, f"PCM_{bits}")
    data = (tmp_path / "plain.flac").read_bytes()
    words = comments(b"ISRC=DEXX12345678", b"TITLE=A Song", b"REPLAYGAIN_TRACK_GAIN=-6 dB")
    own_size = int.from_bytes(data[43:46], "big")
    assert data[42] == 0x84  # the comments of libFLAC, the last block
    art = picture(b"\x89PNG" + bytes(70_000))
    blocks = block(6, art) + block(4, words, last=True)
    path = tmp_path / "tagged.flac"
    path.write_bytes(data[:42] + blocks + data[46 + own_size :])
    made = remade(path, tmp_path / "out")
    kept = read(made).tags.blocks
    assert [one.body for one in kept] == [
        comments(b"ISRC=DEXX12345678", b"TITLE=A Song", vendor=b"bandmate"),
        art,
    ]
    stored, rate = soundfile.read(made, dtype="int16")
    assert rate == RATE
    assert np.array_equal(stored, whole)
    info = soundfile.SoundFile(made)
    assert (info.title, info.frames) == ("A Song", 20_000)
    info.close()
    assert made.read_bytes().count(b"libFLAC") == 0  # one block of comments, as the format asks


@pytest.fixture
def tagged_flac(tmp_path: Path) -> Path:
    """Make a FLAC with an ISRC, a picture and a cuesheet, of ten seconds at 44.1 kHz."""
    soundfile.write(tmp_path / "plain.flac", np.zeros(441_000, np.int16), 44_100, "PCM_16")
    data = (tmp_path / "plain.flac").read_bytes()
    own_size = int.from_bytes(data[43:46], "big")
    words = comments(b"ISRC=DEXX12345678", b"TITLE=A Song", b"REPLAYGAIN_TRACK_GAIN=-6 dB")
    blocks = block(6, picture(b"\x89PNG")) + block(5, ALBUM) + block(4, words, last=True)
    path = tmp_path / "tagged.flac"
    path.write_bytes(data[:42] + blocks + data[46 + own_size :])
    return path


def test_a_flac_written_as_floats_keeps_all_it_said(tagged_flac: Path, tmp_path: Path) -> None:
    made = remade(tagged_flac, tmp_path / "out", Form("WAV", "FLOAT"))
    assert chunks_of(made)[b"id3 "] == id3_tag(
        frame(b"TSRC", b"\3DEXX12345678", 4)
        + frame(b"TIT2", b"\3A Song", 4)
        + frame(b"APIC", b"\3image/png\0\3\0\x89PNG", 4),
        4,
    )
    kept = read(made).tags
    assert kept.chunks[b"LIST"] == b"INFO" + chunk(b"INAM", b"A Song\0")
    assert kept.markers == (Marker(0, b"Track 1"), Marker(44_688, b"Track 2"))
    assert kept.bext is not None
    assert kept.bext.loudness == LOUD


def test_the_cuesheet_of_a_flac_follows_the_rate(tagged_flac: Path, tmp_path: Path) -> None:
    kept = [one.body for one in read(remade(tagged_flac, tmp_path / "out")).tags.blocks]
    assert ALBUM in kept
    faster = read(remade(tagged_flac, tmp_path / "faster", rate=88_200)).tags.blocks
    assert [int.from_bytes(one.body[-36:-28], "big") for one in faster if one.kind == 5] == [
        882_000
    ]


@pytest.mark.parametrize(("rate", "start"), [(RATE, 4800), (96_000, 9600)])
def test_markers_of_a_wav_stay_at_their_moments(tmp_path: Path, rate: int, start: int) -> None:
    after = chunk(b"LIST", SAID) + chunk(b"cue ", cues((7, 4800), (2, 100))) + chunk(b"LIST", INFO)
    (tmp_path / "a.wav").write_bytes(wav(BODY, after=after))
    assert read(tmp_path / "a.wav").tags.markers == MARKED
    kept = read(remade(tmp_path / "a.wav", tmp_path / "out", rate=rate)).tags
    assert kept.markers[1] == Marker(start, b"Chorus", b"loud")
    assert kept.chunks[b"LIST"] == INFO  # the other list, though it came second


def test_an_aiff_keeps_its_words_and_markers_in_the_wav(tmp_path: Path) -> None:
    data = aiff(BODY)[12:] + b"".join(
        chunk(name, body, order=">")
        for name, body in ((b"NAME", b"A Song"), (b"MARK", aiff_marks((48, b"Chorus"))))
    )
    (tmp_path / "a.aiff").write_bytes(b"FORM" + struct.pack(">I", 4 + len(data)) + b"AIFF" + data)
    kept = read(remade(tmp_path / "a.aiff", tmp_path / "out")).tags
    assert kept.chunks[b"LIST"] == b"INFO" + chunk(b"INAM", b"A Song\0")
    assert kept.markers == (Marker(48, b"Chorus"),)


def test_a_flac_without_tags_is_written_as_before(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).normal(0.0, 0.1, 5000)
    soundfile.write(tmp_path / "plain.flac", noise, RATE, "PCM_16")
    made = remade(tmp_path / "plain.flac", tmp_path / "out")
    assert read(made).tags.blocks == ()


def test_the_tag_of_an_mp3_goes_into_the_wav(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.1, (44_100, 2))
    soundfile.write(tmp_path / "plain.mp3", noise, 44_100, format="MP3")
    data = (tmp_path / "plain.mp3").read_bytes()
    path = tmp_path / "tagged.mp3"
    song = frame(b"TSRC", ISRC) + frame(b"APIC", PICTURE)
    path.write_bytes(id3_tag(song + frame(b"RVAD", bytes(9)) + bytes(99)) + data)
    found = chunks_of(remade(path, tmp_path / "out"))
    assert found[b"id3 "] == id3_tag(song)


def test_only_the_main_file_says_it(tagged: Path, tmp_path: Path) -> None:
    source = read(tagged)
    both = {"main": source.material, "dry": source.material}
    made = files.write_all(both, tmp_path / "out", "a", 1, source.form, {"main": source.tags})
    assert b"LIST" in chunks_of(made["main"])
    assert list(chunks_of(made["dry"])) == [b"fmt ", b"data"]


def test_each_stem_of_a_folder_keeps_its_own(tagged: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stems"
    folder.mkdir()
    tagged.rename(folder / "lead.wav")
    (folder / "plain.wav").write_bytes(wav(BODY))
    with Scratch() as scratch:
        source = files.read(folder, (Session,), scratch)
    assert source.tags == tags.NO_TAGS
    assert source.stem_tags["lead"].chunks[b"axml"] == AXML
    assert source.stem_tags["plain"] == tags.Tags(RATE)


def test_floats_and_odd_lengths_add_up(tagged: Path, tmp_path: Path) -> None:
    for subtype in ("PCM_24", "FLOAT"):
        made = remade(tagged, tmp_path / subtype, Form("WAV", subtype))
        assert b"id3 " in chunks_of(made)
        assert np.array_equal(soundfile.read(made)[0], soundfile.read(tagged)[0])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"bext", b"LIST", b"cue ", b"iXML", b"axml", b"id3 ", b"junk"]),
            st.binary(max_size=700) | st.binary(max_size=60).map(lambda rest: b"INFO" + rest),
        ),
        max_size=6,
    )
)
def test_broken_tags_never_cost_the_song(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[bytes, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.wav").write_bytes(
        wav(BODY, after=b"".join(chunk(name, body) for name, body in said))
    )
    made = remade(folder / "a.wav", folder / "out")
    assert chunks_of(made)[b"data"] == BODY
    first, again = read(made).tags, read(remade(made, folder / "again")).tags
    assert dict(again.chunks) == dict(first.chunks)  # what was kept once is kept
    assert again.markers == first.markers


def test_a_huge_tag_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "MAX_BYTES", 2000)
    after = chunk(b"axml", bytes(1500)) + chunk(b"iXML", bytes(1500)) + chunk(b"LIST", INFO)
    (tmp_path / "a.wav").write_bytes(wav(BODY, after=after))
    with FileIO(tmp_path / "a.wav") as file:
        found = tags.read(file, "WAV", RATE)
    assert set(found.chunks) == {b"axml", b"LIST"}
