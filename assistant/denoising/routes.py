"""Which way a take is cleaned: as an instrument, as singing, or as speech.

Whatever is not surely a voice goes the way of instruments, and so does a take of which the net for
voices would take away more, over the noise, than it leaves: that is no voice, whatever it was taken
for.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal, NamedTuple, TypeAlias

from assistant.denoising.levels import LOWEST_DB, levels_of
from assistant.denoising.material_class import Class
from assistant.denoising.sums import difference
from assistant.dsp.deep_filter import noise_behind_voice
from assistant.dsp.noise_print import Print
from assistant.dsp.noise_removal import noise_in
from assistant.dsp.voice_noise import noise_behind_singing, noise_behind_speech
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Route", "Taken", "noise_of"]

Route: TypeAlias = Literal["speech", "singing", "instrument"]

_NO_VOICE = (
    "Of what is no noise the net for voices would take away {:.0f} %, so the take is cleaned as"
    " music."
)


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
    if class_ in ("instrument", "mix"):
        return Taken((yield from noise_in(take, print_, scratch)), "instrument", "")
    net = yield from part(noise_behind_voice(take, scratch), 0.0, 0.7)
    lost = yield from part(_lost(take, net, print_, scratch), 0.7, 0.05)
    if lost > 0.5:
        noise = yield from part(noise_in(take, print_, scratch), 0.75, 0.25)
        return Taken(noise, "instrument", _NO_VOICE.format(100.0 * lost))
    behind = noise_behind_speech if class_ == "speech" else noise_behind_singing
    noise = yield from part(behind(take, net, print_, scratch), 0.75, 0.25)
    return Taken(noise, "speech" if class_ == "speech" else "singing", "")


def _lost(
    take: Audio, net: Audio, print_: Print, scratch: Scratch
) -> Generator[float, None, float]:
    """Tell what share of the take without its noise would go, were the net believed."""
    taken = yield from part(levels_of(net), 0.0, 0.5)
    left = yield from part(levels_of(difference(take, net, scratch)), 0.5, 0.5)
    over = max(0.0, _power(taken.all_db) - _power(print_.level_db))
    return over / max(over + _power(left.all_db), _power(LOWEST_DB))


def _power(level_db: float) -> float:
    return float(10.0 ** (level_db / 10.0))
