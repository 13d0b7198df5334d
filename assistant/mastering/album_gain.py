"""The one gain of an album: how loud all its tracks get together, and which of them stops it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from assistant.dsp.drive import Drive, follow
from assistant.dsp.gain_search import gain_reaching
from assistant.dsp.kweighting import Energies
from assistant.dsp.loudness import gated_loudness
from assistant.errors import TargetError
from assistant.mastering.mastered import MOST_LIMITING_DB, Goal, rounded_down
from assistant.mastering.shaping import shape
from assistant.mastering.ways import Way
from assistant.mastering.wording import PLAINLY_HEARD_DB
from assistant.material import Scratch, Session
from assistant.steps import part

__all__ = ["Drives", "Rule", "drives_of", "gain_for", "held_together"]

Rule: TypeAlias = Literal["whole", "loudest"]


@dataclass(frozen=True, eq=False)
class Drives:
    """The tracks of an album, each in front of a limiter.

    Parameters
    ----------
    names : tuple of str
        Of the tracks.
    each : tuple of Drive
        Of the tracks.
    """

    names: tuple[str, ...]
    each: tuple[Drive, ...]

    @property
    def headroom_db(self) -> float:
        """The gain that takes the highest true peak of all to the ceiling."""
        return min(drive.headroom_db for drive in self.each)

    @property
    def tightest(self) -> str:
        """The track that has that peak."""
        return min(zip(self.each, self.names, strict=True), key=lambda one: one[0].headroom_db)[1]

    def loudness_at(self, gain_db: float, rule: Rule) -> Generator[float, None, float]:
        """Tell how loud the album comes out by a rule, in LUFS."""
        heard: list[Energies] = []
        share = 1.0 / len(self.each)
        for drive in self.each:
            heard.append((yield from part(drive.heard_at(gain_db), len(heard) * share, share)))
        if rule == "loudest":
            return max(gated_loudness(one) for one in heard)
        return gated_loudness(np.concatenate(heard))

    def sensible(self, rule: Rule) -> Generator[float, None, float]:
        """Tell the loudness at which no track takes more than 8 dB of limiting, in LUFS."""
        return rounded_down(
            (yield from self.loudness_at(self.headroom_db + PLAINLY_HEARD_DB, rule))
        )


def drives_of(
    session: Session, way: Way, goal: Goal, scratch: Scratch
) -> Generator[float, None, Drives]:
    """Do what a way does to every track, and put each in front of a limiter.

    Parameters
    ----------
    session : Session
        The tracks.
    way : Way
        What to do to all of them alike.
    goal : Goal
        With the ceiling and the rate.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Drives
        One a track.
    """
    drives: list[Drive] = []
    share = 1.0 / len(session.stems)
    for stem in session.stems:
        shaping = shape(stem.audio, way, 0.0, goal.rate_hz, scratch, linear_phase=goal.linear_phase)
        begun = len(drives) * share
        shaped = yield from part(shaping, begun, 0.75 * share)
        following = follow(shaped.audio, goal.ceiling_db, scratch)
        drives.append((yield from part(following, begun + 0.75 * share, 0.25 * share)))
    return Drives(tuple(stem.name for stem in session.stems), tuple(drives))


def gain_for(drives: Drives, goal: Goal, rule: Rule) -> Generator[float, None, float]:
    """Find the one gain.

    Parameters
    ----------
    drives : Drives
        The tracks.
    goal : Goal
        What to reach.
    rule : str
        Whether the album as a whole or its loudest track reaches it.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float
        In dB; as far as the peaks let it where nothing may be limited.

    Raises
    ------
    TargetError
        Where the loudness is out of reach.
    """

    def loudness_at(gain_db: float) -> Generator[float, None, float]:
        return drives.loudness_at(gain_db, rule)

    most_db = drives.headroom_db + (MOST_LIMITING_DB if goal.limits else 0.0)
    start = goal.level - (yield from part(loudness_at(0.0), 0.0, 0.1))
    search = gain_reaching(loudness_at, goal.level, start, most_db)
    found = yield from part(search, 0.1, 0.8)
    if found is None and not goal.limits:
        return drives.headroom_db
    if found is None:
        loudest = yield from part(loudness_at(most_db), 0.9, 0.05)
        sensible = yield from part(drives.sensible(rule), 0.95, 0.05)
        raise TargetError(
            f"{goal.loudness:z.1f} LUFS under {goal.ceiling_db:z.1f} dBTP is out of reach for this"
            f" album: with {MOST_LIMITING_DB:g} dB of limiting in {drives.tightest}, whose peaks"
            f" come to the ceiling first, it comes to {loudest:z.1f} LUFS. The nearest sensible"
            f" target is {sensible:z.1f} LUFS."
        )
    return found


def held_together(
    session: Session, ways: Sequence[Way], goal: Goal, rule: Rule, scratch: Scratch
) -> Generator[float, None, Goal]:
    """Find the loudness that an album reaches in all ways without limiting.

    Parameters
    ----------
    session : Session
        The tracks.
    ways : sequence of Way
        That are to be as loud as each other.
    goal : Goal
        What is asked for.
    rule : str
        Whether the album as a whole or its loudest track reaches it.
    scratch : callable
        Makes float32 arrays.

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
        work = drives_of(session, way, goal, scratch)
        drives = yield from part(work, n * share, 0.9 * share)
        listening = drives.loudness_at(drives.headroom_db, rule)
        reached = yield from part(listening, (n + 0.9) * share, 0.1 * share)
        held = held.held(reached, way.title)
    return held
