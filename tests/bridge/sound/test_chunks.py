from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import FileError
from assistant.material import Audio
from bridge import files
from bridge.scratch import Scratch
from tests.bridge.sound.made import aiff, chunk, wav, wav_format

FRAMES = 1000
SAMPLES = np.random.default_rng(1).integers(-(2**15), 2**15, (FRAMES, 2), dtype=np.int16)
BODY = SAMPLES.astype("<i2").tobytes()


def sound(path: Path) -> Audio:
    with Scratch() as scratch:
        audio = files.read(path, (Audio,), scratch).material
    assert isinstance(audio, Audio)
    return audio


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return tmp_path / "take.wav"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(wav(BODY), id="as it should be"),
        pytest.param(wav(BODY, claims=0xFFFFFFFF, whole=0xFFFFFFFF), id="from a pipe of ffmpeg"),
        pytest.param(wav(BODY, claims=0x7FFFF000, whole=0x7FFFF024), id="from a pipe of sox"),
        pytest.param(wav(BODY, whole=0), id="the whole not counted"),
        pytest.param(wav(BODY, whole=4 + 24 + 8 + len(BODY) + 8), id="the whole counted from 0"),
        pytest.param(wav(BODY, after=chunk(b"LIST", b"INFO")), id="a chunk after the samples"),
        pytest.param(wav(BODY) + chunk(b"id3 ", b"ID3\4"), id="a chunk after the whole"),
        pytest.param(wav(BODY) + b"TAG" + b"\0" * 125, id="a tag after the whole"),
        pytest.param(wav(BODY) + b"\0" * 8, id="a few bytes of padding"),
    ],
)
def test_what_holds_all_it_claims_is_read_whole(take: Path, made: bytes) -> None:
    take.write_bytes(made)
    audio = sound(take)
    assert audio.rate == 48_000
    assert np.array_equal(audio.samples.T * 2**15, SAMPLES)


def test_an_odd_chunk_may_lack_its_padding(take: Path) -> None:
    form = wav_format(channels=1, bits=8)
    odd = chunk(b"data", b"\x80" * 5)[:-1]
    body = b"WAVE" + chunk(b"fmt ", form) + odd + chunk(b"LIST", b"INFO")
    take.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert sound(take).frames == 5


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(wav(BODY)[:-1], id="one byte short"),
        pytest.param(wav(BODY)[:2000], id="half"),
        pytest.param(wav(BODY)[:44], id="no samples at all"),
        pytest.param(wav(BODY, claims=len(BODY) + 4), id="claims one frame more"),
        pytest.param(wav(BODY, claims=2**31), id="claims two gigabytes"),
        pytest.param(wav(BODY, whole=len(BODY) + 10_000), id="the whole claims more"),
        pytest.param(wav(BODY, after=chunk(b"LIST", b"", claims=400)), id="cut in its tags"),
        pytest.param(aiff(BODY)[:-2], id="AIFF, one sample short"),
        pytest.param(aiff(BODY, frames=5000), id="AIFF, more frames than samples"),
    ],
)
def test_what_claims_more_than_it_holds_is_cut_off(take: Path, made: bytes) -> None:
    take.write_bytes(made)
    with pytest.raises(FileError, match=r"'.*take\.wav' is cut off: it claims [\d,]+ bytes and"):
        sound(take)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(wav(BODY, claims=0, whole=36), id="nothing counted yet"),
        pytest.param(wav(BODY, claims=0), id="the samples not counted"),
        pytest.param(wav(BODY, claims=len(BODY) - 400), id="the last samples not counted"),
        pytest.param(wav(bytes(4000), claims=0, whole=36), id="silence not counted"),
        pytest.param(aiff(BODY, frames=0), id="AIFF, frames not counted"),
        pytest.param(aiff(BODY, frames=0, claims=0), id="AIFF, nothing counted yet"),
    ],
)
def test_what_holds_more_than_it_claims_was_never_closed(take: Path, made: bytes) -> None:
    take.write_bytes(made)
    with pytest.raises(FileError, match=r"'.*take\.wav' was never closed by what recorded it"):
        sound(take)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (wav(BODY, form=wav_format(channels=0, frame_bytes=4)), "claims 0 channels; .* 1 to 8"),
        (wav(BODY, form=wav_format(channels=9)), "claims 9 channels; .* 1 to 8"),
        (wav(BODY, form=wav_format(channels=65_535)), "claims 65535 channels"),
        (wav(BODY, form=wav_format(rate=0)), "claims a rate of 0 Hz; .* 8000 to 192000 Hz"),
        (wav(BODY, form=wav_format(rate=4_000_000_000)), r"claims a rate of 4e\+09 Hz"),
        (wav(BODY, form=wav_format(bits=0, frame_bytes=4)), "claims samples of 0 bits"),
        (wav(BODY, form=wav_format(bits=65_535)), "claims samples of 65535 bits"),
        (wav(BODY, form=wav_format(bits=24, tag=3)), "claims samples of 24 bits"),
        (wav(BODY, form=wav_format(frame_bytes=1)), "1 bytes a frame, but 2 channels of 16 bits"),
        (wav(BODY, form=wav_format(frame_bytes=0)), "0 bytes a frame"),
        (wav(BODY, form=wav_format(bits=24, frame_bytes=4)), "24 bits take 6"),
        (wav(BODY, form=wav_format()[:10]), "the description of its samples is cut off"),
        (wav(BODY, form=wav_format(tag=0x1234)), "is damaged or cut off"),
        (wav(BODY)[:36], "holds no samples"),
        (wav(BODY)[:12], "holds no description of its samples"),
        (b"RIFF" + struct.pack("<I", 4) + b"WAVE" + chunk(b"junk", b"") * 10_001, "10000 chunks"),
        (aiff(BODY, channels=0), "claims 0 channels"),
        (aiff(BODY, channels=300), "claims 300 channels"),
        (aiff(BODY, exponent=0), "claims a rate of 0 Hz"),
        (aiff(BODY, exponent=16_383 + 31), r"claims a rate of 3\.14573e\+09 Hz"),
        (aiff(BODY, exponent=0x7FFF), "claims a rate of "),
        (aiff(BODY, bits=0), "claims samples of 0 bits"),
        (aiff(BODY, bits=9999), "claims samples of 9999 bits"),
    ],
)
def test_a_header_that_cannot_be_is_refused_by_name(take: Path, made: bytes, says: str) -> None:
    take.write_bytes(made)
    with pytest.raises(FileError, match=rf"take\.wav' .*{says}"):
        sound(take)


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAVEX", "PCM_24"), ("RF64", "PCM_16"), ("W64", "PCM_16"), ("CAF", "PCM_24")],
)
def test_the_other_kinds_are_read_and_missed_when_cut(
    take: Path, container: str, subtype: str
) -> None:
    soundfile.write(take, SAMPLES, 48_000, subtype, format=container)
    assert np.array_equal(sound(take).samples.T * 2**15, SAMPLES)
    whole = take.read_bytes()
    for kept in (len(whole) - 1, len(whole) // 2):
        take.write_bytes(whole[:kept])
        with pytest.raises(FileError, match="is cut off: it claims"):
            sound(take)


def test_rf64_counts_in_64_bits(take: Path) -> None:
    soundfile.write(take, SAMPLES, 48_000, "PCM_16", format="RF64")
    made = bytearray(take.read_bytes())
    at = made.index(b"ds64") + 16
    made[at : at + 8] = struct.pack("<Q", 2**40)
    take.write_bytes(made)
    with pytest.raises(FileError, match="claims 1,099,511,627,776 bytes and holds"):
        sound(take)


def test_a_caf_that_holds_no_plain_samples_is_refused(take: Path) -> None:
    soundfile.write(take, SAMPLES, 48_000, "ALAC_16", format="CAF")
    with pytest.raises(FileError, match="holds 'alac'; a CAF is read where it holds plain"):
        sound(take)
