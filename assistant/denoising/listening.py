"""All that is found in a take, and all that could be taken from it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from assistant.contract import Progress, telling
from assistant.denoising import material_class
from assistant.denoising.asked import Asked
from assistant.denoising.findings import Finding
from assistant.denoising.levels import LOWEST_DB, levels_of
from assistant.denoising.material_class import Heard
from assistant.denoising.mending import Repair, mend
from assistant.denoising.routes import Taken, noise_of
from assistant.denoising.shaping import shape
from assistant.denoising.telling import tell_clicks, tell_clipping, tell_hum, tell_noise
from assistant.denoising.ways import Removable
from assistant.dsp.clicks import declick, find_clicks
from assistant.dsp.declip import declip
from assistant.dsp.hum import Hum, find_hum, without_hum
from assistant.dsp.noise_fit import fits
from assistant.dsp.noise_pauses import find_print
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
    def confidence(self) -> float:
        """How sure all of it is, 0.0 to 1.0: as sure as what is least sure."""
        told = [one.confidence for one in self.findings]
        return min([*told, self.heard.confidence if self.taken else 1.0])


class _Noise(NamedTuple):
    """A print that goes with the take, and what is to be said of it."""

    print: Print | None
    notes: tuple[str, ...]


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
    """
    repairs = _repairs(asked, _noise_alone(take, asked))
    mended = yield from mend(take, repairs, 0.0, _MENDED * share, scratch)
    audio, findings = mended.audio, list(mended.findings)
    heard = yield from _heard(audio, asked, _MENDED * share, (_CLASSED - _MENDED) * share)
    hums = any(one.kind == "hum" for one in findings)
    work = _noise(audio, asked, scratch, hums=hums)
    noise = yield from telling(
        work, "looking for the noise", _CLASSED * share, (_KNOWN - _CLASSED) * share
    )
    taken = None
    if noise.print is not None and asked.reduction_db > 0.0:
        levels = yield from telling(levels_of(audio), "measuring", _KNOWN * share, 0.0)
        under_db = levels.loud_db - noise.print.level_db
        if under_db <= MATTERS_DB and noise.print.level_db > LOWEST_DB:
            findings.append(tell_noise(noise.print, under_db))
            separating = noise_of(audio, heard.name, noise.print, scratch)
            left = (_TAKEN - _KNOWN) * share
            taken = yield from telling(separating, "telling noise", _KNOWN * share, left)
    work_ = shape(audio, taken.noise if taken else None, heard.name, asked.shares, scratch)
    shaped = yield from telling(
        work_, "listening to s and p", _TAKEN * share, (1.0 - _TAKEN) * share
    )
    return Listened(
        Removable(audio, taken.noise if taken else None, shaped.taken),
        (*findings, *shaped.findings),
        heard,
        noise.print,
        (*noise.notes, *([taken.why] if taken and taken.why else [])),
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


def _noise_alone(take: Audio, asked: Asked) -> Audio | None:
    """Return the noise that was given or marked, as a sound."""
    if asked.print is not None or asked.pause_seconds is None:
        return asked.print
    first, last = (round(second * take.rate) for second in asked.pause_seconds)
    return Audio(take.samples[:, first:last], take.rate) if last <= take.frames else None


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
    if (given := asked.print) is not None:
        if hums:  # it is gone from the take, so it is not looked for there any more
            hum = yield from part(find_hum(given), 0.0, 0.2)
            given = yield from part(without_hum(given, hum, 1.0, scratch), 0.2, 0.1)
        fit = yield from part(fits(print_of(given, 0.0, given.seconds), audio), 0.3, 0.7)
        return _Noise(fit.noise, (fit.why,) if fit.why else ())
    if asked.pause_seconds is not None:
        yield 1.0
        return _Noise(print_of(audio, *asked.pause_seconds, how="range"), ())
    found = yield from find_print(audio)
    return _Noise(found, () if found is not None else (_NO_PAUSE,))
