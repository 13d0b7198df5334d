"""All that is found in a take, and all that could be taken from it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from assistant.contract import Progress, telling
from assistant.denoising import material_class
from assistant.denoising.asked import Asked
from assistant.denoising.findings import Finding
from assistant.denoising.given import check_noise, noise_alone
from assistant.denoising.levels import (
    LOWEST_DB,
    WINDOW_SECONDS,
    Powers,
    levels_of,
    powers_of,
)
from assistant.denoising.material_class import Heard
from assistant.denoising.mending import Repair, mend
from assistant.denoising.routes import Taken, noise_of
from assistant.denoising.shaping import shape
from assistant.denoising.telling import tell_clicks, tell_clipping, tell_hum, tell_noise
from assistant.denoising.ways import Removable, usual_db
from assistant.dsp.clicks import declick, find_clicks
from assistant.dsp.declip import declip
from assistant.dsp.hum import Hum, find_hum, without_hum
from assistant.dsp.noise_fit import fits
from assistant.dsp.noise_pauses import LEAST_SECONDS, SILENT_DB, find_print
from assistant.dsp.noise_print import Print, print_of
from assistant.dsp.walls import find_walls
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Listened", "listen"]

MATTERS_DB = 45.0  # under the loud parts: what is fainter is left alone
_MENDED, _CLASSED, _KNOWN, _TAKEN = 0.35, 0.45, 0.5, 0.9  # of it: what is done by then
_NO_PAUSE = (
    "There is no pause in which the noise sounds alone, so none is taken away: mark one with pause,"
    " or give a print."
)
_NONE_KEPT = "So there is no print to keep, either."
_FAINT = "The noise lies {:.0f} dB under the loud parts, too faint to be worth any risk."
_NARROW = 0.9  # of the rate of the take: from there on it matters what a print does not know
_NARROW_PRINT = "The print ends at {:.3g} kHz; noise above that is left."


@dataclass(frozen=True, eq=False)
class Listened:
    """What is known of a take.

    Parameters
    ----------
    removable : Removable
        What can be taken from it.
    findings : tuple of Finding
        What was found, in the order of the repairs.
    heard : Heard
        What is on the take.
    print : Print, optional
        Of its noise.
    notes : tuple of str
        Sentences on what was decided.
    taken : Taken, optional
        What of it is noise, and by which way that was told.
    """

    removable: Removable
    findings: tuple[Finding, ...]
    heard: Heard
    print: Print | None
    notes: tuple[str, ...]
    taken: Taken | None

    @property
    def has_ways(self) -> bool:
        """Whether there is anything that one can go further or less far with."""
        return self.removable.noise is not None or self.removable.shaped is not None

    @property
    def usual_db(self) -> float:
        """How far its noise goes down unless another depth is asked for."""
        if self.taken is None or self.print is None:
            return 0.0
        return usual_db(self.taken.route, self.print.swell_db)

    @property
    def confidence(self) -> float:
        """How sure all of it is, 0.0 to 1.0: as sure as what is least sure."""
        told = [one.confidence for one in self.findings]
        return min([*told, self.heard.confidence if self.taken else 1.0])


class _Noise(NamedTuple):
    """A print that goes with the take, and what is to be said of it."""

    print: Print | None
    notes: tuple[str, ...]


class _Separated(NamedTuple):
    """What of a take is noise, and what is to be said of it."""

    taken: Taken | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def listen(
    take: Audio, asked: Asked, share: float, scratch: Scratch
) -> Generator[Progress, None, Listened]:
    """Find what is wrong with a take, mend what is broken, and tell the rest apart from the music.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    asked : Asked
        What is asked.
    share : float
        What of the whole work this is; it is the first.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    Progress
        Of the whole work.

    Returns
    -------
    Listened
        All of it.

    Raises
    ------
    MaterialError
        Where the noise that was given or marked is none that can be learned from.
    """
    check_noise(take, asked)
    repairs = _repairs(asked, noise_alone(take, asked))
    mended = yield from mend(take, repairs, 0.0, _MENDED * share, scratch)
    audio, findings = mended.audio, list(mended.findings)
    heard = yield from _heard(audio, asked, _MENDED * share, (_CLASSED - _MENDED) * share)
    hums = any(one.kind == "hum" for one in findings)
    work = _noise(audio, asked, scratch, hums=hums)
    noise = yield from telling(
        work, "looking for the noise", _CLASSED * share, (_KNOWN - _CLASSED) * share
    )
    told = yield from telling(
        _separated(audio, asked, heard, noise.print, scratch),
        "telling noise", _KNOWN * share, (_TAKEN - _KNOWN) * share,
    )  # fmt: skip
    taken = told.taken
    work_ = shape(audio, taken.noise if taken else None, heard.name, asked.shares, scratch)
    shaped = yield from telling(
        work_, "listening to s and p", _TAKEN * share, (1.0 - _TAKEN) * share
    )
    return Listened(
        Removable(audio, taken.noise if taken else None, shaped.taken),
        (*findings, *told.findings, *shaped.findings),
        heard,
        noise.print,
        (*noise.notes, *told.notes),
        taken,
    )


def _repairs(asked: Asked, noise: Audio | None) -> tuple[Repair, ...]:
    """Return the repairs in their order: each one wants what went before it undone."""
    return (
        Repair(
            "looking for clipping", "making up what was cut off", find_walls, declip, tell_clipping,
            asked.shares["declip"], 1.0,
        ),
        Repair(
            "looking for clicks", "mending clicks", find_clicks, declick, tell_clicks,
            asked.shares["declick"], 3.0,
        ),
        Repair(
            "looking for hum", "taking hum out", partial(find_hum, noise=noise), _without_hum,
            tell_hum,
            asked.shares["dehum"], 2.0,
        ),
    )  # fmt: skip


def _without_hum(audio: Audio, hum: Hum, scratch: Scratch) -> Generator[float, None, Audio]:
    return without_hum(audio, hum, 1.0, scratch)


def _heard(
    audio: Audio, asked: Asked, begun: float, share: float
) -> Generator[Progress, None, Heard]:
    """Tell what is on the take, unless that was said."""
    if asked.material == "auto":
        return (yield from telling(material_class.hear(audio), "listening", begun, share))
    return Heard(asked.material, 1.0, f"It is taken for {asked.material}, as was said.")  # type: ignore[arg-type]


def _noise(
    audio: Audio, asked: Asked, scratch: Scratch, *, hums: bool
) -> Generator[float, None, _Noise]:
    """Get the print of the noise: given, of a marked pause, or of pauses that are found."""
    if asked.reduction_db == 0.0 and not asked.keep_print:
        yield 1.0
        return _Noise(None, ())
    if (given := asked.print) is not None:
        if hums:  # it is gone from the take, so it is not looked for there any more
            hum = yield from part(find_hum(given), 0.0, 0.2)
            given = yield from part(without_hum(given, hum, 1.0, scratch), 0.2, 0.1)
        fit = yield from part(fits(print_of(given, 0.0, given.seconds), audio), 0.3, 0.7)
        narrow = fit.noise is not None and given.rate < _NARROW * audio.rate
        ends = _NARROW_PRINT.format(given.rate / 2000.0) if narrow else ""
        return _Noise(fit.noise, tuple(one for one in (fit.why, ends) if one))
    if asked.pause_seconds is not None:
        yield 1.0
        return _Noise(print_of(audio, *asked.pause_seconds, how="range"), ())
    found = yield from part(find_print(audio), 0.0, 0.9)
    if found is not None:
        return _Noise(found, ())
    powers = yield from part(powers_of(audio), 0.9, 0.1)
    return _Noise(None, (_why_none(powers), *([_NONE_KEPT] if asked.keep_print else [])))


def _why_none(powers: Powers) -> str:
    """Say why there is no print: because nothing is to be heard in the rests, or there are none."""
    silent = powers < 10.0 ** (SILENT_DB / 10.0)
    if silent.all():
        return "The take is silent."
    if np.count_nonzero(silent) * WINDOW_SECONDS >= LEAST_SECONDS:
        return "Its rests are silent: there is no noise in them."
    return _NO_PAUSE


def _separated(
    audio: Audio, asked: Asked, heard: Heard, print_: Print | None, scratch: Scratch
) -> Generator[float, None, _Separated]:
    """Tell noise and music apart, where there is enough of it to matter."""
    if print_ is None or asked.reduction_db == 0.0:
        return _Separated()
    if print_.level_db <= LOWEST_DB:
        return _Separated(notes=("The noise print is silent, so there is nothing to go by.",))
    levels = yield from part(levels_of(audio), 0.0, 0.05)
    under_db = levels.loud_db - print_.level_db
    if under_db > MATTERS_DB:
        return _Separated(notes=(_FAINT.format(under_db),))
    taken = yield from part(noise_of(audio, heard.name, print_, scratch), 0.05, 0.95)
    notes = (taken.why,) if taken.why else ()
    return _Separated(taken, (tell_noise(print_, under_db),), notes)
