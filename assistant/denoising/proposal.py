"""The suggestions of a cleaning: what was found, mended and taken away, in three ways, and why."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assistant.contract import Context, Progress, Quantity, Suggestion, telling
from assistant.denoising.asked import Asked
from assistant.denoising.exact import apart, steps_of
from assistant.denoising.levels import Powers, levels_in, powers_of
from assistant.denoising.listening import Listened, listen
from assistant.denoising.print_sound import sound_of
from assistant.denoising.report import DenoiseReport, page
from assistant.denoising.ways import WAYS, Way, cleaned
from assistant.denoising.wording import clean_why, done_of, facts_of, strengths_of, why_of
from assistant.dsp.truepeak import sample_peak
from assistant.material import Audio, Material
from assistant.reports.spectrogram import Picture, levels_db
from assistant.steps import part

__all__ = ["proposals"]

_LISTENED = 0.75  # of the work: what is done once all that can be taken is known
_OVER = (
    " What was made up goes over full scale: the file holds floats, so turn it down before mixing."
)


@dataclass(frozen=True, eq=False)
class _Ground:
    """What all ways share: the take, what was found, and the picture of it, where one is wanted."""

    take: Audio
    heard: Listened
    powers: Powers
    steps: float | None
    seen: Picture | None


@dataclass(frozen=True, eq=False)
class _Cleaned:
    """A take as it is in one way."""

    kept: Audio
    residual: Audio
    measured: Mapping[str, Quantity]
    seen: tuple[Picture, Picture, Picture] | None = None  # before, after, residual


def proposals(take: Audio, asked: Asked, context: Context) -> Iterator[Progress | Suggestion]:
    """Clean a take in several ways.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    asked : Asked
        What is asked.
    context : Context
        Scratch, the dice, whether a report is wanted.

    Yields
    ------
    Progress or Suggestion
        One suggestion where there is nothing to choose between.
    """
    heard = yield from listen(take, asked, _LISTENED, context.scratch)
    ground = yield from _ground(take, heard, context)
    kept: dict[str, Material | str] = {}
    if asked.keep_print and heard.print is not None and not heard.print.is_silent:
        kept[f"print.{asked.keep_print}"] = sound_of(heard.print, context.rng(0))
    ways = WAYS[: context.count if heard.has_ways else 1]
    for n, way in enumerate(ways):
        share = (1.0 - _LISTENED) / len(ways)
        begun = _LISTENED + n * share
        doing = f"cleaning: {way.title.lower()}"
        made = yield from telling(_clean(ground, way, asked, context), doing, begun, share)
        if made is None:
            yield _untouched(ground, asked, kept)
            return
        yield _suggestion(ground, way, asked, made, {**kept, "main": made.kept})
        kept = {}


def _ground(take: Audio, heard: Listened, context: Context) -> Generator[Progress, None, _Ground]:
    powers = yield from telling(powers_of(take), "measuring", _LISTENED, 0.0)
    seen = None
    if context.report:
        seen = yield from telling(levels_db(take), "looking", _LISTENED, 0.0)
    return _Ground(take, heard, powers, steps_of(take), seen)


def _clean(
    ground: _Ground, way: Way, asked: Asked, context: Context
) -> Generator[float, None, _Cleaned | None]:
    """Clean in one way; None where nothing is to be done."""
    take, scratch = ground.take, context.scratch
    down_db = asked.down_db(ground.heard.usual_db)
    work = cleaned(take, ground.heard.removable, way, down_db, asked.amount, scratch)
    audio = yield from part(work, 0.0, 0.3)
    if audio is take:
        return None
    kept, residual = yield from part(apart(take, audio, scratch, ground.steps), 0.3, 0.3)
    each = 0.2 if ground.seen is None else 0.1
    after = yield from part(powers_of(kept), 0.6, each)
    taken = yield from part(powers_of(residual), 0.6 + each, each)
    measured = {**_measured(ground.powers, after, taken), **strengths_of(ground.heard)}
    if ground.seen is None:
        return _Cleaned(kept, residual, measured)
    seen_after = yield from part(levels_db(kept), 0.8, 0.1)
    seen_residual = yield from part(levels_db(residual), 0.9, 0.1)
    return _Cleaned(kept, residual, measured, (ground.seen, seen_after, seen_residual))


def _suggestion(
    ground: _Ground,
    way: Way,
    asked: Asked,
    made: _Cleaned,
    material: dict[str, Material | str],
) -> Suggestion:
    """Tell of a cleaned take."""
    heard = ground.heard
    over = sample_peak(made.kept.samples) > 1.0
    told = Suggestion(
        way.title if heard.has_ways else "Mended",
        why_of(heard, way, asked, made.measured) + (_OVER if over else ""),
        measured=made.measured,
        confidence=heard.confidence,
        bits=32 if over else None,
    )
    if asked.residual:
        material["residual"] = made.residual
    if made.seen is not None:
        report = DenoiseReport(
            told.title, told.why, ground.take.seconds, ground.take.rate, *made.seen,
            facts_of(heard), heard.findings, made.measured, done_of(heard, way, asked),
        )  # fmt: skip
        material["report"] = page(report)
    return replace(told, material=material)


def _untouched(ground: _Ground, asked: Asked, material: dict[str, Material | str]) -> Suggestion:
    """Give the take back as it is."""
    heard = ground.heard
    title = "Nothing to remove" if asked.amount else "Untouched"
    told = Suggestion(title, clean_why(heard), measured=strengths_of(heard), confidence=1.0)
    material["main"] = ground.take
    if ground.seen is not None:
        nothing = np.full_like(ground.seen, -np.inf)
        report = DenoiseReport(
            told.title, told.why, ground.take.seconds, ground.take.rate,
            ground.seen, ground.seen, nothing, facts_of(heard), heard.findings,
        )  # fmt: skip
        material["report"] = page(report)
    return replace(told, material=material)


def _measured(take: Powers, kept: Powers, residual: Powers) -> dict[str, Quantity]:
    before, after, taken = (levels_in(one, take > 0.0) for one in (take, kept, residual))
    return {
        "quiet_parts": Quantity(before.quiet_db, after.quiet_db, "dBFS"),
        "loud_parts": Quantity(before.loud_db, after.loud_db, "dBFS"),
        "noise_reduction": Quantity(None, before.quiet_db - after.quiet_db, "dB"),
        "removed": Quantity(None, taken.all_db - before.all_db, "dB"),
    }
