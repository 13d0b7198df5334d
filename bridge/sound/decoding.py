"""Sound file -> `Audio`, in blocks, into scratch: an hour takes no more memory than a minute."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from io import FileIO
from typing import Any

import numpy as np
import soundfile

from assistant.material import Audio, Samples
from assistant.steps import part
from bridge.sound import headers
from bridge.sound.cut import WHOLE, Cut
from bridge.sound.flaws import Flaw, check_shape, cut_off, in_bytes, in_time, never_closed
from bridge.sound.form import Form, form_like
from bridge.sound.hush import hushed
from bridge.sound.spool import Spool

__all__ = ["decode"]

BLOCK_FRAMES = 1 << 16
MAX_SECONDS = 24 * 3600
MAX_BYTES = 32 << 30
PLAUSIBLE_FRAMES = 256  # a byte of the file; more is silence or a lie, so it is counted first
MAX_UNREAD = 4096
MPEG_SLACK = 2 * 1152  # encoders disagree on whether the first frames of an MP3 count

_PACKED = frozenset({"FLAC", "OGG", "MP3"})
_TAGS = (b"APETAGEX", b"LYRICSBEGIN", b"TAG")  # what may follow the sound of an MP3


class _Forward(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A sound file that is read from start to end, without a seek after every block."""

    def seekable(self) -> bool:
        """Say no."""
        return False


def decode(
    file: FileIO, kind: str, scratch: Callable[[tuple[int, ...]], Samples], cut: Cut = WHOLE
) -> Generator[float, None, tuple[Audio, Form]]:
    """Decode a sound file.

    Parameters
    ----------
    file : FileIO
        An open file.
    kind : str
        What `headers.kind_of` said of it, but MIDI.
    scratch : callable
        Makes the array for the samples.
    cut : Cut
        Which part of it; what follows is not read.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of (Audio, Form)
        The sound, integers exactly as value / 2^(bits - 1) where float32 can say it (up to 25
        bits); and the form that keeps it.

    Raises
    ------
    Flaw
        Where the file is cut off, damaged, too long, claims what cannot be, or lacks that part.
    FileError
        Where there is no room for the samples.
    OSError
        Where the disk fails.
    """
    with hushed() if kind == "MP3" else nullcontext():
        return (yield from _decode(file, kind, scratch, cut))


def _decode(
    file: FileIO, kind: str, scratch: Callable[[tuple[int, ...]], Samples], cut: Cut
) -> Generator[float, None, tuple[Audio, Form]]:
    knows = headers.check(file, kind)
    with _opened(file) as sound:
        check_shape(sound.channels, sound.samplerate)
        rate, channels = int(sound.samplerate), int(sound.channels)
        claimed = int(sound.frames) if knows else None
        form = form_like(sound.format, sound.subtype, headers.speakers(file, kind))
    frames = yield from part(_believed(file, claimed, rate, channels), 0.0, 0.5)
    first, last = cut.frames(frames, rate) if cut != WHOLE else (0, frames)
    samples = scratch((channels, last - first))
    with _opened(file) as sound:
        skipped = 0
        if kind not in _PACKED:  # in those a place is found by decoding what comes before it
            skipped = sound.seek(first)
        work = _fill(sound, samples, first - skipped, on=last == frames)
        held = first + (yield from part(work, 0.5, 0.5))
    if held < last - (MPEG_SLACK if kind == "MP3" else 0):
        raise cut_off(in_time(frames, rate), in_time(held, rate))
    if kind in _PACKED and last == frames:
        _check_rest(file, in_time(frames, rate))
    return Audio(samples, rate), form


@contextmanager
def _opened(file: FileIO) -> Iterator[Any]:
    """Give a file to libsndfile from its first byte on."""
    file.seek(0)
    spool = Spool(file)
    try:
        with _Forward(spool) as sound:
            yield sound
    except soundfile.LibsndfileError as error:
        spool.check()
        said = error.error_string.removeprefix("Error : ").rstrip(".")
        raise Flaw(f"is damaged or cut off ({said}). Export or copy it again.") from None
    spool.check()


def _blocks(sound: Any) -> Iterator[Samples]:
    """Decode block after block, shape (frames, channels); each is overwritten by the next."""
    block = np.empty((BLOCK_FRAMES, sound.channels), dtype=np.float32)
    while len(got := sound.read(out=block)):
        yield got


def _believed(
    file: FileIO, claimed: int | None, rate: int, channels: int
) -> Generator[float, None, int]:
    """Return how many frames there are; they are counted where the claim is none, or too good."""
    if claimed is not None:
        _check_length(claimed, rate, channels)
        if claimed <= PLAUSIBLE_FRAMES * os.fstat(file.fileno()).st_size:
            return claimed
    held, size = 0, os.fstat(file.fileno()).st_size
    with _opened(file) as sound:
        for block in _blocks(sound):
            held += len(block)
            _check_length(held, rate, channels)
            yield min(1.0, file.tell() / size)
    if claimed is not None and held < claimed:
        raise cut_off(in_time(claimed, rate), in_time(held, rate))
    return held


def _check_length(frames: int, rate: int, channels: int) -> None:
    size = frames * channels * np.dtype(np.float32).itemsize
    if frames > MAX_SECONDS * rate or size > MAX_BYTES:
        raise Flaw(
            f"claims {in_time(frames, rate)}; bandmate works on up to "
            f"{MAX_SECONDS // 3600} hours, and on {MAX_BYTES >> 30} GiB of samples."
        )


def _fill(sound: Any, samples: Samples, skip: int, *, on: bool) -> Generator[float, None, int]:
    """Decode into an array of shape (channels, frames), and return the frames that there were.

    Frames to `skip` come first; what follows the array is decoded only where it is to go `on`.
    """
    length, at = int(samples.shape[1]), -skip
    for block in _blocks(sound):
        begin, end = max(0, at), min(at + len(block), length)
        if begin < end:
            samples[:, begin:end] = block[begin - at : end - at].T
        at += len(block)
        yield min(1.0, (at + skip) / max(1, length + skip))
        if at >= length and not on:
            break
    return max(0, min(at, length))


def _check_rest(file: FileIO, claimed: str) -> None:
    """See that the decoder stopped because the file ended, not because its header said so."""
    unread = os.fstat(file.fileno()).st_size - file.tell()
    if unread <= MAX_UNREAD:
        return
    head = file.read(MAX_UNREAD) or b""
    if not any(tag in head for tag in _TAGS):
        raise never_closed(claimed, f"{in_bytes(unread)} more")
