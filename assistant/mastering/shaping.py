"""All that is done to a mix before its loudness, in order: tone, width, dynamics, sample rate."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from assistant.dsp.band_levels import listen as listen_to_bands
from assistant.dsp.equaliser import equalise
from assistant.dsp.multiband import compress
from assistant.dsp.resampling import resample
from assistant.mastering.dynamics import Decision, body
from assistant.mastering.dynamics import advise as advise_dynamics
from assistant.mastering.matching import apply as apply_match
from assistant.mastering.space import apply as apply_width
from assistant.mastering.ways import Way
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Shaped", "shape"]


@dataclass(frozen=True, eq=False)
class Shaped:
    """A mix before its loudness, and what was decided on the way.

    Parameters
    ----------
    audio : Audio
        At the rate it is delivered at; the mix itself where nothing was to be done.
    held : tuple of Decision
        What was compressed, and why.
    """

    audio: Audio
    held: tuple[Decision, ...] = ()


def shape(
    audio: Audio,
    way: Way,
    limiting_db: float,
    rate_hz: int,
    scratch: Scratch,
    *,
    linear_phase: bool = False,
) -> Generator[float, None, Shaped]:
    """Shape a mix.

    Parameters
    ----------
    audio : Audio
        The mix.
    way : Way
        What to do.
    limiting_db : float
        How far its peaks will stand over the ceiling.
    rate_hz : int
        To deliver at.
    scratch : callable
        Makes float32 arrays.
    linear_phase : bool
        Whether the equaliser leaves the phase alone.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Shaped
        Converted before the limiter, which so keeps the ceiling at the rate of the file.
    """
    toned = yield from part(
        equalise(audio, way.bands, scratch, linear_phase=linear_phase), 0.0, 0.2
    )
    if way.match is not None:
        toned = yield from part(apply_match(toned, way.match, scratch), 0.2, 0.2)
    wide = yield from part(apply_width(toned, way.width, scratch), 0.4, 0.1)
    held: tuple[Decision, ...] = ()
    if way.dynamics > 0.0:
        levels = yield from part(listen_to_bands(wide, scratch), 0.5, 0.2)
        held = advise_dynamics(
            levels, density=way.density, limiting_db=limiting_db, amount=way.dynamics
        )
        if way.body and not any(decision.compressor.band is None for decision in held):
            taste = body(levels, way.dynamics)
            held = (*held, taste) if taste else held
        wanted = [decision.compressor for decision in held]
        wide = yield from part(compress(wide, levels, wanted, scratch), 0.7, 0.2)
    made = yield from part(resample(wide, rate_hz, scratch), 0.9, 0.1)
    yield 1.0
    return Shaped(made, held)
