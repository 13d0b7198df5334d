from __future__ import annotations

import struct
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import FileError
from assistant.material import Audio
from bridge import files
from bridge.scratch import Scratch
from tests.bridge.sound.made import flac_head

RATE = 44_100
NOISE = np.random.default_rng(2).normal(0.0, 0.1, (3 * RATE, 2))
CUT = r"'.*take' is cut off: "


def sound(path: Path) -> Audio:
    with Scratch() as scratch:
        audio = files.read(path, (Audio,), scratch).material
    assert isinstance(audio, Audio)
    return audio


def packed(path: Path, container: str, subtype: str | None) -> bytes:
    soundfile.write(path, NOISE, 48_000 if subtype == "OPUS" else RATE, subtype, format=container)
    return path.read_bytes()


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return tmp_path / "take"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (b"These are not the samples you look for.", "it begins with the words 'These are not the"),
        (b"", "is empty: 0 bytes"),
        (b"\0" * 5000, "it begins with the bytes 00 00 00 00 00 00 00 00"),
        (b"R", "it begins with the words 'R'"),
        (b"RIFF\4\0\0\0AVI ", "is no file of sound or notes"),
        (b"\0\0\0\x1cftypM4A ", "is an MP4 or M4A file"),
        (b"\xff\xf1\x4c\x80\x1f\x1f\xfc", "is an AAC file"),
        (b"PK\3\4 zip", "is a ZIP archive"),
        (b"ID3\4\0\0\0\0\0\4abcd", "is no file of sound or notes: it begins with the bytes (none)"),
    ],
)
def test_what_is_no_sound_is_said_whatever_it_is_called(take: Path, made: bytes, says: str) -> None:
    take.write_bytes(made)
    with pytest.raises(FileError) as told:
        sound(take)
    assert says in str(told.value)
    assert str(told.value).isprintable()


def test_220_bytes_that_claim_two_weeks_are_refused_at_once(take: Path) -> None:
    take.write_bytes(flac_head(2**36 - 1).ljust(220, b"\0"))
    began = time.monotonic()
    with pytest.raises(FileError, match=r"claims 68,719,476,735 frames \(432:51:\d\d\.\d\); .* 24"):
        sound(take)
    assert time.monotonic() - began < 1.0


def test_220_bytes_that_claim_an_hour_are_counted_before_they_are_believed(take: Path) -> None:
    take.write_bytes(flac_head(3600 * RATE).ljust(220, b"\0"))

    def never(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        raise AssertionError(f"room for {shape} was asked for")

    with pytest.raises(FileError, match="is damaged or cut off"):
        files.read(take, (Audio,), never)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (flac_head(1000, rate=0), "claims a rate of 0 Hz"),
        (flac_head(1000, rate=655_350), "claims a rate of 655350 Hz"),
        (flac_head(1000)[:20], "is damaged or cut off"),
        (b"fLaC\x84" + flac_head(1000)[5:], "holds no description of its samples"),
    ],
)
def test_a_flac_that_cannot_be_is_refused_by_name(take: Path, made: bytes, says: str) -> None:
    take.write_bytes(made.ljust(220, b"\0") if len(made) > 20 else made)
    with pytest.raises(FileError, match=says):
        sound(take)


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("FLAC", "PCM_16"), ("FLAC", "PCM_24"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)],
)
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.95, -1])
def test_what_was_cut_is_said(take: Path, container: str, subtype: str | None, kept: float) -> None:
    whole = packed(take, container, subtype)
    frames = sound(take).frames
    assert frames == len(NOISE)
    take.write_bytes(whole[:-1] if kept < 0 else whole[: int(len(whole) * kept)])
    with pytest.raises(FileError, match=r"take' is (cut off|damaged or cut off)"):
        sound(take)


def test_an_ogg_that_ends_between_two_pages_is_cut_too(take: Path) -> None:
    whole = packed(take, "OGG", "VORBIS")
    last = whole.rindex(b"OggS")
    take.write_bytes(whole[:last])
    with pytest.raises(FileError, match=CUT + r"it ends after [\d,]+ bytes without a last page"):
        sound(take)


def test_an_ogg_that_claims_a_later_end_is_cut(take: Path) -> None:
    made = bytearray(packed(take, "OGG", "VORBIS"))
    last = made.rindex(b"OggS")
    made[last + 6 : last + 14] = struct.pack("<q", 10 * len(NOISE))
    made[last + 22 : last + 26] = struct.pack("<I", ogg_checksum(bytes(made[last:])))
    take.write_bytes(made)
    with pytest.raises(FileError, match=CUT):
        sound(take)


def ogg_checksum(page: bytes) -> int:
    """Compute the checksum of an Ogg page (RFC 3533), its own field counted as zero."""
    register = 0
    for byte in page[:22] + b"\0\0\0\0" + page[26:]:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register >> 31 else 0)) & 0xFFFFFFFF
    return register


def flac_frames(made: bytes, frames: int) -> bytes:
    """Have a FLAC claim another number of frames."""
    changed = bytearray(made)
    changed[21] = changed[21] & 0xF0 | frames >> 32
    changed[22:26] = struct.pack(">I", frames & 0xFFFFFFFF)
    return bytes(changed)


def test_a_flac_that_claims_more_than_it_holds_is_cut(take: Path) -> None:
    take.write_bytes(flac_frames(packed(take, "FLAC", "PCM_16"), 5 * RATE))
    with pytest.raises(
        FileError, match=CUT + r"it claims 220,500 frames \(0:05\.0\) and holds 132"
    ):
        sound(take)


def test_a_flac_that_claims_less_than_it_holds_was_never_closed(take: Path) -> None:
    take.write_bytes(flac_frames(packed(take, "FLAC", "PCM_16"), RATE))
    with pytest.raises(FileError, match=r"was never closed .* claims 44,100 frames \(0:01\.0\)"):
        sound(take)


def test_a_flac_from_a_pipe_does_not_know_its_length_and_is_read_whole(take: Path) -> None:
    whole = packed(take, "FLAC", "PCM_16")
    expected = sound(take).samples
    take.write_bytes(flac_frames(whole, 0))
    assert np.array_equal(sound(take).samples, expected)


def without_count(made: bytes) -> bytes:
    """Leave out the first frame of an MP3, which holds no sound but the count of the others."""
    bit_rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # layer III
    counting = 144_000 * bit_rates[made[2] >> 4] // RATE
    assert made[counting : counting + 2] == b"\xff\xfb"
    return made[counting:]


@pytest.mark.parametrize("after", [b"", b"TAG" + bytes(125)])
def test_an_mp3_without_a_count_is_counted(take: Path, after: bytes) -> None:
    how = {"bitrate_mode": "CONSTANT", "compression_level": 0.5}
    soundfile.write(take, NOISE, RATE, format="MP3", **how)
    take.write_bytes(without_count(take.read_bytes()) + after)
    audio = sound(take)
    assert audio.frames % 1152 == 0
    assert 0 < audio.frames - len(NOISE) < 4 * 1152


def test_an_mp3_without_a_count_whose_length_was_guessed_too_short_is_said(take: Path) -> None:
    take.write_bytes(without_count(packed(take, "MP3", None)))  # its bit rate varies
    with pytest.raises(FileError, match=r"was never closed by .* bytes more"):
        sound(take)


def test_a_tag_with_a_picture_may_follow_an_mp3(take: Path) -> None:
    whole = packed(take, "MP3", None)
    take.write_bytes(whole + b"APETAGEX" + b"\x55" * 200_000)
    assert sound(take).frames == len(NOISE)


def test_two_mp3_joined_are_not_read_as_one(take: Path) -> None:
    whole = packed(take, "MP3", None)
    take.write_bytes(whole + whole)
    with pytest.raises(FileError, match="was never closed by"):
        sound(take)


def test_sound_behind_a_tag_is_found(take: Path) -> None:
    whole = packed(take, "FLAC", "PCM_16")
    take.write_bytes(b"ID3\4\0\0\0\0\2\0" + b"\0" * 256 + whole)
    assert sound(take).frames == len(NOISE)


def test_what_the_decoder_mutters_stays_unheard(
    take: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = bytearray(packed(take, "MP3", None))
    made[3000:9000] = bytes(6000)
    take.write_bytes(made)
    try:
        sound(take)
    except FileError as error:
        assert str(error).count("\n") == 0
    heard = capfd.readouterr()
    assert (heard.out, heard.err) == ("", "")
