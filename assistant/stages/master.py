"""Bring a mix to a loudness, under a true-peak ceiling.

Where a gain alone does it, nothing else is done. Where it would take the peaks over the ceiling,
a look-ahead limiter holds them, and the loudness is measured behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.contract import Context, Progress, Quantity, Suggestion, setting
from assistant.errors import MaterialError, TargetError
from assistant.material import Audio
from assistant.moves import PARAMETERS, Move

if TYPE_CHECKING:
    from assistant.dsp.loudness import Loudness
    from assistant.dsp.mastering import Drive, Master

__all__ = ["Settings", "suggest", "takes"]

takes = (Audio,)

SHORTEST_SECONDS = 0.4  # one gating block of BS.1770
SENSIBLE_LIMITING_DB = 8.0
MOST_LIMITING_DB = 20.0  # beyond this it is another piece of music


@dataclass(frozen=True)
class Settings:
    """What to reach, and how much of the way to go.

    The amount scales the way in loudness, in LU, from the mix to the target, and by that the
    limiting too. The ceiling holds at every amount but 0, which gives the mix back as it is.
    """

    loudness: float = setting(
        -14.0, "LUFS", low=-36.0, high=-5.0, about="integrated loudness to reach"
    )
    ceiling: float = setting(
        -1.0, "dBTP", low=-12.0, high=0.0, about="highest true peak to let through"
    )
    amount: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the way from the mix to the loudness"
    )


def suggest(
    audio: Audio, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose masters of a mix.

    Parameters
    ----------
    audio : Audio
        The mix.
    settings : Settings
        What to reach.
    context : Context
        Gives the scratch memory that masters are made in.

    Yields
    ------
    Progress or Suggestion
        The target as asked; where that takes limiting, the loudest master without any, so that
        what limiting costs can be heard; where it takes more than 8 dB of it, one at 8 dB.

    Raises
    ------
    MaterialError
        Where there is no loudness to measure: silence, or under 0.4 s.
    TargetError
        Where the loudness is out of reach, with the reason and the nearest sensible target.
    """
    from assistant.dsp.loudness import measure
    from assistant.dsp.mastering import Drive

    yield Progress(0.0, "measuring")
    before = measure(audio)
    _check(audio, before)
    if settings.amount == 0.0:
        yield _untouched(audio, before)
        return
    yield Progress(0.1, "following the peaks")
    drive = Drive(audio, settings.ceiling, context.scratch)
    target = before.integrated + settings.amount / 100.0 * (settings.loudness - before.integrated)
    yield Progress(0.3, "finding the gain")
    master = drive.master_at(target, MOST_LIMITING_DB)
    if master is None:
        raise _out_of_reach(audio, before, drive, settings.ceiling, target)
    sensible = _sensible_loudness(drive) if master.limiting_db > SENSIBLE_LIMITING_DB else None
    yield Progress(0.5, "measuring the master")
    after = measure(master.audio)
    why = _why_target(before, after, master, settings.ceiling, sensible)
    confidence = max(0.2, 0.95 - 0.05 * master.limiting_db)
    title = f"{target:.1f} LUFS"
    yield _suggestion(title, why, before, after, master, settings.ceiling, confidence)
    if master.limiting_db > 0.0:
        yield Progress(0.6, "making one without limiting")
        yield _dynamics_kept(before, drive, settings.ceiling)
    if sensible is not None:
        yield Progress(0.8, "making one with less limiting")
        yield from _limited_less(before, drive, settings.ceiling, sensible)
    yield Progress(1.0, "done")


def _check(audio: Audio, before: Loudness) -> None:
    if math.isfinite(before.integrated):
        return
    if math.isinf(before.sample_peak):
        raise MaterialError("The audio is silent: every sample is 0.")
    if audio.seconds < SHORTEST_SECONDS:
        raise MaterialError(
            f"The audio lasts {audio.seconds:.3f} s; there is no loudness to measure in under"
            f" {SHORTEST_SECONDS:g} s."
        )
    raise MaterialError(
        f"The audio is nowhere louder than -70 LUFS, which counts as silence; its peak is"
        f" {before.sample_peak:.1f} dBFS. Check the export, or take out what cannot be heard."
    )


def _untouched(audio: Audio, before: Loudness) -> Suggestion:
    why = f"The amount is 0 %, so the mix stays as it is, at {before.integrated:.1f} LUFS."
    measured = _measured(before, before)
    return Suggestion("Untouched", why, {"main": audio}, measured=measured, confidence=1.0)


def _dynamics_kept(before: Loudness, drive: Drive, ceiling: float) -> Suggestion:
    """Make the loudest master that needs no limiting."""
    from assistant.dsp.loudness import measure

    master = drive.master(drive.headroom_db)
    after = measure(master.audio)
    why = (
        f"{_way(before, after)}: as loud as it gets with every peak left alone, the highest at"
        f" {after.true_peak:.1f} dBTP; compare it with the first to hear what limiting costs."
    )
    return _suggestion("Dynamics kept", why, before, after, master, ceiling)


def _limited_less(
    before: Loudness, drive: Drive, ceiling: float, sensible: float
) -> Iterator[Suggestion]:
    """Make the loudest master that is limited by no more than is sensible."""
    from assistant.dsp.loudness import measure

    master = drive.master_at(sensible, SENSIBLE_LIMITING_DB)
    if master is None:
        return
    after = measure(master.audio)
    why = (
        f"{_way(before, after)}; {_limited(master)}:"
        " as loud as it gets before limiting is plainly heard."
    )
    title = f"{sensible:.1f} LUFS, limited less"
    yield _suggestion(title, why, before, after, master, ceiling)


def _why_target(
    before: Loudness,
    after: Loudness,
    master: Master,
    ceiling: float,
    sensible: float | None,
) -> str:
    way = _way(before, after)
    if master.limiting_db == 0.0:
        return (
            f"{way} by gain alone; the highest peak comes to {after.true_peak:.1f} dBTP, under the"
            f" ceiling of {ceiling:.1f} dBTP, so nothing is limited."
        )
    told = (
        f"{way}; {_limited(master)}; peaks stood {_crest(before):.1f} dB above the loudness and"
        f" now stand {_crest(after):.1f} dB above it"
    )
    if sensible is None:
        return f"{told}."
    return (
        f"{told}: more than {SENSIBLE_LIMITING_DB:g} dB of limiting is plainly heard, and the"
        f" nearest sensible target is {sensible:.1f} LUFS."
    )


def _way(before: Loudness, after: Loudness) -> str:
    """Say how far it went in loudness: "4.2 dB up to -14.0 LUFS"."""
    way = after.integrated - before.integrated
    if abs(way) < 0.05:
        return f"Already at {after.integrated:.1f} LUFS"
    return f"{abs(way):.1f} LU {'up' if way > 0.0 else 'down'} to {after.integrated:.1f} LUFS"


def _limited(master: Master) -> str:
    share = "under 1" if master.limited < 0.01 else f"{100.0 * master.limited:.0f}"
    return f"{share} % of the time limited, {master.limiting_db:.1f} dB at most"


def _suggestion(
    title: str,
    why: str,
    before: Loudness,
    after: Loudness,
    master: Master,
    ceiling: float,
    confidence: float = 0.5,
) -> Suggestion:
    measured = _measured(before, after) | {
        "gain": Quantity(None, master.gain_db, "dB"),
        "limiting": Quantity(None, master.limiting_db, "dB"),
        "limited": Quantity(None, 100.0 * master.limited, "%"),
    }
    moves = _moves(master, ceiling, why)
    return Suggestion(title, why, {"main": master.audio}, moves, (), measured, confidence)


def _measured(before: Loudness, after: Loudness) -> dict[str, Quantity]:
    """Set the readings before and after side by side, those that the sound is long enough for."""
    units = {
        "integrated": "LUFS",
        "short_term_max": "LUFS",
        "momentary_max": "LUFS",
        "loudness_range": "LU",
        "true_peak": "dBTP",
    }
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in units}
    pairs["peak_to_loudness"] = _crest(before), _crest(after)
    return {
        name: Quantity(*pair, units.get(name, "dB"))
        for name, pair in pairs.items()
        if all(map(math.isfinite, pair))
    }


def _crest(reading: Loudness) -> float:
    return reading.true_peak - reading.integrated


def _moves(master: Master, ceiling: float, why: str) -> tuple[Move, ...]:
    """Say the same to a DAW: its fader where that is enough, its own limiter where it is not."""
    if master.limiting_db == 0.0:
        return (Move("mix", "gain_db", round(master.gain_db, 2), why, "change"),)
    known = PARAMETERS["limiter.gain_db"]
    into = min(max(master.gain_db, known.low), known.high)
    moves = (
        Move("mix", "limiter.gain_db", round(into, 2), why, group="limiter"),
        Move("mix", "limiter.ceiling_db", ceiling, why, group="limiter"),
    )
    if into == master.gain_db:
        return moves
    rest = Move("mix", "gain_db", round(master.gain_db - into, 2), why, "change", "limiter")
    return (rest, *moves)


def _out_of_reach(
    audio: Audio, before: Loudness, drive: Drive, ceiling: float, target: float
) -> TargetError:
    """Say why a target is out of reach, and what is not."""
    from assistant.dsp.mastering import low_end

    loudest = drive.loudness_at(drive.headroom_db + MOST_LIMITING_DB)
    sensible = _sensible_loudness(drive)
    return TargetError(
        f"{target:.1f} LUFS under {ceiling:.1f} dBTP is out of reach: even with"
        f" {MOST_LIMITING_DB:g} dB of limiting this comes to {loudest:.1f} LUFS. Its peaks stand"
        f" {_crest(before):.1f} dB above its loudness,"
        f" {100.0 * low_end(audio):.0f} % of its energy lies below 100 Hz, where loudness hardly"
        f" counts, and it lasts {audio.seconds:.1f} s. The nearest sensible target is"
        f" {sensible:.1f} LUFS."
    )


def _sensible_loudness(drive: Drive) -> float:
    """Return the loudness at 8 dB of limiting, rounded down so that asking for it needs no more."""
    loudness = drive.loudness_at(drive.headroom_db + SENSIBLE_LIMITING_DB)
    return math.floor(10.0 * loudness) / 10.0
