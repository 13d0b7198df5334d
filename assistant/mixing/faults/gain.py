"""Tracks that are too loud or too soft for what they play.

How loud a track is to be is a matter of taste within what good mixes do, and is told as such, from
1 dB on. What stands where hardly any good mix has it is a fader that was left wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from assistant.mixing.balance import Balance, Standing, standings
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_gains"]

TOLD_DB = 1.0
WRONG = 2.5  # spreads: beyond them lies one track in eighty
WRONG_DB = 6.0
FEWEST = 4  # tracks that tell what the balance of a song is
WORST_DB = 18.0
TASTE_SEVERITY = 0.4


def find_gains(tracks: Sequence[Track], balance: Balance) -> tuple[Fault, ...]:
    """Find what is too loud or too soft.

    Parameters
    ----------
    tracks : sequence of Track
        Of one session.
    balance : Balance
        What to hold them against.

    Returns
    -------
    tuple of Fault
        Of the kind ``"gain"``, one for each track that is 1 dB or more from its place, with what
        brings it there. No taste where it is more than 2.5 times as far from it as good mixes
        stray, its role is known by more than its sound, and enough others tell the level of the
        song.
    """
    stands = standings(tracks, balance)
    return tuple(_told(stands, balance))


def _told(stands: Sequence[Standing], balance: Balance) -> Iterator[Fault]:
    for one in stands:
        if abs(one.gain_db) >= TOLD_DB:
            yield _fault(one, balance, known=len(stands) >= FEWEST)


def _fault(one: Standing, balance: Balance, *, known: bool) -> Fault:
    """Tell of one track; `known` says whether enough others tell what its level is to be."""
    over = -one.gain_db
    wrong = known and _is_named(one) and abs(one.strays) > WRONG and abs(over) > WRONG_DB
    severity = min(1.0, abs(over) / WORST_DB)
    why = _why(one, balance)
    return Fault(
        "gain",
        (one.track.name,),
        severity=severity if wrong else TASTE_SEVERITY * severity,
        value=over,
        unit="dB",
        confidence=one.track.guess.confidence * -math.expm1(-0.5 * one.strays**2),
        why=why,
        listen_for=_listen_for(one),
        is_taste=not wrong,
        evidence={
            "loudness": Reading(one.loudness, "LUFS"),
            "its place": Reading(one.place, "LUFS"),
            "good mixes stray by": Reading(one.spread_lu, "LU"),
        },
        moves=(Move(one.track.name, "gain_db", one.gain_db, why, "change"),),
    )


def _is_named(one: Standing) -> bool:
    """Tell whether more than the sound says what it plays: its name, or the musician."""
    guess = one.track.guess
    return guess.by_name is not None or guess.confidence >= 1.0


def _why(one: Standing, balance: Balance) -> str:
    over = -one.gain_db
    shared = f" {one.mates:.0f} tracks share that place." if one.mates >= 1.5 else ""
    return (
        f"{one.track.name} sounds at {one.loudness:.1f} LUFS; as {_part(one)} it stands"
        f" {abs(over):.1f} dB {'over' if over > 0.0 else 'under'} its place in a {balance.title}"
        f" balance of this song.{shared}"
    )


def _part(one: Standing) -> str:
    leads = one.leads and one.track.role is not Role.LEAD_VOCAL
    return "what leads where nobody sings" if leads else one.track.role.words


def _listen_for(one: Standing) -> str:
    if one.gain_db > 0.0:
        return f"whether {one.track.name} can be followed all through, at low volume too"
    return f"whether {one.track.name} draws the ear from what leads the song"
