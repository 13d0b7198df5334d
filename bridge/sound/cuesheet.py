"""The cuesheet of a FLAC (RFC 9639, section 8.7): where on a disc its tracks begin."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from bridge.sound.markers import Marker, moved

__all__ = ["adds_up", "at_rate", "markers_of"]

_HEAD = struct.Struct(">128sQB258xB")  # catalogue number, lead-in, flags, number of tracks
_TRACK = struct.Struct(">QB12sB13xB")  # offset, number, ISRC, flags, number of indices
_INDEX = struct.Struct(">QB3x")  # offset within the track, number
_IS_CD = 0x80
_LEAD_OUT, _LEAD_OUT_OF_CD = 255, 170


class _Track(NamedTuple):
    frame: int
    number: int
    isrc: bytes
    flags: int
    indices: tuple[tuple[int, int], ...]  # frame within the track, number


def adds_up(body: bytes) -> bool:
    """Tell whether a block is a whole cuesheet."""
    try:
        tracks = list(_tracks(body))
    except struct.error:
        return False
    sizes = (_TRACK.size + len(track.indices) * _INDEX.size for track in tracks)
    return bool(tracks) and _HEAD.size + sum(sizes) == len(body)


def at_rate(body: bytes, was: int, now: int) -> bytes:
    """Move a cuesheet to another rate, where it is no longer that of a CD.

    Parameters
    ----------
    body : bytes
        A block that adds up.
    was, now : int
        In Hz.

    Returns
    -------
    bytes
        The block itself where the rate is the same, ``b""`` where a place is beyond counting.
    """
    if not was or was == now:
        return body
    try:
        return b"".join(_at_rate(body, was, now))
    except struct.error:
        return b""


def _at_rate(body: bytes, was: int, now: int) -> Iterator[bytes]:
    catalogue, _, flags, count = _HEAD.unpack_from(body)
    yield _HEAD.pack(catalogue, 0, flags & ~_IS_CD, count)
    for one in _tracks(body):
        start = moved(one.frame, was, now)
        number = _LEAD_OUT if one.number == _LEAD_OUT_OF_CD and flags & _IS_CD else one.number
        yield _TRACK.pack(start, number, one.isrc, one.flags, len(one.indices))
        yield from (
            _INDEX.pack(moved(one.frame + at, was, now) - start, n) for at, n in one.indices
        )


def markers_of(body: bytes) -> tuple[Marker, ...]:
    """Return where the tracks begin, as a WAV can say it.

    Parameters
    ----------
    body : bytes
        A block that adds up.

    Returns
    -------
    tuple of Marker
        One a track, without the lead-out.
    """
    starts = [one for one in _tracks(body) if one.number not in {_LEAD_OUT, _LEAD_OUT_OF_CD}]
    return tuple(Marker(_first(one), b"Track %d" % one.number) for one in starts)


def _first(track: _Track) -> int:
    """Return where a track is heard from: its index 1, after what may come before it."""
    return track.frame + next((at for at, number in track.indices if number == 1), 0)


def _tracks(body: bytes) -> Iterator[_Track]:
    """Read the tracks; `struct.error` where one is cut off."""
    *_, count = _HEAD.unpack_from(body)
    at = _HEAD.size
    for _ in range(count):
        frame, number, isrc, flags, held = _TRACK.unpack_from(body, at)
        at += _TRACK.size
        indices = tuple(_INDEX.unpack_from(body, at + n * _INDEX.size) for n in range(held))
        at += held * _INDEX.size
        yield _Track(frame, number, isrc, flags, indices)
