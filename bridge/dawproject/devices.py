"""Moves -> the strip of a mixer as a DAWproject says it: fader, pan, equalizer, compressor, gate.

What it has no word for is left out, and told by `left_out`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from assistant.moves import Move

__all__ = ["decimal", "left_out", "strip"]

MAX_GAIN = 2.0  # that faders of a DAWproject reach: +6 dB
SIDE_CHAIN = "side-chain "  # begins the group of a compressor that another track keys
BUTTERWORTH_Q = 0.5**0.5  # of a band whose Q is not said

_SHAPES = ("bell", "lowShelf", "highShelf")
_FADER = frozenset({"gain_db", "pan", "mute"})
_EDGES = {"hpf_hz": "highPass", "lpf_hz": "lowPass"}
_BAND = frozenset({"eq.freq_hz", "eq.gain_db", "eq.q", "eq.shape"})


class _Word(NamedTuple):
    """A parameter of a device: its element, its unit, and how the value of a move becomes it."""

    tag: str
    unit: str
    turn: Callable[[float], float] = float


_COMPRESSOR = {
    "comp.attack_ms": _Word("Attack", "seconds", lambda ms: ms / 1000.0),
    "comp.makeup_db": _Word("OutputGain", "decibel"),
    "comp.ratio": _Word("Ratio", "percent", lambda ratio: 100.0 * (1.0 - 1.0 / ratio)),
    "comp.release_ms": _Word("Release", "seconds", lambda ms: ms / 1000.0),
    "comp.threshold_db": _Word("Threshold", "decibel"),
}
_GATE = {"gate.threshold_db": _Word("Threshold", "decibel")}
_KNOWN = _FADER | _EDGES.keys() | _BAND | _COMPRESSOR.keys() | _GATE.keys()


def decimal(value: float) -> str:
    """Write a number to its last digit, a numpy one as well."""
    return repr(float(value))


def left_out(moves: Sequence[Move]) -> Iterator[str]:
    """Say in words what of the moves a DAWproject has no word for."""
    for move in moves:
        if move.parameter not in _KNOWN or _is_keyed(move):
            group = f" ({move.group})" if move.group else ""
            yield f"{move.target}: {move.parameter}{group} {move.value:g} {move.unit}".rstrip()
    for target in dict.fromkeys(move.target for move in moves):
        gain_db = _standing([one for one in moves if one.target == target]).get("gain_db", 0.0)
        if _linear(gain_db) > MAX_GAIN:
            yield f"{target}: gain_db {gain_db:g} dB, over the end of the fader"


def _is_keyed(move: Move) -> bool:
    """Tell whether it is of a compressor that another track keys: without that, it is another."""
    return move.parameter in _COMPRESSOR and move.group.startswith(SIDE_CHAIN)


def _standing(moves: Iterable[Move]) -> dict[str, float]:
    """Tell where knobs end up that a new channel has: changes add up from nothing."""
    stands: dict[str, float] = {}
    for move in moves:
        start = stands.get(move.parameter, 0.0) if move.mode == "change" else 0.0
        stands[move.parameter] = start + move.value
    return stands


def strip(channel: Element, moves: Sequence[Move]) -> None:
    """Put moves on a channel; a change is one of what a new channel has.

    Parameters
    ----------
    channel : Element
        Without children yet; its ``id`` is what those of its parameters begin with.
    moves : sequence of Move
        All of its target.
    """
    devices = [*_dynamics("NoiseGate", _GATE, moves), *_equalizers(moves)]
    for group in dict.fromkeys(move.group for move in moves if move.parameter in _COMPRESSOR):
        one = [move for move in moves if move.group == group and not _is_keyed(move)]
        devices += _dynamics("Compressor", _COMPRESSOR, one)
    if devices:
        SubElement(channel, "Devices").extend(devices)
    stands = _standing(moves)
    name = channel.get("id", "")
    muted = "true" if stands.get("mute", 0.0) >= 0.5 else "false"
    SubElement(channel, "Mute", id=f"{name}-mute", value=muted)
    pan = (min(1.0, max(-1.0, stands.get("pan", 0.0))) + 1.0) / 2.0
    SubElement(
        channel, "Pan", id=f"{name}-pan", unit="normalized", min="0", max="1", value=decimal(pan)
    )
    gain = min(MAX_GAIN, _linear(stands.get("gain_db", 0.0)))
    SubElement(
        channel, "Volume", id=f"{name}-vol", unit="linear", min="0", max="2", value=decimal(gain)
    )


def _linear(decibels: float) -> float:
    return math.pow(10.0, decibels / 20.0)


def _device(tag: str) -> Element:
    device = Element(tag, deviceName=tag, deviceRole="audioFX", loaded="true")
    SubElement(device, "Enabled", value="true")
    return device


def _say(around: Element, word: _Word, value: float) -> None:
    SubElement(around, word.tag, unit=word.unit, value=decimal(word.turn(value)))


def _equalizers(moves: Sequence[Move]) -> Iterator[Element]:
    """Make one equalizer of all bands: edges first, then groups in their order."""
    equalizer = _device("Equalizer")
    for move in moves:
        if move.parameter in _EDGES:
            band = SubElement(equalizer, "Band", type=_EDGES[move.parameter])
            _say(band, _Word("Freq", "hertz"), move.value)
            SubElement(band, "Enabled", value="true")
    for group in dict.fromkeys(move.group for move in moves if move.parameter in _BAND):
        said = _standing(one for one in moves if one.group == group)
        if "eq.freq_hz" in said:
            _add_band(equalizer, said)
    if equalizer.find("Band") is not None:
        yield equalizer


def _add_band(equalizer: Element, said: dict[str, float]) -> None:
    shape = _SHAPES[round(said.get("eq.shape", 0.0))]
    band = SubElement(equalizer, "Band", type=shape)
    _say(band, _Word("Freq", "hertz"), said["eq.freq_hz"])
    _say(band, _Word("Gain", "decibel"), said.get("eq.gain_db", 0.0))
    _say(band, _Word("Q", "linear"), said.get("eq.q", BUTTERWORTH_Q))
    SubElement(band, "Enabled", value="true")


def _dynamics(tag: str, words: dict[str, _Word], moves: Sequence[Move]) -> Iterator[Element]:
    """Make a device of the moves that are its own, its parameters in the published order."""
    said = _standing(move for move in moves if move.parameter in words)
    if said:
        device = _device(tag)
        for parameter in sorted(said, key=lambda one: words[one].tag):
            _say(device, words[parameter], said[parameter])
        yield device
