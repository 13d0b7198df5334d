"""The broadcast extension of a WAV (EBU Tech 3285, version 2): whence it comes, how loud it is.

A loudness that is not said is the highest number of 16 bits; before version 2 there was none.
Dates are kept as they came and never made: the same order gives the same file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields, replace

__all__ = ["Bext", "BextLoudness", "history_line", "pack", "unpack"]

MAX_HISTORY = 1 << 16
ORIGINATOR = b"bandmate"

_FIELDS = struct.Struct("<256s32s32s10s8sQH64s5h180s")
_VERSION = 2
_HIGHEST = 9999  # 99.99 LUFS, LU or dBTP, in hundredths
_UNSAID = 0x7FFF
_HISTORY_TEXT = "ascii"


@dataclass(frozen=True, slots=True)
class BextLoudness:
    """Loudness as such a chunk says it, None where it does not.

    Parameters
    ----------
    integrated : float or None
        In LUFS, as all to the nearest hundredth.
    loudness_range : float or None
        In LU.
    true_peak : float or None
        In dBTP.
    momentary_max, short_term_max : float or None
        In LUFS.
    """

    integrated: float | None = None
    loudness_range: float | None = None
    true_peak: float | None = None
    momentary_max: float | None = None
    short_term_max: float | None = None

    @property
    def said(self) -> bool:
        """Whether there is any."""
        return any(getattr(self, one.name) is not None for one in fields(self))


@dataclass(frozen=True, slots=True)
class Bext:
    """What the chunk says; texts as their bytes, without the zeros that fill them up.

    Parameters
    ----------
    description, originator, reference, date, time : bytes
        At most 256, 32, 32, 10 and 8 bytes.
    frame : int
        Where the sound begins, in frames since midnight, or since the start of the session.
    loudness : BextLoudness
        See there.
    history : bytes
        A line for each step in the life of the sound.
    """

    description: bytes = b""
    originator: bytes = ORIGINATOR
    reference: bytes = b""
    date: bytes = b""
    time: bytes = b""
    frame: int = 0
    loudness: BextLoudness = BextLoudness()
    history: bytes = b""


def unpack(body: bytes) -> Bext | None:
    """Read a chunk.

    Parameters
    ----------
    body : bytes
        Anything.

    Returns
    -------
    Bext or None
        None where it is too short to be one. What a text says after its first zero is dropped.
    """
    if len(body) < _FIELDS.size:
        return None
    *texts, frame, version, _, loud, span, peak, momentary, short, _ = _FIELDS.unpack_from(body)
    figures = (loud, span, peak, momentary, short)
    values = (_said(value) if version >= _VERSION else None for value in figures)
    description, originator, reference, date, time = (text.partition(b"\0")[0] for text in texts)
    history = body[_FIELDS.size :][:MAX_HISTORY].partition(b"\0")[0]
    loudness = BextLoudness(*values)
    return Bext(description, originator, reference, date, time, frame, loudness, history)


def pack(bext: Bext) -> bytes:
    """Write a chunk of version 2, its UMID left empty: that of another sound would be a lie.

    Parameters
    ----------
    bext : Bext
        Texts that are too long are cut.

    Returns
    -------
    bytes
        The body; 602 bytes and the history.
    """
    texts = (bext.description, bext.originator, bext.reference, bext.date, bext.time)
    figures = (_hundredths(getattr(bext.loudness, one.name)) for one in fields(bext.loudness))
    frame = min(max(bext.frame, 0), 2**64 - 1)
    body = _FIELDS.pack(*texts, frame, _VERSION, bytes(64), *figures, bytes(180))
    return body + bext.history


def history_line(before: Bext, rate: int, bits: int, channels: int) -> Bext:
    """Add what was done to the life of the sound.

    Parameters
    ----------
    before : Bext
        With the life until now.
    rate, bits, channels : int
        As it is written.

    Returns
    -------
    Bext
        With a line more; the same where the history is full.
    """
    mode = {1: ",M=mono", 2: ",M=stereo"}.get(channels, "")
    line = f"A=PCM,F={rate},W={bits}{mode},T=bandmate\r\n".encode(_HISTORY_TEXT)
    history = before.history
    if history and not history.endswith(b"\n"):
        history += b"\r\n"
    if len(history) + len(line) > MAX_HISTORY:
        return before
    return replace(before, history=history + line)


def _said(hundredths: int) -> float | None:
    return hundredths / 100.0 if abs(hundredths) <= _HIGHEST else None


def _hundredths(value: float | None) -> int:
    if value is None or not abs(value) * 100.0 <= _HIGHEST:
        return _UNSAID
    return round(value * 100.0)
