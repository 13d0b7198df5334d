"""`Audio` -> the bytes of a WAV or FLAC file.

Samples are turned into integers here, by round(x * 2^(bits - 1)), so that what was read and not
changed is written bit for bit as it was. A WAV is written here too: libsndfile would leave out
its errors, and would stamp float files with the time.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Iterator
from io import RawIOBase

import numpy as np
import soundfile
from numpy.typing import NDArray

from assistant.material import Audio, Samples
from bridge.sound.flac_blocks import written
from bridge.sound.form import Form
from bridge.sound.room import WithRoom
from bridge.sound.spool import Spool
from bridge.sound.tags import NO_TAGS, Tags, around

__all__ = ["encode", "room_for"]

BLOCK_FRAMES = 1 << 16
MAX_WHOLE = 2**32 - 1  # bytes that a WAV can count; one of more is an RF64

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_GUID = bytes.fromhex("000000001000800000aa00389b71")  # of the two, after their number
_OPEN = 2**32 - 1  # "see the ds64 chunk"


def encode(
    audio: Audio, form: Form, file: RawIOBase, tags: Tags = NO_TAGS
) -> Generator[float, None, None]:
    """Write sound.

    Parameters
    ----------
    audio : Audio
        The sound.
    form : Form
        How; integers are clipped at full scale, floats are kept as they are.
    file : RawIOBase
        An empty file, open for writing; a FLAC with tags is read too.
    tags : Tags
        What else it says, as far as such a file can.

    Yields
    ------
    float
        Share that is done.

    Raises
    ------
    OSError
        Where the disk is full or fails.
    ValueError
        Where there is no sample, or one is not finite.
    """
    if audio.frames == 0:
        raise ValueError("there are no samples to write")
    spool = Spool(file)
    if form.container == "FLAC" and tags.blocks:
        spool = roomy = WithRoom(file, written(tags.blocks, tags.rate, audio.rate))
        yield from _write_flac(audio, form, spool)
        roomy.fill()
    elif form.container == "FLAC":
        yield from _write_flac(audio, form, spool)
    else:
        yield from _write_wav(audio, form, spool, tags)
    spool.check()


def room_for(audio: Audio, form: Form) -> int:
    """Say how many bytes a file takes, 0 where only writing it tells."""
    return audio.frames * _frame_bytes(audio, form) if form.container == "WAV" else 0


def _frame_bytes(audio: Audio, form: Form) -> int:
    return audio.channels * form.bits // 8


def _write_wav(audio: Audio, form: Form, spool: Spool, tags: Tags) -> Generator[float, None, None]:
    size = audio.frames * _frame_bytes(audio, form)
    before, after = around(tags, audio.rate, form.bits, audio.channels)
    spool.write(_wav_head(audio, form, size, before, len(after)))
    done = 0
    for block in _frames(audio):
        spool.write(_packed(block, form))
        spool.check()
        done += len(block)
        yield done / audio.frames
    spool.write(b"\0" * (size % 2) + after)


def _wav_head(audio: Audio, form: Form, size: int, before: bytes, after: int) -> bytes:
    """Make all that comes before the samples; RF64 (EBU Tech 3306) where RIFF is too small."""
    tag = _FLOAT if form.floating else _PCM
    frame_bytes = _frame_bytes(audio, form)
    second = audio.rate * frame_bytes
    fields = (audio.channels, audio.rate, second, frame_bytes, form.bits)
    body, mask = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, *fields), form.mask(audio.channels)
    if mask is not None:
        body = struct.pack("<4sIHHIIHH", b"fmt ", 40, _EXTENSIBLE, *fields)
        body += struct.pack("<HHIH14s", 22, form.bits, mask, tag, _GUID)
    elif form.floating:
        body = struct.pack("<4sIHHIIHHH", b"fmt ", 18, tag, *fields, 0)
    if form.floating:
        body += struct.pack("<4sII", b"fact", 4, min(audio.frames, _OPEN))
    body = before + body
    whole = 4 + len(body) + 8 + size + size % 2 + after
    if whole <= MAX_WHOLE:
        head = struct.pack("<4sI4s", b"RIFF", whole, b"WAVE")
        return head + body + struct.pack("<4sI", b"data", size)
    head = struct.pack("<4sI4s", b"RF64", _OPEN, b"WAVE")
    wide = struct.pack("<4sIQQQI", b"ds64", 28, whole + 36, size, audio.frames, 0)
    return head + wide + body + struct.pack("<4sI", b"data", _OPEN)


def _write_flac(audio: Audio, form: Form, spool: Spool) -> Generator[float, None, None]:
    kept = np.int16 if form.bits == 16 else np.int32
    shift = 0 if form.bits == 16 else 32 - form.bits  # libsndfile takes the upper bits
    with soundfile.SoundFile(
        spool, "w", audio.rate, audio.channels, form.subtype, format="FLAC"
    ) as sound:
        done = 0
        for block in _frames(audio):
            sound.write((_whole(block, form.bits) << shift).astype(kept))
            spool.check()
            done += len(block)
            yield done / audio.frames


def _frames(audio: Audio) -> Iterator[Samples]:
    """Walk through the sound in blocks of shape (frames, channels)."""
    for start, block in audio.blocks(BLOCK_FRAMES):
        if not np.isfinite(block).all():
            raise ValueError(f"a sample near {start / audio.rate:.1f} s is not finite")
        yield np.ascontiguousarray(block.T)


def _whole(block: Samples, bits: int) -> NDArray[np.int32]:
    """Turn samples into integers of that many bits."""
    top = 2 ** (bits - 1)
    whole: NDArray[np.float64] = block.astype(np.float64)
    whole *= top
    np.rint(whole, out=whole)
    np.clip(whole, -top, top - 1, out=whole)
    return whole.astype(np.int32)


def _packed(block: Samples, form: Form) -> bytes:
    """Turn samples into little-endian bytes."""
    if form.floating:
        return block.astype(f"<f{form.bits // 8}").tobytes()
    whole = _whole(block, form.bits).astype("<i4").view(np.uint8).reshape(-1, 4)
    packed = np.empty((len(whole), form.bits // 8), np.uint8)
    for n in range(packed.shape[1]):  # column by column: a row of three bytes is slow to copy
        packed[:, n] = whole[:, n]
    return packed.tobytes()
