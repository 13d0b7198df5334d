"""What can be wrong with a sound file, in words."""

from __future__ import annotations

from assistant.material import MAX_CHANNELS, RATE_RANGE_HZ

__all__ = ["Flaw", "check_shape", "cut_off", "in_bytes", "in_time", "never_closed"]


class Flaw(Exception):
    """What is wrong with a file: the rest of a sentence that begins with its name.

    `bridge.files` makes a `FileError` of it.
    """


def cut_off(claimed: str, held: str) -> Flaw:
    """Say that a file holds less than it claims; two lengths, in the same words."""
    return Flaw(
        f"is cut off: it claims {claimed} and holds {held}. "
        "Is it still being written, or was it copied in part? Export or copy it again."
    )


def never_closed(claimed: str, held: str) -> Flaw:
    """Say that a file holds more than it claims; two lengths, in the same words."""
    return Flaw(
        f"was never closed by what recorded it: it claims {claimed} and holds {held}. "
        "Open it in the recorder or the DAW and export it again."
    )


def check_shape(channels: int, rate: float) -> None:
    """See that sound can be worked on.

    Parameters
    ----------
    channels : int
        As the file claims.
    rate : float
        Frames a second, as the file claims.

    Raises
    ------
    Flaw
        Where there are too few or too many of either.
    """
    low, high = RATE_RANGE_HZ
    if not 1 <= channels <= MAX_CHANNELS:
        raise Flaw(f"claims {channels} channels; bandmate works on 1 to {MAX_CHANNELS}.")
    if not low <= rate <= high:
        raise Flaw(f"claims a rate of {rate:g} Hz; bandmate works at {low} to {high} Hz.")


def in_bytes(size: int) -> str:
    """Say a length to the byte: ``"192,044 bytes"``."""
    return f"{size:,} bytes"


def in_time(frames: int, rate: int) -> str:
    """Say a length to the frame: ``"240,000 frames (0:05.0)"``, with hours where there are any."""
    tenths = frames * 10 // rate
    hours, minutes = tenths // 36_000, tenths // 600 % 60
    clock = f"{tenths // 10 % 60:02d}.{tenths % 10}"
    clock = f"{hours}:{minutes:02d}:{clock}" if hours else f"{minutes}:{clock}"
    return f"{frames:,} frames ({clock})"
