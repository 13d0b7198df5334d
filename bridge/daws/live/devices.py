"""Moves that need a device of Live: bands of EQ Eight, Compressor, Utility.

AbletonOSC tells a parameter as a bare number, and apart from it the text that Live shows for it.
The number is taken for what `bridge.daws.live.law` says only where the text agrees, before a move
and after it; where it does not, the move is left to the musician, with the value to set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.errors import DawError
from assistant.moves import PARAMETERS, Move
from bridge.daws.adapter import Song, Track
from bridge.daws.live import law
from bridge.daws.live.checks import NOTHING_SHOWN

__all__ = ["DEVICES", "KEPT", "SHOWN", "settings", "standing", "unread"]

DEVICES = {"Eq8": "EQ Eight", "Compressor2": "Compressor", "StereoGain": "Utility"}
"""Class names of the devices whose parameters are asked for, and what people call them."""

BANDS = 8
_BAND = re.compile(r"(?:eq|band)?\s*(\d{1,6})", re.IGNORECASE)
_SHAPES = (3.0, 2.0, 5.0)  # bell, low shelf, high shelf as EQ Eight counts its filter types
_NAMES = {
    "eq.freq_hz": ("EQ Eight", ("{band} Frequency A",)),
    "eq.gain_db": ("EQ Eight", ("{band} Gain A",)),
    "eq.q": ("EQ Eight", ("{band} Q A",)),
    "eq.shape": ("EQ Eight", ("{band} Filter Type A",)),
    "comp.threshold_db": ("Compressor", ("Threshold",)),
    "comp.ratio": ("Compressor", ("Ratio",)),
    "comp.attack_ms": ("Compressor", ("Attack",)),
    "comp.release_ms": ("Compressor", ("Release",)),
    "comp.makeup_db": ("Compressor", ("Output Gain",)),
    "width": ("Utility", ("Stereo Width",)),
    "polarity": ("Utility", ("Left Inv", "Right Inv")),
}
_OLDER = {f"{band} Q A": f"{band} Resonance A" for band in range(1, BANDS + 1)}
"""What Live called a parameter before it was called so."""
KEPT = frozenset(
    {"Device On", *_OLDER.values()}
    | {f"{band} Filter On A" for band in range(1, BANDS + 1)}
    | {
        name.format(band=band)
        for _, names in _NAMES.values()
        for name in names
        for band in range(1, BANDS + 1)
    }
)
"""The parameters that are remembered; an EQ Eight has twice as many."""
_SIDES = {"left": "Left Inv", "right": "Right Inv"}
_SWITCHES = {"polarity", "eq.shape"}
"""Counted in whole steps, whatever Live shows for them."""

SHOWN = "shown"
"""Where the text of a parameter waits in ``Song.parameters``, as the number in it."""


def unread(known: Mapping[str, float], home: str, title: str) -> Iterator[int]:
    """List the parameters of a device whose texts are needed, and were not told yet.

    A band that is switched off is left out: nothing is set there.
    """
    for parameter, (device, names) in _NAMES.items():
        if device != title or parameter in _SWITCHES:
            continue
        for band in range(1, BANDS + 1) if "{band}" in names[0] else (1,):
            if title == "EQ Eight" and _is_off(known, home, f"{band} Filter On A"):
                continue
            index = _index(known, home, names[0].format(band=band))
            if index is None or f"{home}/value/{index}" not in known:
                continue
            if f"{home}/{SHOWN}/{index}" not in known:
                yield index


def settings(
    song: Song, track: Track, move: Move, value: float
) -> Iterator[tuple[int, int, float]]:
    """Say a value as Live counts it: device, parameter and number each.

    Raises
    ------
    DawError
        Where the device is not there or is off, or Live counts in a way that is not known.
    """
    for device, index in _places(song, track, move):
        home = f"{track.index}/{device}"
        number = _counted(move.parameter, value)
        if move.parameter not in _SWITCHES and _read(song, home, move.parameter, index) is None:
            raise DawError(_by_hand(song, home, index, move))
        _check_range(song, home, index, move, number)
        yield device, index, number


def standing(song: Song, track: Track, move: Move) -> float | None:
    """Tell where a parameter stands, in the move's unit; None where Live's text says otherwise.

    Raises
    ------
    DawError
        Where there is no such device or parameter.
    """
    device, index = _places(song, track, move)[0]
    home = f"{track.index}/{device}"
    if move.parameter not in _SWITCHES:
        return _read(song, home, move.parameter, index)
    raw = song.parameters.get(f"{home}/value/{index}")
    if raw is None:
        return None
    if move.parameter == "polarity":
        return -1.0 if raw >= 0.5 else 1.0
    return float(_SHAPES.index(raw)) if raw in _SHAPES else None


def _places(song: Song, track: Track, move: Move) -> list[tuple[int, int]]:
    """Find the parameters that a move means: device and parameter, as Live counts.

    Raises
    ------
    DawError
        Where there are none, or what is set would not be heard.
    """
    if move.parameter not in _NAMES:
        raise DawError(f"AbletonOSC has no word for {move.parameter}.")
    title, names = _NAMES[move.parameter]
    if move.parameter.startswith("comp.") and move.group.startswith("side-chain "):
        raise DawError("AbletonOSC has no word for what keys a Compressor; do this by hand.")
    if move.parameter == "polarity" and move.group in _SIDES:
        names = (_SIDES[move.group],)
    if title not in track.devices:
        raise DawError(f"Put {title} on {track.name} first; it has none.")
    device, band = track.devices.index(title), _band(move)
    home = f"{track.index}/{device}"
    wanted = [name.format(band=band) for name in names]
    indices = [_index(song.parameters, home, name) for name in wanted]
    if None in indices:
        raise DawError(f"{title} of {track.name} told of no {' and '.join(wanted)}.")
    _check_on(song, home, "Device On", f"{title} of {track.name}")
    if title == "EQ Eight":
        _check_on(song, home, f"{band} Filter On A", f"Band {band} of {title} of {track.name}")
    return [(device, index) for index in indices if index is not None]


def _band(move: Move) -> int:
    """Read the band from the name of the group, such as ``eq 2``; the first where it has none.

    Raises
    ------
    DawError
        Where the group names what the band is for: which one is free, only the musician knows.
    """
    if not move.parameter.startswith("eq.") or not move.group:
        return 1
    found = _BAND.fullmatch(move.group)
    if found is None:
        raise DawError("Which band of your EQ Eight is free for it is not for bandmate to say.")
    band = int(found[1])
    if not 1 <= band <= BANDS:
        raise DawError(f"EQ Eight has {BANDS} bands; {move.group[:40]!r} is none of them.")
    return band


def _index(known: Mapping[str, float], home: str, name: str) -> int | None:
    index = known.get(f"{home}/name/{name}")
    if index is None and name in _OLDER:
        index = known.get(f"{home}/name/{_OLDER[name]}")
    return None if index is None else int(index)


def _is_off(known: Mapping[str, float], home: str, name: str) -> bool:
    index = _index(known, home, name)
    return index is not None and known.get(f"{home}/value/{index}") == 0.0


def _check_on(song: Song, home: str, name: str, what: str) -> None:
    """Refuse what is switched off: a value would be set, and nothing heard of it."""
    if _is_off(song.parameters, home, name):
        raise DawError(f"{what} is switched off in Live: switch it on first.")


def _read(song: Song, home: str, parameter: str, index: int) -> float | None:
    """Read a value in our unit; None where it was not told, or Live shows something else."""
    raw = song.parameters.get(f"{home}/value/{index}")
    shown = song.parameters.get(f"{home}/{SHOWN}/{index}")
    if raw is None or shown is None:
        return None
    value = law.CURVES[parameter].value(raw) if parameter in law.CURVES else raw
    return value if abs(value - shown) <= max(0.02, 0.02 * abs(shown)) else None


def _counted(parameter: str, value: float) -> float:
    """Say a value as Live's device counts it."""
    if parameter == "polarity":
        return float(value < 0)
    if parameter == "eq.shape":
        return _SHAPES[min(2, max(0, round(value)))]
    return law.CURVES[parameter].place(value) if parameter in law.CURVES else value


def _check_range(song: Song, home: str, index: int, move: Move, number: float) -> None:
    """Refuse where Live did not tell the range, or it ends before."""
    low = song.parameters.get(f"{home}/min/{index}")
    high = song.parameters.get(f"{home}/max/{index}")
    if low is None or high is None:
        raise DawError(f"Live did not tell how far {move.parameter} of {move.target} goes.")
    if low <= number <= high:
        return
    curve = law.CURVES.get(move.parameter)
    ends = (curve.value(low), curve.value(high)) if curve else (low, high)
    span = f"{ends[0]:g} to {ends[1]:g} {PARAMETERS[move.parameter].unit}".rstrip()
    raise DawError(f"Live takes {span} for {move.parameter}, not {move.value:g}.")


def _by_hand(song: Song, home: str, index: int, move: Move) -> str:
    """Say what to set, and why it is not done."""
    shown = song.parameters.get(f"{home}/{SHOWN}/{index}")
    raw = song.parameters.get(f"{home}/value/{index}")
    told = "does not tell enough"
    if raw is not None and shown is not None:
        told = f"tells {raw:g} where it shows {shown:g}"
    if shown == NOTHING_SHOWN:
        told = "shows a text that is not understood"
    by = " more" if move.mode == "change" else ""
    amount = f"{move.value:g} {PARAMETERS[move.parameter].unit}".rstrip()
    return f"Live {told} for {move.parameter} of {move.target}: set it by hand to {amount}{by}."
