"""The ways to mix that are proposed, in order: what was found, a reference, starting mixes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.contract import Context, Quantity
from assistant.mixing.asked import Asked
from assistant.mixing.automix import automix
from assistant.mixing.console import MIX
from assistant.mixing.faders import level_change_db
from assistant.mixing.fault import Fault
from assistant.mixing.faults.headroom import room_left
from assistant.mixing.listening import Listened
from assistant.mixing.mending import counted, mending
from assistant.mixing.plan import joined, planned
from assistant.mixing.reference import ReferenceHeard, toward
from assistant.mixing.styles import load_style
from assistant.mixing.way import Way
from assistant.moves import Move

__all__ = ["BALANCE", "ways_of"]

BALANCE = "natural"  # the one that levels are held against
_SET_ANEW = {"gain", "headroom"}  # by a starting mix, so that what cures them would be done twice


def ways_of(
    known: Listened, asked: Asked, reference: ReferenceHeard | None, context: Context
) -> Iterator[Generator[float, None, Way]]:
    """Walk through the ways to mix, best first.

    Parameters
    ----------
    known : Listened
        What is known of the mix.
    asked : Asked
        What is asked.
    reference : ReferenceHeard, optional
        What was heard of the reference.
    context : Context
        The shelf.

    Yields
    ------
    generator
        Yields the share that is done, and returns the `Way`.
    """
    yield _mended(known, asked)
    if reference is not None:
        yield _nearer(known, reference)
    for name in asked.styles:
        yield _styled(known, name, context)


def _mended(known: Listened, asked: Asked) -> Generator[float, None, Way]:
    yield 1.0
    levels = planned([one for one in known.faults if one.kind != "headroom"], asked.most_tastes)
    found = room_left(known.faults, level_change_db(known.tracks, levels.moves))
    return mending(planned(found, asked.most_tastes), known.tracks)


def _nearer(known: Listened, reference: ReferenceHeard) -> Generator[float, None, Way]:
    """Bring tracks whose faults are mended nearer to a reference."""
    plain, mix = known.ground.plain, known.ground.mix
    found = yield from toward(known.tracks, plain.audio, mix, reference)
    return _mixed(
        known,
        "Toward the reference",
        found.told,
        [_at_its_own_level(move, plain.gain_db) for move in found.moves],
        found.measured,
    )


def _at_its_own_level(move: Move, turned_down_db: float) -> Move:
    """Tell a threshold for the sum as it is in the DAW, where it was not turned down."""
    if move.parameter != "comp.threshold_db" or move.target != MIX:
        return move
    return replace(move, value=min(move.value - turned_down_db, 0.0))


def _styled(known: Listened, name: str, context: Context) -> Generator[float, None, Way]:
    """Make a starting mix of tracks whose faults are mended."""
    style = load_style(context.shelf, name)
    made = yield from automix(known.tracks, style)
    return _mixed(known, f"Starting mix: {style.title}", made.told, made.moves, {})


def _mixed(
    known: Listened,
    title: str,
    told: Sequence[str],
    moves: Sequence[Move],
    measured: Mapping[str, Quantity],
) -> Way:
    """Put moves that set levels anew after those that mend faults."""
    cures = planned(_cures(known), 0)
    why = " ".join((*told, _said_of(cures.faults))).strip()
    return Way(title, why, joined(cures.moves, moves), cures.told, _confidence(known), measured)


def _cures(known: Listened) -> list[Fault]:
    return [one for one in known.faults if not one.is_taste and one.kind not in _SET_ANEW]


def _said_of(cured: tuple[Fault, ...]) -> str:
    if not cured:
        return ""
    mended = counted(sum(bool(one.moves) for one in cured), "fault is", "faults are")
    return f"Before that, {mended} mended."


def _confidence(known: Listened) -> float:
    """As sure as it is what the tracks play."""
    sure = [one.guess.confidence for one in known.tracks if one.sounds]
    return sum(sure) / len(sure) if sure else 0.0
