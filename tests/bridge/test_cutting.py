"""A part of a file, and two files of one take: what is read, and what stays true of it."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.errors import FileError, MusicianError
from assistant.material import Audio, Note, Score, Session, Track
from assistant.steps import result
from bridge import cli, files, work
from bridge.batch import request
from bridge.files import Source
from bridge.midi.score import bytes_from_score
from bridge.order import Order, cut_seconds, place, with_paths
from bridge.scratch import Scratch
from bridge.sound import bext, tags
from bridge.sound.bext import Bext
from bridge.sound.flac_blocks import CUESHEET, Block
from bridge.sound.markers import Marker
from bridge.sound.riff import chunk
from tests.bridge.sound.made import wav

RATE = 44_100
NOISE = np.random.default_rng(3).integers(-(2**15), 2**15, (RATE * 2, 2), dtype=np.int16)


def read(path: Path, cut: str = "", right: Path | None = None, *takes: type) -> Source:
    with Scratch() as scratch:
        found = result(
            files.reading(path, takes or (Audio,), scratch, "x", cut_seconds(cut), right)
        )
        assert isinstance(found.material, Audio)
        return replace(found, material=Audio(found.material.samples.copy(), found.material.rate))


def samples(found: Source) -> Any:
    assert isinstance(found.material, Audio)
    return found.material.samples


@pytest.mark.parametrize(
    ("name", "container", "subtype"),
    [
        ("a.wav", "WAV", "PCM_16"),
        ("a.w64", "W64", "PCM_16"),
        ("a.aif", "AIFF", "PCM_16"),
        ("a.caf", "CAF", "PCM_16"),
        ("a.flac", "FLAC", "PCM_16"),
    ],
)
@pytest.mark.parametrize(
    ("cut", "first", "last"),
    [
        ("0.5-1.25", RATE // 2, RATE * 5 // 4),
        ("1.5-", RATE * 3 // 2, RATE * 2),
        ("-0.25", 0, RATE // 4),
        ("0-2", 0, RATE * 2),
        ("1.5-2.04", RATE * 3 // 2, RATE * 2),
        ("0-0.0001", 0, 4),
    ],
)
def test_a_part_is_read_to_the_frame(
    tmp_path: Path, name: str, container: str, subtype: str, cut: str, first: int, last: int
) -> None:
    soundfile.write(tmp_path / name, NOISE, RATE, format=container, subtype=subtype)
    expected = NOISE[first:last].T / np.float32(2**15)
    assert np.array_equal(samples(read(tmp_path / name, cut)), expected)


def test_a_part_of_what_is_lossy_is_as_long(tmp_path: Path) -> None:
    for name, kind, subtype in (("a.mp3", "MP3", "MPEG_LAYER_III"), ("a.ogg", "OGG", "VORBIS")):
        soundfile.write(tmp_path / name, NOISE, RATE, format=kind, subtype=subtype)
        whole = samples(read(tmp_path / name))
        part = samples(read(tmp_path / name, "0.5-1"))
        assert np.array_equal(part, whole[:, RATE // 2 : RATE])


def test_only_the_part_takes_room(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", NOISE, RATE)
    shapes: list[tuple[int, ...]] = []

    def scratch(shape: tuple[int, ...]) -> Any:
        shapes.append(shape)
        return np.zeros(shape, np.float32)

    result(files.reading(tmp_path / "a.wav", (Audio,), scratch, "", cut_seconds("0.5-0.75")))
    assert shapes == [(2, RATE // 4)]


@pytest.mark.parametrize("cut", ["2-", "1-2.1", "3-4", "2.5-", "1.00001-1.00001001"])
def test_a_part_that_is_not_in_the_file_is_refused(tmp_path: Path, cut: str) -> None:
    soundfile.write(tmp_path / "a.wav", NOISE, RATE)
    with pytest.raises(FileError, match=r"a.wav.* is 2 s long; the cut .* is not within it"):
        read(tmp_path / "a.wav", cut)


@pytest.mark.parametrize(
    "words", ["-", "2-1", "1-1", "a-b", "1:30-2", "12", "-1-2", "1e3-", "nan-", "1--2", "١-٢"]
)
def test_what_is_no_cut_is_refused_with_what_is(words: str) -> None:
    with pytest.raises(MusicianError, match=r"12.5-20.25"):
        place("pitch", "take.wav", {"cut": words})


@pytest.mark.parametrize("words", ["12.5-20.25", "12.5-", "-20", "", " 3 - 8 "])
def test_a_cut_is_kept_as_words(words: str) -> None:
    placed = place("pitch", "take.wav", {"cut": words, "right": "r.wav"})
    assert placed.cut == words.strip()
    changed = with_paths(placed, lambda path: f"/whole/{path}")
    assert (changed.path, changed.right) == ("/whole/take.wav", "/whole/r.wav")


@pytest.mark.parametrize("asked", [{"cut": "1-2"}, {"right": "r.wav"}])
def test_without_sound_there_is_nothing_to_cut(asked: dict[str, str]) -> None:
    with pytest.raises(MusicianError, match="is of a sound file, and there is none"):
        place("chords", "", asked)


def test_a_folder_and_a_score_have_no_cut(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder; only of a sound file there is a cut"):
        read(tmp_path, "1-2", None, Audio, Session)
    path = tmp_path / "a.mid"
    path.write_bytes(bytes_from_score(Score((Track("keys", (Note(60.0, 0.0, 1.0),)),))))
    with pytest.raises(FileError, match="only of a sound file there is a cut"):
        read(path, "1-2", None, Audio, Score)


# What stays true


def test_the_time_reference_and_the_markers_move_by_the_cut(tmp_path: Path) -> None:
    text = b"<BWFXML><PROJECT>x</PROJECT><SYNC_POINT_LIST>1</SYNC_POINT_LIST></BWFXML>"
    whence = chunk(b"bext", bext.pack(Bext(b"take", frame=1000)))
    cues = struct.pack("<I", 2) + b"".join(
        struct.pack("<II4sIII", n, at, b"data", 0, 0, at) for n, at in ((1, 500), (2, 24_050))
    )
    after = whence + chunk(b"iXML", text) + chunk(b"cue ", cues)
    (tmp_path / "a.wav").write_bytes(wav(NOISE.tobytes(), after=after))  # at 48 kHz
    found = read(tmp_path / "a.wav", "0.5-1").tags
    assert found.bext is not None
    assert found.bext.frame == 1000 + 24_000
    assert found.markers == (Marker(50),)
    assert found.chunks[b"iXML"] == b"<BWFXML><PROJECT>x</PROJECT></BWFXML>"


@pytest.mark.parametrize(
    ("marker", "kept"),
    [
        (Marker(99), None),
        (Marker(100), Marker(0)),
        (Marker(199), Marker(99)),
        (Marker(200), None),
        (Marker(50, frames=50), None),
        (Marker(50, frames=60), Marker(0, frames=10)),
        (Marker(150, frames=500), Marker(50, frames=50)),
        (Marker(0, b"all", frames=1000), Marker(0, b"all", frames=100)),
    ],
)
def test_a_region_is_cut_with_the_sound(marker: Marker, kept: Marker | None) -> None:
    assert marker.within(100, 100) == kept


def test_what_is_said_of_the_whole_disc_is_left_out() -> None:
    sheet = Block(CUESHEET, bytes(396))
    words = Block(4, b"words")
    assert tags.Tags(RATE, blocks=(words,)).cut(10, 10).blocks == (words,)
    marked = tags.Tags(RATE, blocks=(words, sheet), markers=(Marker(15),)).cut(10, 10)
    assert (marked.blocks, marked.markers) == ((words,), (Marker(5),))


# Left and right


def mono(path: Path, channel: int, frames: int = RATE * 2, rate: int = RATE) -> Path:
    soundfile.write(path, NOISE[:frames, channel], rate)
    return path


@pytest.mark.parametrize(("cut", "first", "last"), [("", 0, 2 * RATE), ("0.5-1", RATE // 2, RATE)])
def test_two_mono_files_are_one_stereo_take(
    tmp_path: Path, cut: str, first: int, last: int
) -> None:
    left, right = mono(tmp_path / "a.L.wav", 0), mono(tmp_path / "a.R.wav", 1)
    found = read(left, cut, right)
    assert np.array_equal(samples(found), NOISE[first:last].T / np.float32(2**15))
    assert found.form.subtype == "PCM_16"


def test_channels_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    left = mono(tmp_path / "left.wav", 0)
    with pytest.raises(FileError, match=r"88,200 frames .* 44,100; the channels of one take"):
        read(left, "", mono(tmp_path / "short.wav", 1, RATE))
    with pytest.raises(FileError, match=r"44,100 Hz .* 48,000; the channels"):
        read(left, "", mono(tmp_path / "other.wav", 1, rate=48_000))
    soundfile.write(tmp_path / "both.wav", NOISE, RATE)
    for pair in ((left, tmp_path / "both.wav"), (tmp_path / "both.wav", left)):
        with pytest.raises(FileError, match=r"'both.wav'.* has 2 channels|both.wav.* 2 channels"):
            read(pair[0], "", pair[1])
    with pytest.raises(FileError, match="There is no"):
        read(left, "", tmp_path / "gone.wav")


# All the way


def test_what_is_made_is_as_long_as_the_cut(tmp_path: Path) -> None:
    left, right = mono(tmp_path / "a.wav", 0), mono(tmp_path / "b.wav", 1)
    order = Order("master", str(left), {"amount": 0.0}, count=1, cut="0.5-1.5", right=str(right))
    *_, last = (event for event in work.carry_out(order) if "suggestion" in event)
    made, rate = soundfile.read(last["suggestion"]["file"], dtype="int16")
    assert rate == RATE
    assert np.array_equal(made, NOISE[RATE // 2 : RATE * 3 // 2])


def test_the_command_line_takes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left, right = mono(tmp_path / "a.wav", 0), mono(tmp_path / "b.wav", 1)
    words = ["master", str(left), "--right", str(right), "--amount", "0", "--count", "1", "--json"]
    assert cli.main([*words, "--cut", "-0.5"]) == 0
    (made,) = json.loads(capsys.readouterr().out)["suggestions"]
    assert soundfile.info(made["file"]).frames == RATE // 2
    assert soundfile.info(made["file"]).channels == 2
    assert cli.main([*words, "--cut", "9-10"]) == 2
    assert "is 2 s long" in capsys.readouterr().err


def test_a_batch_cuts_every_file_and_has_no_right_channel(tmp_path: Path) -> None:
    with pytest.raises(MusicianError, match="right names the other channel of one take"):
        request.ordered("master", tmp_path, {"right": "r.wav"})
    whole, part = (request.ordered("master", tmp_path, asked) for asked in ({}, {"cut": "1-2"}))
    assert (part.path, part.cut) == ("", "1-2")
    told = [request.identity(one, tmp_path, tmp_path / "out") for one in (whole, part)]
    assert told[0] != told[1]
    assert "cut" not in told[0]  # a ledger that was begun before goes on
