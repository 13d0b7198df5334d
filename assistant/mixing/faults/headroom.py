"""Room over the peaks: of the sum of all tracks, and of each track.

A fader or a master of whole numbers cuts off what passes full scale, and mastering wants room to
work in. Floating point keeps it, so a single track that is over is a matter of care, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.mixing.console import MIX
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.heard import Heard
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_headroom", "room_left"]

FULL_DB = 0.0
HOT_DB = -3.0  # true peak of the sum, from which there is little room left
ROOM_DB = 6.0  # to leave over the peaks of the sum
OVER_DB = 0.1  # of a track: what whole numbers reach is no over
WORST_DB = 12.0


def find_headroom(tracks: Sequence[Track], mix: Heard) -> tuple[Fault, ...]:
    """Find peaks that have no room.

    Parameters
    ----------
    tracks : sequence of Track
        Of one session.
    mix : Heard
        What was heard of their sum, before anything turned it down.

    Returns
    -------
    tuple of Fault
        Of the kind ``"headroom"``. No taste where the sum passes full scale.
    """
    return (*_of_the_sum(mix), *(fault for one in tracks for fault in _of_a_track(one)))


def room_left(found: Sequence[Fault], change_db: float) -> tuple[Fault, ...]:
    """Tell what is left to do about the peaks of a sum once other moves have changed its level.

    Parameters
    ----------
    found : sequence of Fault
        Of all kinds.
    change_db : float
        By how much those moves turn the sum up.

    Returns
    -------
    tuple of Fault
        All of them. The mix is turned down by that much more, or less; where there is room already,
        a taste is gone, and a fault is told without a move.
    """
    return tuple(left for one in found for left in _left(one, change_db))


def _left(one: Fault, change_db: float) -> Iterator[Fault]:
    if one.kind != "headroom" or MIX not in one.targets:
        yield one
        return
    if one.value + change_db > HOT_DB:
        yield replace(one, moves=tuple(_turned(one, change_db)))
    elif not one.is_taste:
        yield replace(one, moves=())


def _turned(one: Fault, change_db: float) -> Iterator[Move]:
    for move in one.moves:
        yield replace(move, value=move.value - change_db)


def _of_the_sum(mix: Heard) -> Iterator[Fault]:
    peak = mix.true_peak_db
    if peak <= HOT_DB:
        return
    over = peak > FULL_DB
    found = f"{peak:.1f} dB over full scale" if over else f"{-peak:z.1f} dB under full scale"
    why = f"The peaks of the sum lie {found}, at {mix.loudness:.1f} LUFS."
    yield Fault(
        "headroom",
        (MIX,),
        severity=min(1.0, 0.6 + peak / WORST_DB) if over else 0.2 * (1.0 - peak / HOT_DB),
        value=peak,
        unit="dBTP",
        confidence=0.99,
        why=why,
        listen_for="cracks on the loudest strokes, where the sum is written as whole numbers"
        if over
        else "nothing yet: this is room for mastering",
        is_taste=not over,
        evidence={
            "true peak": Reading(peak, "dBTP"),
            "loudness": Reading(mix.loudness, "LUFS"),
            "peak to loudness": Reading(mix.peak_to_loudness, "LU"),
        },
        moves=(Move(MIX, "gain_db", -ROOM_DB - peak, why, "change"),),
    )


def _of_a_track(one: Track) -> Iterator[Fault]:
    peak = one.heard.peak_db
    if peak <= OVER_DB:
        return
    why = (
        f"The peaks of {one.name} lie {peak:.1f} dB over full scale: floating point keeps them, a"
        " file or a plug-in of whole numbers cuts them off."
    )
    yield Fault(
        "headroom",
        (one.name,),
        severity=min(0.4, 0.1 + peak / (4.0 * WORST_DB)),
        value=peak,
        unit="dBFS",
        confidence=0.99,
        why=why,
        listen_for=f"cracks in {one.name} once it has been written to a file, or sent through an"
        " old plug-in",
        is_taste=True,
        evidence={"peak": Reading(peak, "dBFS")},
    )
