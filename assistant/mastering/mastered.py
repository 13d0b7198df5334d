"""One master of one mix: shaped, brought to its loudness, finished, and measured."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace

from assistant.contract import Codec
from assistant.dsp.drive import Drive, Master, follow, low_end
from assistant.dsp.loudness import Loudness, metering
from assistant.dsp.stereo import Image, picture
from assistant.errors import TargetError
from assistant.mastering.finishing import Delivery, Finished, finish
from assistant.mastering.heard import HeardMix
from assistant.mastering.shaping import Shaped, shape
from assistant.mastering.ways import Way
from assistant.mastering.wording import PLAINLY_HEARD_DB
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = [
    "MOST_LIMITING_DB",
    "Goal",
    "Mastered",
    "drive_of",
    "master",
    "rounded_down",
    "sensible_loudness",
]


MOST_LIMITING_DB = 20.0  # beyond this it is another piece of music


@dataclass(frozen=True, slots=True)
class Goal:
    """What a master is to reach, and as what file.

    Parameters
    ----------
    loudness : float
        Integrated, in LUFS.
    ceiling_db : float
        Highest true peak, in dBTP.
    rate_hz : int
        Of the file.
    delivery : Delivery
        Depth, dither and codecs.
    limits : bool
        Whether peaks may be limited at all.
    linear_phase : bool
        Whether the equaliser leaves the phase alone.
    held_at : float, optional
        The loudness at which all ways are held where not all of them reach the one asked for.
    held_by : str
        The title of the way that gets no louder than that.
    """

    loudness: float
    ceiling_db: float
    rate_hz: int
    delivery: Delivery
    limits: bool = True
    linear_phase: bool = False
    held_at: float | None = None
    held_by: str = ""

    @property
    def level(self) -> float:
        """The loudness to go to, in LUFS."""
        return self.loudness if self.held_at is None else self.held_at

    def held(self, reached: float, by: str) -> Goal:
        """Hold it at what a way reaches, where that is less."""
        return replace(self, held_at=reached, held_by=by) if reached < self.level else self


@dataclass(frozen=True, eq=False)
class Mastered:
    """A master with all that is told of it.

    Parameters
    ----------
    way : Way
        What was done before its loudness.
    shaped : Shaped
        The mix after that.
    drive : Drive
        With that in it.
    finished : Finished
        The sound.
    loudness : Loudness
        Of the sound.
    image : Image
        Of the sound.
    sensible : float, optional
        The loudness that 8 dB of limiting give, where it took more.
    """

    way: Way
    shaped: Shaped
    drive: Drive
    finished: Finished
    loudness: Loudness
    image: Image
    sensible: float | None = None

    @property
    def audio(self) -> Audio:
        """The sound."""
        return self.finished.kept.audio


def master(
    audio: Audio,
    heard: HeardMix,
    way: Way,
    goal: Goal,
    tool: Codec | None,
    scratch: Scratch,
) -> Generator[float, None, Mastered]:
    """Master a mix in one way.

    Parameters
    ----------
    audio : Audio
        The mix.
    heard : HeardMix
        What was heard in it.
    way : Way
        What to do.
    goal : Goal
        What to reach.
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
    Mastered
        At the loudness, or as near to it as it gets without a limiter where none is wanted.

    Raises
    ------
    TargetError
        Where the loudness is out of reach, with the reason and the nearest sensible target.
    """
    shaped, drive = yield from part(drive_of(audio, heard, way, goal, scratch), 0.0, 0.5)

    def make() -> Generator[float, None, Master]:
        if not goal.limits:
            gain_db = yield from part(drive.gain_for(goal.level, 0.0), 0.0, 0.5)
            gain_db = drive.headroom_db if gain_db is None else gain_db
            return (yield from part(drive.master(gain_db), 0.5, 0.5))
        made = yield from drive.master_at(goal.loudness, MOST_LIMITING_DB)
        if made is None:
            raise (yield from _out_of_reach(shaped.audio, heard, drive, goal))
        return made

    finished = yield from part(finish(drive, make, goal.delivery, tool, scratch), 0.5, 0.4)
    sound = finished.kept.audio
    loudness = yield from part(metering(sound), 0.9, 0.05)
    image = yield from part(picture(sound), 0.95, 0.05)
    sensible = None
    if finished.master.limiting_db > PLAINLY_HEARD_DB:
        sensible = yield from part(sensible_loudness(drive), 1.0, 0.0)
    return Mastered(way, shaped, drive, finished, loudness, image, sensible)


def drive_of(
    audio: Audio, heard: HeardMix, way: Way, goal: Goal, scratch: Scratch
) -> Generator[float, None, tuple[Shaped, Drive]]:
    """Do what a way does to a mix, and put it in front of the limiter.

    Parameters
    ----------
    audio, heard, way, goal, scratch
        As in `master`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Shaped
        The mix after that.
    Drive
        With that in it.
    """
    limiting_db = heard.limiting_at(goal.loudness, goal.ceiling_db)
    shaping = shape(audio, way, limiting_db, goal.rate_hz, scratch, linear_phase=goal.linear_phase)
    shaped = yield from part(shaping, 0.0, 0.6)
    drive = yield from part(follow(shaped.audio, goal.ceiling_db, scratch), 0.6, 0.4)
    return shaped, drive


def sensible_loudness(drive: Drive) -> Generator[float, None, float]:
    """Return the loudness at 8 dB of limiting, rounded down so that asking for it needs no more.

    Parameters
    ----------
    drive : Drive
        With the sound in it.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    float
        In LUFS.
    """
    loudness = yield from drive.loudness_at(drive.headroom_db + PLAINLY_HEARD_DB)
    return rounded_down(loudness)


def rounded_down(loudness: float) -> float:
    """Round a loudness down to a tenth, so that asking for what is shown takes no more."""
    return math.floor(10.0 * loudness) / 10.0


def _out_of_reach(
    audio: Audio, heard: HeardMix, drive: Drive, goal: Goal
) -> Generator[float, None, TargetError]:
    """Say why a target is out of reach, and what is not."""
    listening = drive.loudness_at(drive.headroom_db + MOST_LIMITING_DB)
    loudest = yield from part(listening, 1.0, 0.0)
    sensible = yield from part(sensible_loudness(drive), 1.0, 0.0)
    return TargetError(
        f"{goal.loudness:z.1f} LUFS under {goal.ceiling_db:z.1f} dBTP is out of reach: even with"
        f" {MOST_LIMITING_DB:g} dB of limiting this comes to {loudest:z.1f} LUFS. Its peaks stand"
        f" {heard.crest:.1f} dB above its loudness,"
        f" {100.0 * low_end(audio):.0f} % of its energy lies below 100 Hz, where loudness hardly"
        f" counts, and it lasts {audio.seconds:.1f} s. The nearest sensible target is"
        f" {sensible:z.1f} LUFS."
    )
