"""Moves as a hand dials them in: one line for each plug-in, in the order of a channel strip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assistant.dsp.third_octaves import band_name
from assistant.mixing.console import SHAPES, SIDE_CHAIN, START
from assistant.moves import Move
from assistant.reports.words import signed

__all__ = ["Dialled", "dialled", "pan_words"]

Knobs: TypeAlias = Mapping[str, float]
"""By parameter, without what stands before the point."""

_CENTRED = 0.005  # a hundredth of the way to a side is the least that a DAW shows


@dataclass(frozen=True, slots=True)
class Dialled:
    """A plug-in, or a knob of the console, and what it is set to.

    Parameters
    ----------
    target : str
        Name of the track, or ``"mix"``.
    device : str
        Such as ``"EQ bell"``.
    setting : str
        Such as ``"315 Hz, +4.5 dB, Q 2.80"``.
    what_for : str
        The name its moves give it, where they give one.
    why : str
        The reasons of its moves.
    """

    target: str
    device: str
    setting: str
    what_for: str
    why: str


def dialled(moves: Iterable[Move]) -> tuple[Dialled, ...]:
    """Bring moves into lines.

    Parameters
    ----------
    moves : iterable of Move
        In the order in which they are done.

    Returns
    -------
    tuple of Dialled
        By target, in order of their first moves, and for each as a channel strip goes. Moves of
        one plug-in are one line, and knobs that are turned twice stand where that leaves them, as
        `assistant.mixing.console` has it; only a fader is told by how far it goes.
    """
    units: dict[str, dict[tuple[str, str], list[Move]]] = {}
    for move in moves:
        units.setdefault(move.target, {}).setdefault(_unit(move), []).append(move)
    return tuple(
        _line(target, *unit, turned)
        for target, found in units.items()
        for unit, turned in sorted(found.items(), key=_strip_order)
    )


def pan_words(pan: float) -> str:
    """Say a place between left and right as a DAW does: ``"L30"``, ``"C"``, ``"R100"``."""
    if abs(pan) < _CENTRED:
        return "C"
    return f"{'L' if pan < 0.0 else 'R'}{100.0 * abs(pan):.0f}"


def _unit(move: Move) -> tuple[str, str]:
    """Tell which plug-in a move belongs to: its kind, and its group where there may be several."""
    kind = move.parameter.partition(".")[0]
    sided = kind == "polarity" and move.group in {"left", "right"}
    return kind, move.group if kind in {"eq", "comp", "send_db"} or sided else ""


def _strip_order(item: tuple[tuple[str, str], list[Move]]) -> tuple[int, float]:
    (kind, _), turned = item
    freq_hz = _knobs(turned).get("freq_hz", 0.0) if kind == "eq" else 0.0
    return list(_DEVICES).index(kind), freq_hz


def _knobs(turned: Iterable[Move]) -> Knobs:
    """Turn the knobs of one plug-in."""
    knobs: dict[str, float] = {}
    for move in turned:
        name = move.parameter.partition(".")[2] or move.parameter
        stood = knobs.get(name, START.get(move.parameter, 0.0))
        if move.mode == "set":
            knobs[name] = move.value
        else:
            knobs[name] = stood * move.value if name == "polarity" else stood + move.value
    return knobs


def _line(target: str, kind: str, group: str, turned: list[Move]) -> Dialled:
    device, words = _DEVICES[kind]
    knobs = _knobs(turned)
    what_for = group
    if kind == "eq":
        device = f"EQ {SHAPES[round(knobs.get('shape', START['eq.shape']))]}"
    elif kind == "send_db":
        device, what_for = f"send to {group}", ""
    elif group.startswith(SIDE_CHAIN):
        device, what_for = f"compressor, keyed by {group.removeprefix(SIDE_CHAIN)}", ""
    elif kind == "polarity" and group:
        device, what_for = f"polarity, {group} channel", ""
    if what_for == device:
        what_for = ""
    why = " ".join(dict.fromkeys(move.why for move in turned))
    return Dialled(target, device, words(knobs), what_for, why)


def _decibels(value: float, unit: str = "dB") -> str:
    return f"{signed(value, 1)} {unit}"


def _milliseconds(value: float) -> str:
    return f"{value:.3g} ms"


def _eq(knobs: Knobs) -> str:
    freq = [band_name(knobs["freq_hz"])] if "freq_hz" in knobs else []
    gain, q = knobs.get("gain_db", START["eq.gain_db"]), knobs.get("q", START["eq.q"])
    return ", ".join((*freq, _decibels(gain), f"Q {q:.2f}"))


def _compressor(knobs: Knobs) -> str:
    at = {name: knobs.get(name, START.get(f"comp.{name}")) for name in _COMPRESSOR}
    told = (_COMPRESSOR[name](value) for name, value in at.items() if value is not None)
    return ", ".join(told)


def _deesser(knobs: Knobs) -> str:
    freq = [band_name(knobs["freq_hz"])] if "freq_hz" in knobs else []
    at = [f"threshold {_decibels(knobs['threshold_db'])}"] if "threshold_db" in knobs else []
    return ", ".join(freq + at)


def _limiter(knobs: Knobs) -> str:
    gain = [f"gain {_decibels(knobs['gain_db'])}"] if "gain_db" in knobs else []
    ceiling = [f"ceiling {_decibels(knobs['ceiling_db'], 'dBTP')}"] if "ceiling_db" in knobs else []
    return ", ".join(gain + ceiling)


def _delay(knobs: Knobs) -> str:
    delay = knobs["delay_ms"]
    return f"{abs(delay):.2f} ms {'later' if delay >= 0.0 else 'earlier'}"


_COMPRESSOR: Mapping[str, Callable[[float], str]] = {
    "threshold_db": lambda value: f"threshold {_decibels(value)}",
    "ratio": lambda value: f"ratio {value:.3g}:1",
    "attack_ms": lambda value: f"attack {_milliseconds(value)}",
    "release_ms": lambda value: f"release {_milliseconds(value)}",
    "makeup_db": lambda value: f"make-up {_decibels(value)}",
}
_DEVICES: Mapping[str, tuple[str, Callable[[Knobs], str]]] = {
    "mute": ("mute", lambda knobs: "on" if knobs["mute"] >= 0.5 else "off"),
    "delay_ms": ("delay", _delay),
    "hpf_hz": ("high pass", lambda knobs: f"{band_name(knobs['hpf_hz'])}, 12 dB an octave"),
    "lpf_hz": ("low pass", lambda knobs: f"{band_name(knobs['lpf_hz'])}, 12 dB an octave"),
    "gate": ("gate", lambda knobs: f"threshold {_decibels(knobs['threshold_db'])}"),
    "eq": ("EQ", _eq),
    "deess": ("de-esser", _deesser),
    "comp": ("compressor", _compressor),
    "polarity": (
        "polarity",
        lambda knobs: "flipped" if knobs["polarity"] < 0.0 else "as recorded",
    ),
    "width": ("width", lambda knobs: f"{100.0 * knobs['width']:.0f} %"),
    "gain_db": ("fader", lambda knobs: _decibels(knobs["gain_db"])),
    "pan": ("pan", lambda knobs: pan_words(knobs["pan"])),
    "send_db": ("send", lambda knobs: _decibels(knobs["send_db"])),
    "limiter": ("limiter", _limiter),
}
"""In the order of a channel strip: what each is called, and how its knobs are told."""
