"""Three ways to clean a take, from what was found in it: how far each goes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from assistant.denoising.routes import Route
from assistant.dsp.decibels import amplitude
from assistant.material import Audio, Scratch

__all__ = ["WAYS", "Removable", "Way", "cleaned", "usual_db"]

MUSIC_DB = 24.0  # as low as music can be cleaned before what is left of the noise rings
VOICE_DB = 36.0  # behind a voice noise is bare in each pause
LESS = 2.0  # for each decibel by which noise swells, as it is told from music the less surely

_BLOCK_FRAMES = 1 << 18


@dataclass(frozen=True, slots=True)
class Way:
    """One way.

    Parameters
    ----------
    title : str
        Of the suggestion.
    words : str
        Of it, in a sentence.
    reach : float
        Of the decibels that were asked for, how many noise goes down by.
    shaping : float
        How much of what is shaped by taste (sibilance, plosives) is done.
    """

    title: str
    words: str
    reach: float
    shaping: float

    def share(self, reduction_db: float) -> float:
        """Tell what share of the noise is taken away, 0.0 to 1.0."""
        return 1.0 - amplitude(-self.reach * reduction_db) if reduction_db > 0.0 else 0.0


WAYS = (
    Way("Balanced", "The one to begin with.", 1.0, 0.75),
    Way("Gentle", "Half as far: the room stays, and nothing is at risk.", 0.5, 0.5),
    Way(
        "Strong",
        "Half as far again: listen to the residual for what is missed, and to the rests for what"
        " rings.",
        1.5,
        1.0,
    ),
)


def usual_db(route: Route, swell_db: float) -> float:
    """Tell how far noise goes down where nobody says how far.

    Parameters
    ----------
    route : str
        By which way it was told from the music.
    swell_db : float
        By how much it swells over its mean.
    """
    return VOICE_DB if route != "instrument" else max(0.0, MUSIC_DB - LESS * swell_db)


@dataclass(frozen=True, eq=False)
class Removable:
    """What can be taken from a take, besides its repairs.

    Parameters
    ----------
    mended : Audio
        The take with its repairs done.
    noise : Audio, optional
        What of it is noise.
    shaped : Audio, optional
        What of the take without noise is too sharp, or bursts.
    """

    mended: Audio
    noise: Audio | None = None
    shaped: Audio | None = None


def cleaned(
    take: Audio, found: Removable, way: Way, reduction_db: float, amount: float, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Clean a take in one way.

    Parameters
    ----------
    take : Audio
        As it came.
    found : Removable
        What can be taken from it.
    way : Way
        How far it goes.
    reduction_db : float
        How far down noise is to go; 0 is not at all.
    amount : float
        How much of everything is done, 0.0 to 1.0.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The take itself where nothing is to be done.
    """
    share = way.share(reduction_db)
    parts = [(found.noise, share), (found.shaped, way.shaping)]
    taken = [(one.samples, np.float32(much)) for one, much in parts if one is not None and much]
    if amount == 0.0 or (found.mended is take and not taken):
        return take
    out = scratch(take.samples.shape)
    for start, block in take.blocks(_BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        made = np.array(found.mended.samples[:, span])
        for samples, much in taken:
            made -= much * samples[:, span]
        out[:, span] = made if amount == 1.0 else block + np.float32(amount) * (made - block)
        yield span.stop / take.frames
    return Audio(out, take.rate)
