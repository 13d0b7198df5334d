"""Places that somebody marked in a sound, in a WAV and in an AIFF.

A WAV keeps places in one chunk (``cue``) and what they are called in another (a list ``adtl``). All
are in frames, so they move with the rate.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bridge.sound import riff

__all__ = ["Marker", "moved", "of_aiff", "of_wav", "written"]

MAX_MARKERS = 5000
MAX_TEXT_BYTES = 4096  # a text that is longer is left out, its marker is not

_KIND = b"adtl"
_COUNT = struct.Struct("<I")
_CUE = struct.Struct("<II4sIII")
_LENGTH = struct.Struct("<II4s4H")  # of a region: whose, frames, purpose, and no language
_REGION = b"rgn "
_AIFF_COUNT, _AIFF_MARKER = struct.Struct(">H"), struct.Struct(">HIB")


class Marker(NamedTuple):
    """A place in a sound, or a region from there on.

    Parameters
    ----------
    frame : int
        Where.
    label, note : bytes
        What it is called, and what is said of it, in the encoding of its writer; may be empty.
    frames : int
        How long the region is; 0 for a mere place.
    """

    frame: int
    label: bytes = b""
    note: bytes = b""
    frames: int = 0

    def at_rate(self, was: int, now: int) -> Marker:
        """Return the same moment at another rate, both in Hz."""
        start = moved(self.frame, was, now)
        return self._replace(frame=start, frames=moved(self.frame + self.frames, was, now) - start)

    def within(self, first: int, frames: int) -> Marker | None:
        """Return it as it stands in a part of the sound, which has its own first frame.

        Parameters
        ----------
        first, frames : int
            Where the part begins, and how long it is.

        Returns
        -------
        Marker or None
            None where it lies outside.
        """
        start, end = max(self.frame, first), min(self.frame + self.frames, first + frames)
        if self.frame >= first + frames or (self.frame < first and end <= first):
            return None
        return self._replace(frame=start - first, frames=end - start)


def moved(frame: int, was: int, now: int) -> int:
    """Return the nearest frame at another rate, both in Hz; the same where it came with none."""
    return (2 * frame * now + was) // (2 * was) if was else frame


def of_wav(cues: bytes, texts: bytes) -> tuple[Marker, ...]:
    """Read the markers of a WAV.

    Parameters
    ----------
    cues : bytes
        The body of a ``cue`` chunk, or anything.
    texts : bytes
        The body of a list ``adtl``, or anything.

    Returns
    -------
    tuple of Marker
        Those that add up, at most 5000, in order of time.
    """
    said = _said(texts)
    found: dict[int, Marker] = {}
    for number, frame in _cues(cues):
        words = said.get(number, {})
        label, note = words.get(b"labl", b""), words.get(b"note", b"")
        found.setdefault(number, Marker(frame, label, note, _frames(words.get(b"ltxt", b""))))
    return tuple(sorted(found.values()))


def of_aiff(body: bytes) -> tuple[Marker, ...]:
    """Read the markers of an AIFF.

    Parameters
    ----------
    body : bytes
        The body of a ``MARK`` chunk, or anything.

    Returns
    -------
    tuple of Marker
        Those that add up, at most 5000, in order of time.
    """
    found: list[Marker] = []
    at = _AIFF_COUNT.size
    count = _AIFF_COUNT.unpack_from(body)[0] if len(body) >= at else 0
    for _ in range(min(count, MAX_MARKERS)):
        if at + _AIFF_MARKER.size > len(body):
            break
        _, frame, size = _AIFF_MARKER.unpack_from(body, at)
        start = at + _AIFF_MARKER.size
        if start + size > len(body):
            break
        found.append(Marker(frame, body[start : start + size].partition(b"\0")[0]))
        at = start + size + (size + 1) % 2  # the length of the text counts among what is padded
    return tuple(sorted(found))


def written(markers: Sequence[Marker]) -> bytes:
    """Write markers as chunks of a WAV.

    Parameters
    ----------
    markers : sequence of Marker
        In order; those that lie beyond what such a chunk can count are left out.

    Returns
    -------
    bytes
        Whole chunks; ``b""`` where there are none.
    """
    kept = [one for one in markers if one.frame + one.frames < 2**32]
    if not kept:
        return b""
    numbered = list(enumerate(kept, 1))
    cues = (_CUE.pack(n, one.frame, b"data", 0, 0, one.frame) for n, one in numbered)
    texts = b"".join(part for n, one in numbered for part in _texts(n, one))
    made = riff.chunk(b"cue ", _COUNT.pack(len(kept)) + b"".join(cues))
    return made + (riff.chunk(b"LIST", _KIND + texts) if texts else b"")


def _cues(body: bytes) -> Iterator[tuple[int, int]]:
    """Read numbers and places, of those in the samples."""
    if len(body) < _COUNT.size:
        return
    (count,) = _COUNT.unpack_from(body)
    held = (len(body) - _COUNT.size) // _CUE.size
    for n in range(min(count, held, MAX_MARKERS)):
        number, _, where, _, _, frame = _CUE.unpack_from(body, _COUNT.size + n * _CUE.size)
        if where == b"data":
            yield number, frame


def _said(body: bytes) -> dict[int, dict[bytes, bytes]]:
    """Sort texts and lengths by the number of the marker that they belong to."""
    said: dict[int, dict[bytes, bytes]] = {}
    if body[:4] != _KIND:
        return said
    for name, part in riff.parts(body, 4):
        if name not in {b"labl", b"note", b"ltxt"} or len(part) < _COUNT.size:
            continue
        (number,) = _COUNT.unpack_from(part)
        text = part if name == b"ltxt" else part[_COUNT.size :].partition(b"\0")[0]
        if len(text) <= MAX_TEXT_BYTES:
            said.setdefault(number, {}).setdefault(name, text)
    return said


def _frames(length: bytes) -> int:
    """Read how long a region is."""
    return int(_LENGTH.unpack_from(length)[1]) if len(length) >= _LENGTH.size else 0


def _texts(number: int, one: Marker) -> Iterator[bytes]:
    for name, text in ((b"labl", one.label), (b"note", one.note)):
        if text:
            yield riff.chunk(name, _COUNT.pack(number) + text + b"\0")
    if one.frames:
        yield riff.chunk(b"ltxt", _LENGTH.pack(number, one.frames, _REGION, 0, 0, 0, 0))
