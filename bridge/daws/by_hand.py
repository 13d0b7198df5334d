"""Moves as a hand dials them in, one line for each effect or knob: for what a DAW cannot be told.

`assistant.mixing.dialling` says the same for a report; it loads what the daemon does without.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.moves import Move

__all__ = ["MAX_TEXT", "by_hand"]

MAX_TEXT = 3000
"""Characters of all lines together: they have to fit a datagram."""

_DEVICES = {
    "gain_db": "fader",
    "pan": "pan",
    "polarity": "polarity",
    "mute": "mute",
    "delay_ms": "delay",
    "width": "width",
    "hpf_hz": "high-pass",
    "lpf_hz": "low-pass",
    "eq": "EQ",
    "comp": "compressor",
    "gate": "gate",
    "deess": "de-esser",
    "send_db": "send",
    "limiter": "limiter",
}
_KNOBS = {
    "eq.freq_hz": "",
    "eq.gain_db": "",
    "eq.q": "Q ",
    "comp.attack_ms": "attack ",
    "comp.release_ms": "release ",
    "comp.makeup_db": "make-up ",
    "deess.freq_hz": "",
}
_SHAPES = ("bell", "low shelf", "high shelf")


def by_hand(moves: Iterable[Move]) -> str:
    """Say what to dial in.

    Parameters
    ----------
    moves : iterable of Move
        In the order in which they are done.

    Returns
    -------
    str
        ``"By hand: bass: compressor (side-chain kick): threshold -22.7 dB, ratio 4 :1; ..."``;
        ``""`` where there are no moves. Of more than fit, it is told how many are left.
    """
    things: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        family = move.parameter.partition(".")[0]
        things.setdefault((move.target, family, move.group), []).append(move)
    lines = [
        f"{target[:80]}: {_DEVICES[family]}{f' ({group[:80]})' if group else ''}: {_knobs(turned)}"
        for (target, family, group), turned in things.items()
    ]
    return f"By hand: {_fitted(lines)}." if lines else ""


def _fitted(lines: list[str]) -> str:
    room, told = MAX_TEXT, list[str]()
    for line in lines:
        room -= len(line.encode()) + 2
        if room < 0:
            return "; ".join([*told, f"and {len(lines) - len(told)} more"])
        told.append(line)
    return "; ".join(told)


def _knobs(turned: Iterable[Move]) -> str:
    return ", ".join(map(_knob, turned))


def _knob(move: Move) -> str:
    """Say one knob, such as ``threshold -22.7 dB`` or ``by +3 dB``."""
    if move.parameter == "eq.shape":
        return _SHAPES[min(2, max(0, round(move.value)))]
    if move.parameter == "mute":
        return "on" if move.value >= 0.5 else "off"
    if move.parameter == "polarity":
        flips = "flip it" if move.mode == "change" else "flipped"
        return flips if move.value < 0.0 else "as recorded"
    name = ""
    if "." in move.parameter:
        own = (
            move.parameter.partition(".")[2].rpartition("_")[0] or move.parameter.partition(".")[2]
        )
        name = _KNOBS.get(move.parameter, f"{own} ")
    by = "by " if move.mode == "change" else ""
    signed = "+" if move.unit == "dB" or by else ""
    digits = 5 if move.unit == "ms" else 3  # a delay is told by the frame, else what can be heard
    value = float(f"{move.value:.{digits}g}")
    return f"{name}{by}{value:{signed}.5g} {move.unit}".rstrip()
