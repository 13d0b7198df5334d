"""Moves read as a console: what each channel strip is set to.

Moves are done in order, as a hand would do them. ``set`` puts a knob where the value says, so of
two that set one knob the last counts; ``change`` turns it on from where it is, so changes add up.
Only polarity has no way to turn on: -1 flips what is there, and flipped twice it is as recorded.

Most knobs a strip has once, whatever the group of a move. By group there are EQ bands, compressors
and sends. The group of a send is its name; a compressor whose group is ``"side-chain <track>"``
goes by the level of that track, as it comes into its own strip; a ``polarity`` whose group is
``"left"`` or ``"right"`` flips one channel. The target ``"mix"`` is the sum, even where a stem is
called so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import BUTTERWORTH_Q, Band, Shape
from assistant.errors import MaterialError, UnknownName
from assistant.moves import PARAMETERS, Move

__all__ = ["MIX", "SIDE_CHAIN", "Keyed", "StripSettings", "strip_settings"]

MIX = "mix"
SIDE_CHAIN = "side-chain "
SHAPES: tuple[Shape, ...] = ("bell", "low shelf", "high shelf")
SIDES = ("left", "right")
NOT_ON_THE_MIX = ("delay_ms", "send_db", "mute")

START = {
    "gain_db": 0.0,
    "pan": 0.0,
    "polarity": 1.0,
    "mute": 0.0,
    "delay_ms": 0.0,
    "width": 1.0,
    "eq.gain_db": 0.0,
    "eq.q": BUTTERWORTH_Q,
    "eq.shape": 0.0,
    "comp.ratio": 4.0,
    "comp.attack_ms": 10.0,
    "comp.release_ms": 100.0,
    "comp.makeup_db": 0.0,
}
"""Where knobs stand before any move; those that are missing here stand nowhere."""

Knobs = dict[tuple[str, str], float]  # by parameter and group


@dataclass(frozen=True, slots=True)
class Keyed:
    """A compressor, and the track whose level it goes by: its own where there is no key."""

    compressor: Compressor
    key: str | None = None


@dataclass(frozen=True, slots=True)
class StripSettings:
    """What a channel strip is set to; nothing by default.

    Parameters
    ----------
    polarity : tuple of (float, float)
        Left and right: 1 as recorded, -1 flipped.
    delay_ms : float
        Later where positive.
    hpf_hz, lpf_hz : float, optional
        Corners.
    gate_db : float, optional
        Threshold of the gate.
    bands : tuple of Band
        EQ, in order of their first moves.
    deesser : tuple of (float, float), optional
        Frequency in Hz, threshold in dB.
    compressors : tuple of Keyed
        In order of their first moves.
    gain_db : float
        The fader.
    mute : bool
        Whether it is silent, and what it sends too.
    pan, width : float
        As `assistant.moves.PARAMETERS` has them.
    sends : tuple of (str, float)
        Names, and levels in dB after fader and pan.
    """

    polarity: tuple[float, float] = (1.0, 1.0)
    delay_ms: float = 0.0
    hpf_hz: float | None = None
    lpf_hz: float | None = None
    gate_db: float | None = None
    bands: tuple[Band, ...] = ()
    deesser: tuple[float, float] | None = None
    compressors: tuple[Keyed, ...] = ()
    gain_db: float = 0.0
    mute: bool = False
    pan: float = 0.0
    width: float = 1.0
    sends: tuple[tuple[str, float], ...] = ()


def strip_settings(
    moves: Iterable[Move], tracks: Sequence[str], sends: Iterable[str]
) -> Mapping[str, StripSettings]:
    """Read moves.

    Parameters
    ----------
    moves : iterable of Move
        In the order in which they are done.
    tracks : sequence of str
        Names of the tracks there are.
    sends : iterable of str
        Names of the sends there are.

    Returns
    -------
    mapping of str to StripSettings
        By target: the tracks that a move is for, and ``"mix"`` where one is for the sum.

    Raises
    ------
    UnknownName
        Where no track, or no send, has the name that a move names.
    MaterialError
        Where a name is that of several tracks; where a knob ends up outside its range, is changed
        without ever having been set, or is none that a strip has; where a band has no frequency, a
        compressor no threshold.
    """
    knobs: dict[str, Knobs] = {}
    for move in moves:
        _check(move, tracks, tuple(sends))
        _turn(knobs.setdefault(move.target, {}), move)
    return {target: _settings(target, turned) for target, turned in knobs.items()}


def _check(move: Move, tracks: Sequence[str], sends: Sequence[str]) -> None:
    """Refuse a move that no strip of this session can do."""
    _check_track(move.target, tracks, (MIX,))
    if move.group.startswith(SIDE_CHAIN) and move.parameter.startswith("comp."):
        _check_track(move.group.removeprefix(SIDE_CHAIN), tracks)
    if move.parameter == "send_db" and move.group not in sends:
        raise UnknownName("send", move.group, sends)
    on_the_mix = move.target == MIX and move.parameter in NOT_ON_THE_MIX
    if on_the_mix or move.parameter.startswith("limiter."):
        raise MaterialError(f"A preview has no {move.parameter} on {move.target!r}.")


def _check_track(name: str, tracks: Sequence[str], others: Sequence[str] = ()) -> None:
    if name in others:
        return
    if name not in tracks:
        raise UnknownName("track", name, [*tracks, *others])
    if tracks.count(name) > 1:
        raise MaterialError(f"There are {tracks.count(name)} tracks called {name!r}: which one?")


def _turn(knobs: Knobs, move: Move) -> None:
    """Turn one knob."""
    place = move.parameter, _group(move)
    before = knobs.get(place, START.get(move.parameter))
    if move.mode == "set":
        knobs[place] = move.value
    elif before is None:
        raise MaterialError(
            f"{move.parameter} of {move.target!r} is nowhere yet, so it cannot be changed by"
            f" {move.value:g} {move.unit}; it must be set first."
        )
    else:
        turned = before * move.value if move.parameter == "polarity" else before + move.value
        knobs[place] = turned


def _group(move: Move) -> str:
    """Tell which of several knobs of one name is meant."""
    if move.parameter == "polarity":
        return move.group if move.group in SIDES else ""
    return move.group if move.parameter.startswith(("eq.", "comp.", "send")) else ""


def _settings(target: str, knobs: Knobs) -> StripSettings:
    """Read the knobs of one strip."""
    for (name, _), value in knobs.items():
        known = PARAMETERS[name]
        if not known.low <= value <= known.high:
            span = f"{known.low:g} to {known.high:g} {known.unit}".rstrip()
            raise MaterialError(f"{name} of {target!r} goes from {span}, not to {value:g}.")
    one = {name: value for (name, group), value in knobs.items() if not group}
    both = one.get("polarity", 1.0)
    left, right = (both * knobs.get(("polarity", side), 1.0) for side in SIDES)
    return StripSettings(
        polarity=(_sign(left), _sign(right)),
        hpf_hz=one.get("hpf_hz"),
        lpf_hz=one.get("lpf_hz"),
        gate_db=one.get("gate.threshold_db"),
        bands=tuple(_bands(target, knobs)),
        deesser=_deesser(target, one),
        compressors=tuple(_compressors(target, knobs)),
        mute=one.get("mute", 0.0) >= 0.5,
        sends=tuple((group, db) for (name, group), db in knobs.items() if name == "send_db"),
        **{name: one.get(name, START[name]) for name in ("delay_ms", "gain_db", "pan", "width")},
    )


def _sign(value: float) -> float:
    return -1.0 if value < 0.0 else 1.0


def _bands(target: str, knobs: Knobs) -> Iterator[Band]:
    for group, read in _units(knobs, "eq."):
        freq_hz = _needed(target, f"EQ band {group!r}".replace(" ''", ""), read, "freq_hz")
        shape = SHAPES[round(read.get("shape", START["eq.shape"]))]
        gain_db, q = read.get("gain_db", START["eq.gain_db"]), read.get("q", START["eq.q"])
        yield Band(shape, freq_hz, gain_db, q)


def _compressors(target: str, knobs: Knobs) -> Iterator[Keyed]:
    for group, read in _units(knobs, "comp."):
        _needed(target, "compressor", read, "threshold_db")
        key = group.removeprefix(SIDE_CHAIN) if group.startswith(SIDE_CHAIN) else None
        yield Keyed(Compressor(**read), key)


def _deesser(target: str, one: Mapping[str, float]) -> tuple[float, float] | None:
    prefix = "deess."
    read = {name.removeprefix(prefix): one[name] for name in one if name.startswith(prefix)}
    if not read:
        return None
    freq_hz, threshold_db = (
        _needed(target, "de-esser", read, name) for name in ("freq_hz", "threshold_db")
    )
    return freq_hz, threshold_db


def _units(knobs: Knobs, prefix: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Walk through the groups of one kind: each with its knobs, by what follows the prefix."""
    found: dict[str, dict[str, float]] = {}
    for (name, group), value in knobs.items():
        if name.startswith(prefix):
            found.setdefault(group, {})[name.removeprefix(prefix)] = value
    yield from found.items()


def _needed(target: str, what: str, read: Mapping[str, float], name: str) -> float:
    if name not in read:
        raise MaterialError(f"The {what} of {target!r} has no {name}.")
    return read[name]
