"""Metre, tempo and length that are asked for: by settings, by words, or by the song."""

from __future__ import annotations

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.ear.hearing import Heard
from assistant.theory.prompt.words import Reading

__all__ = ["BPM_RANGE", "bpm_of", "length_of", "meter_of", "read_meter"]

BPM_RANGE = (30.0, 300.0)
"""Quarter notes a minute that are played."""

_SLOWEST_FAST, _SLOWEST_VERY_FAST = 75.0, 95.0  # quarter notes a minute
_QUICKEST_SLOW, _QUICKEST_VERY_SLOW = 140.0, 110.0  # what is felt in halves may be slow at 140
_VERY = 0.25  # of a pace: how far from even it is more than fast or slow


def length_of(bars: int | None, reading: Reading) -> int | None:
    """Say how many bars are asked for.

    Parameters
    ----------
    bars : int or None
        As a setting says.
    reading : Reading
        What the prompt was taken to mean.

    Returns
    -------
    int or None
        None where nobody says.

    Raises
    ------
    SettingError
        Where the setting and the prompt contradict each other.
    """
    if bars is not None and reading.bars not in {None, bars}:
        raise SettingError(f"bars is {bars}, but prompt says {reading.bars} bars; say one of them.")
    return reading.bars if bars is None else bars


def meter_of(text: str | None, reading: Reading, heard: Heard | None) -> Meter | None:
    """Find the metre: as a setting says, else as the prompt does, else as in the song.

    Parameters
    ----------
    text : str or None
        As a setting says, such as ``"3/4"``.
    reading : Reading
        What the prompt was taken to mean.
    heard : Heard or None
        The song.

    Returns
    -------
    Meter or None
        None where nobody says.

    Raises
    ------
    SettingError
        Where the setting and the prompt contradict each other.
    """
    if text and reading.meter and text != reading.meter:
        raise SettingError(
            f"meter is {text}, but prompt asks for {reading.meter}; say one of them."
        )
    said = text or reading.meter
    if said:
        return read_meter(said)
    return Meter(0.0, heard.meter.numerator, heard.meter.denominator) if heard else None


def read_meter(text: str) -> Meter:
    """Read a metre such as ``"6/8"``."""
    numerator, denominator = text.split("/")
    return Meter(0.0, int(numerator), int(denominator))


def bpm_of(tempo: float | None, reading: Reading, heard: Heard | None) -> float | None:
    """Find the tempo in quarter notes a minute: by setting, prompt or song; None where none says.

    Raises
    ------
    SettingError
        Where the prompt asks for what cannot be, or for another tempo than the setting.
    """
    low, high = BPM_RANGE
    if reading.bpm is not None and not low <= reading.bpm <= high:
        raise SettingError(f"prompt asks for {reading.bpm:g} bpm; it takes {low:g} to {high:g}.")
    if tempo is not None and reading.bpm not in {None, tempo}:
        raise SettingError(
            f"tempo is {tempo:g}, but prompt says {reading.bpm:g} bpm; say one of them."
        )
    said = tempo if tempo is not None else reading.bpm
    _check_pace(said, "tempo is" if tempo is not None else "prompt says", reading.pace)
    if said is not None or heard is None:
        return said
    return min(max(heard.bpm, low), high)


def _check_pace(bpm: float | None, said: str, pace: float) -> None:
    """Refuse a tempo that nobody would call what the prompt calls it."""
    if bpm is None or pace == 1.0:
        return
    very = "very " if abs(pace - 1.0) > _VERY else ""
    slowest = _SLOWEST_VERY_FAST if very else _SLOWEST_FAST
    quickest = _QUICKEST_VERY_SLOW if very else _QUICKEST_SLOW
    word = f"{very}{'fast' if pace > 1.0 else 'slow'}"
    if bpm < slowest if pace > 1.0 else bpm > quickest:
        raise SettingError(f"{said} {bpm:g} bpm, but prompt asks for {word!r}; say one of them.")
