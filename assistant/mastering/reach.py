"""How loud a way gets with so much limiting, and what follows where that is less than was asked.

Without a limiter the ways stop at different loudnesses, each where its highest peak meets the
ceiling; they are held where the first of them stops, so that they still compare as they are. And
where it is only the moves of the plainest way that take the limiter past what is plainly heard,
as a balance can that brings out the drums, less of them is made.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from assistant.contract import Codec
from assistant.mastering.heard import HeardMix
from assistant.mastering.mastered import Goal, Mastered, drive_of, master
from assistant.mastering.ways import Way
from assistant.mastering.wording import PLAINLY_HEARD_DB
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Gentler", "Mix", "held_together", "loudness_with", "master_gently"]

Gentler: TypeAlias = Callable[[float], Way]
"""Makes a way with a share of its moves, 0.0 to 1.0."""

LESS = {0.5: "made by half", 0.25: "made by a quarter", 0.0: "left out"}
ROOM_LU = 0.02  # what the meters behind the limiter may take


@dataclass(frozen=True, eq=False)
class Mix:
    """What is mastered, and by what means.

    Parameters
    ----------
    audio : Audio
        The mix.
    heard : HeardMix
        What was heard in it.
    tool : Codec, optional
        What makes lossy files.
    scratch : callable
        Makes float32 arrays.
    """

    audio: Audio
    heard: HeardMix
    tool: Codec | None
    scratch: Scratch


def loudness_with(
    limiting_db: float, mix: Mix, way: Way, goal: Goal
) -> Generator[float, None, float | None]:
    """Tell how loud a way gets with so much limiting.

    Parameters
    ----------
    limiting_db : float
        The most to limit, 0.0 for none.
    mix : Mix
        The mix.
    way : Way
        What is done to it before.
    goal : Goal
        With the ceiling and the rate.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float or None
        In LUFS; None where the way comes to nothing, as where there is too little to hold.
    """
    work = drive_of(mix.audio, mix.heard, way, goal, mix.scratch)
    shaped, drive = yield from part(work, 0.0, 0.9)
    if way.body and not shaped.held:
        return None
    return (yield from part(drive.loudness_at(drive.headroom_db + limiting_db), 0.9, 0.1))


def held_together(mix: Mix, ways: Sequence[Way], goal: Goal) -> Generator[float, None, Goal]:
    """Find the loudness that all ways reach without limiting.

    Parameters
    ----------
    mix : Mix
        The mix.
    ways : sequence of Way
        That are to be as loud as each other.
    goal : Goal
        What is asked for.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Goal
        The same where all reach it; else held where the first of them stops.
    """
    share, held = 1.0 / len(ways), goal
    for n, way in enumerate(ways):
        reached = yield from part(loudness_with(0.0, mix, way, goal), n * share, share)
        held = held if reached is None else held.held(reached, way.title)
    return held


def master_gently(
    mix: Mix, way: Way, goal: Goal, gentler: Gentler | None = None
) -> Generator[float, None, Mastered]:
    """Master a mix in one way, with less of its moves where they alone take too much limiting.

    Parameters
    ----------
    mix : Mix
        The mix.
    way : Way
        What to do.
    goal : Goal
        What to reach.
    gentler : callable, optional
        Makes the way with a share of its moves; without one all are made.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Mastered
        With all moves where that takes no more than 8 dB of limiting, or where the mix alone
        takes more too.

    Raises
    ------
    TargetError
        Where the loudness is out of reach.
    """

    def mastered(way: Way) -> Generator[float, None, Mastered]:
        return master(mix.audio, mix.heard, way, goal, mix.tool, mix.scratch)

    made = yield from part(mastered(way), 0.0, 0.9)
    moved = bool(made.way.told or made.shaped.held)
    if gentler is None or made.sensible is None or not moved:
        return made
    share = yield from part(_bearable(mix, goal, gentler), 0.9, 0.05)
    if share is None:
        return made
    told = (
        f"All moves here are {LESS[share]}: in full they would take the limiter to"
        f" {made.finished.master.limiting_db:.2f} dB, past the {PLAINLY_HEARD_DB:g} dB that the mix"
        " alone stays under."
    )
    less = gentler(share)
    kept = f"{less.kept} {told}" if less.kept else told
    return (yield from part(mastered(replace(less, kept=kept)), 0.95, 0.05))


def _bearable(mix: Mix, goal: Goal, gentler: Gentler) -> Generator[float, None, float | None]:
    """Find the share of the moves that stays under 8 dB of limiting; None where not even none."""
    if mix.heard.limiting_at(goal.loudness, goal.ceiling_db) > PLAINLY_HEARD_DB:
        return None  # the limiter takes some loudness too, so that it can only be more
    fits: float | None = None
    for share in (0.0, 0.25, 0.5):
        reached = yield from loudness_with(PLAINLY_HEARD_DB, mix, gentler(share), goal)
        if reached is None or reached < goal.loudness + ROOM_LU:
            break
        fits = share
    return fits
