"""An album: one gain for all its tracks, so that what was quiet beside the others stays quiet.

Either the album as a whole comes to the loudness, all tracks in a row under one gate, or its
loudest track does (AES TD1008). The tone of all tracks is moved alike, by the mean of them, for a
track that is darker than its neighbours is meant to be. Every track has the limiter for itself.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from assistant.contract import Codec
from assistant.dsp.drive import Drive, Master, follow
from assistant.dsp.gain_search import gain_reaching
from assistant.dsp.kweighting import Energies, energies
from assistant.dsp.loudness import Loudness, integrated, measure
from assistant.errors import MaterialError, TargetError
from assistant.mastering.finishing import Finished, finish
from assistant.mastering.heard import HeardMix, hear, mean_spectrum
from assistant.mastering.mastered import MOST_LIMITING_DB, Goal, rounded_down
from assistant.mastering.shaping import shape
from assistant.mastering.ways import Way
from assistant.mastering.wording import PLAINLY_HEARD_DB
from assistant.material import Audio, Scratch, Session, Stem
from assistant.steps import part

__all__ = ["Album", "Rule", "Track", "as_one", "hear_album", "master_album", "own_loudness"]

Rule: TypeAlias = Literal["whole", "loudest"]


@dataclass(frozen=True, eq=False)
class Track:
    """One track of a mastered album.

    Parameters
    ----------
    stem : Stem
        As it came.
    heard : HeardMix
        What was heard in it.
    drive : Drive
        With the shaped track in it.
    finished : Finished
        The master.
    loudness : Loudness
        Of the master.
    """

    stem: Stem
    heard: HeardMix
    drive: Drive
    finished: Finished
    loudness: Loudness

    @property
    def name(self) -> str:
        """As the file is called."""
        return self.stem.name


@dataclass(frozen=True, eq=False)
class Album:
    """A mastered album.

    Parameters
    ----------
    tracks : tuple of Track
        In order.
    gain_db : float
        Into every limiter.
    integrated : float
        Of all tracks in a row, in LUFS.
    """

    tracks: tuple[Track, ...]
    gain_db: float
    integrated: float

    @property
    def loudest(self) -> Track:
        """The loudest track."""
        return max(self.tracks, key=lambda track: track.loudness.integrated)


def hear_album(session: Session) -> Generator[float, None, tuple[HeardMix, ...]]:
    """Listen to every track.

    Parameters
    ----------
    session : Session
        The tracks.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of HeardMix
        One a track.

    Raises
    ------
    MaterialError
        Where one of them has no loudness, with its name.
    """
    every: list[HeardMix] = []
    share = 1.0 / len(session.stems)
    for stem in session.stems:
        try:
            every.append((yield from part(hear(stem.audio), len(every) * share, share)))
        except MaterialError as error:
            raise MaterialError(f"Track {stem.name!r}: {error}") from None
    return tuple(every)


def as_one(heard: Sequence[HeardMix]) -> HeardMix:
    """Return what the tracks have in common, to decide on the tone by.

    Parameters
    ----------
    heard : sequence of HeardMix
        One a track.

    Returns
    -------
    HeardMix
        The loudest, with the mean spectrum of all.
    """
    loudest = max(heard, key=lambda one: one.loudness.integrated)
    return HeardMix(loudest.loudness, mean_spectrum([one.spectrum for one in heard]), loudest.image)


def own_loudness(session: Session, heard: Sequence[HeardMix], rule: Rule) -> float:
    """Tell how loud an album is by a rule, as it came.

    Parameters
    ----------
    session : Session
        The tracks.
    heard : sequence of HeardMix
        One a track.
    rule : str
        Whether the album as a whole counts, or its loudest track.

    Returns
    -------
    float
        In LUFS.
    """
    if rule == "loudest":
        return max(one.loudness.integrated for one in heard)
    return integrated(np.concatenate([_energies(stem.audio) for stem in session.stems]))


def master_album(
    session: Session,
    heard: Sequence[HeardMix],
    way: Way,
    goal: Goal,
    rule: Rule,
    tool: Codec | None,
    scratch: Scratch,
) -> Generator[float, None, Album]:
    """Master an album in one way.

    Parameters
    ----------
    session : Session
        The tracks.
    heard : sequence of HeardMix
        One a track.
    way : Way
        What to do to all of them alike.
    goal : Goal
        What to reach.
    rule : str
        Whether the album as a whole or its loudest track reaches it.
    tool : Codec, optional
        What makes lossy files.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Album
        Its tracks as far from each other as they were, but for what limiting takes.

    Raises
    ------
    TargetError
        Where the loudness is out of reach.
    """
    stems, share = session.stems, 1.0 / len(session.stems)
    drives: list[Drive] = []
    for stem in stems:
        shaping = shape(stem.audio, way, 0.0, goal.rate_hz, scratch, linear_phase=goal.linear_phase)
        begun = 0.4 * len(drives) * share
        shaped = yield from part(shaping, begun, 0.3 * share)
        following = follow(shaped.audio, goal.ceiling_db, scratch)
        drives.append((yield from part(following, begun + 0.3 * share, 0.1 * share)))
    gain_db = yield from part(_gain(drives, goal, rule), 0.4, 0.1)
    tracks: list[Track] = []
    for stem, one, drive in zip(stems, heard, drives, strict=True):
        work = _track(stem, one, drive, gain_db, goal, tool, scratch)
        tracks.append((yield from part(work, 0.5 + 0.5 * len(tracks) * share, 0.5 * share)))
    whole = np.concatenate([_energies(track.finished.kept.audio) for track in tracks])
    return Album(tuple(tracks), gain_db, integrated(whole))


def _gain(drives: Sequence[Drive], goal: Goal, rule: Rule) -> Generator[float, None, float]:
    """Find the one gain."""

    def loudness_at(gain_db: float) -> float:
        heard = [drive.heard_at(gain_db) for drive in drives]
        if rule == "loudest":
            return max(integrated(one) for one in heard)
        return integrated(np.concatenate(heard))

    headroom_db = min(drive.headroom_db for drive in drives)
    most_db = headroom_db + (MOST_LIMITING_DB if goal.limits else 0.0)
    start = goal.loudness - loudness_at(0.0)
    found = yield from gain_reaching(loudness_at, goal.loudness, start, most_db)
    if found is None and not goal.limits:
        return headroom_db
    if found is None:
        raise TargetError(
            f"{goal.loudness:.1f} LUFS under {goal.ceiling_db:.1f} dBTP is out of reach for this"
            f" album: even with {MOST_LIMITING_DB:g} dB of limiting it comes to"
            f" {loudness_at(most_db):.1f} LUFS. The nearest sensible target is"
            f" {rounded_down(loudness_at(headroom_db + PLAINLY_HEARD_DB)):.1f} LUFS."
        )
    return found


def _track(
    stem: Stem,
    heard: HeardMix,
    drive: Drive,
    gain_db: float,
    goal: Goal,
    tool: Codec | None,
    scratch: Scratch,
) -> Generator[float, None, Track]:
    def make() -> Generator[float, None, Master]:
        return drive.master(gain_db)

    finished = yield from part(finish(drive, make, goal.delivery, tool, scratch), 0.0, 0.9)
    loudness = measure(finished.kept.audio)
    yield 1.0
    return Track(stem, heard, drive, finished, loudness)


def _energies(audio: Audio) -> Energies:
    return energies(audio.samples, audio.rate)
