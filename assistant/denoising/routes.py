"""Which way a take is cleaned: as an instrument, as singing, or as speech.

Whatever is not surely a voice goes the way of instruments, and so does a voice behind which the
net for voices would take away tones, or more than there is noise: that is music that nobody gave
for noise.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal, NamedTuple, TypeAlias

from assistant.denoising.levels import levels_of
from assistant.denoising.material_class import Class
from assistant.dsp.deep_filter import noise_behind_voice
from assistant.dsp.least_taken import least_taken
from assistant.dsp.noise_print import Print
from assistant.dsp.noise_removal import noise_in
from assistant.dsp.tonal_share import tonal_share
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Route", "Taken", "noise_of"]

Route: TypeAlias = Literal["speech", "singing", "instrument"]

MOST_OVER_DB = 4.0  # of the noise by its print: what the net takes beyond is the take
MOST_TONAL = 0.15  # of what is taken from behind a voice: a crowd has 0.13, a guitar over 0.25


class Taken(NamedTuple):
    """What is noise in a take.

    Parameters
    ----------
    noise : Audio
        As long as the take; what is left without it is the take without noise.
    route : str
        The way that was gone.
    why : str
        What decided, in a sentence; empty where the class alone did.
    """

    noise: Audio
    route: Route
    why: str


def noise_of(
    take: Audio, class_: Class, print_: Print, scratch: Scratch
) -> Generator[float, None, Taken]:
    """Tell what of a take is noise.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    class_ : str
        What is on it.
    print_ : Print
        Of its noise.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Taken
        All of it; how much of it is taken away is another's to decide.
    """
    if class_ == "speech":
        noise = yield from part(noise_behind_voice(take, scratch), 0.0, 0.7)
        doubt = yield from part(_doubt(noise, print_), 0.7, 0.1)
        if not doubt:
            return Taken(noise, "speech", "")
        noise = yield from part(noise_in(take, print_, scratch), 0.8, 0.2)
        return Taken(noise, "instrument", doubt)
    if class_ == "singing":
        voice = yield from part(noise_behind_voice(take, scratch), 0.0, 0.6)
        steady = yield from part(noise_in(take, print_, scratch), 0.6, 0.3)
        both = yield from part(least_taken(take, (voice, steady), scratch), 0.9, 0.1)
        return Taken(both, "singing", "")
    return Taken((yield from noise_in(take, print_, scratch)), "instrument", "")


def _doubt(noise: Audio, print_: Print) -> Generator[float, None, str]:
    """Say why what the net takes away is more than noise; nothing where it is noise."""
    levels = yield from part(levels_of(noise), 0.0, 0.3)
    over_db = levels.all_db - print_.level_db
    if over_db > MOST_OVER_DB:
        return (
            f"The net for voices would take away {over_db:.0f} dB more than there is noise, so the"
            " take is cleaned as music."
        )
    tones = yield from part(tonal_share(noise), 0.3, 0.7)
    if tones > MOST_TONAL:
        return (
            f"Behind the voice {100.0 * tones:.0f} % of what the net for voices calls noise are"
            " held tones, so the take is cleaned as music."
        )
    return ""
