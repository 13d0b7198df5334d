"""An album: one gain for all its tracks, so that what was quiet beside the others stays quiet.

Either the album as a whole comes to the loudness, all tracks in a row under one gate, or its
loudest track does (AES TD1008). The tone of all tracks is moved alike, by the mean of them, for a
track that is darker than its neighbours is meant to be. Every track has the limiter for itself.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.contract import Codec
from assistant.dsp.drive import Drive, Master
from assistant.dsp.kweighting import Energies
from assistant.dsp.loudness import Loudness, gated_loudness, metering, tenths
from assistant.errors import MaterialError
from assistant.mastering.album_gain import Rule, drives_of, gain_for
from assistant.mastering.finishing import Finished, finish
from assistant.mastering.heard import HeardMix, hear, mean_spectrum
from assistant.mastering.mastered import Goal
from assistant.mastering.ways import Way
from assistant.mastering.wording import PLAINLY_HEARD_DB
from assistant.material import Audio, Scratch, Session, Stem
from assistant.steps import part, result

__all__ = ["Album", "Track", "as_one", "hear_album", "master_album", "own_loudness"]


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
    rule : str
        Whether the album as a whole counts, or its loudest track.
    sensible : float, optional
        What that is where the track that is limited most takes 8 dB, if it takes more here.
    """

    tracks: tuple[Track, ...]
    gain_db: float
    integrated: float
    rule: Rule
    sensible: float | None = None

    @property
    def reached(self) -> float:
        """What it comes to by the rule, in LUFS."""
        return self.loudest.loudness.integrated if self.rule == "loudest" else self.integrated

    @property
    def loudest(self) -> Track:
        """The loudest track."""
        return max(self.tracks, key=lambda track: track.loudness.integrated)

    @property
    def tightest(self) -> Track:
        """The track whose peaks come to the ceiling first."""
        return min(self.tracks, key=lambda track: track.drive.headroom_db)


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
    return gated_loudness(np.concatenate([_energies(stem.audio) for stem in session.stems]))


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
    drives = yield from part(drives_of(session, way, goal, scratch), 0.0, 0.4)
    gain_db = yield from part(gain_for(drives, goal, rule), 0.4, 0.1)
    tracks: list[Track] = []
    for stem, one, drive in zip(stems, heard, drives.each, strict=True):
        work = _track(stem, one, drive, gain_db, goal, tool, scratch)
        tracks.append((yield from part(work, 0.5 + 0.5 * len(tracks) * share, 0.5 * share)))
    whole = gated_loudness(np.concatenate([_energies(one.finished.kept.audio) for one in tracks]))
    most_db = max(track.finished.master.limiting_db for track in tracks)
    sensible = None
    if most_db > PLAINLY_HEARD_DB:
        sensible = yield from part(drives.sensible(rule), 1.0, 0.0)
    return Album(tuple(tracks), gain_db, whole, rule, sensible)


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
    loudness = yield from part(metering(finished.kept.audio), 0.9, 0.1)
    return Track(stem, heard, drive, finished, loudness)


def _energies(audio: Audio) -> Energies:
    return result(tenths(audio.samples, audio.rate))
