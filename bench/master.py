"""Mastering beside its peers: loudness reached, overs, what limiting costs, codecs, speed, memory.

``python -m bench.master [--write] [--long]``; the music is found where ``BANDMATE_TEST_DATA``
says. What is reported comes from the finished mixes, the summed stems, and sounds from seeds that
nobody has tuned on (`bench.master_cases`); ``--long`` adds an hour.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.dsp.drive import Drive, follow
from assistant.material import Audio, Samples
from assistant.steps import result
from bench import master_effort
from bench.limiters import PEERS, Limiter, bandmate, loudnorm, matchering, matchering_held, missing
from bench.master_cases import excerpts, recorded, unheard
from bench.master_chain_tables import chains, matchers
from bench.master_codecs import codecs
from bench.master_measures import (
    intermodulation,
    loudness,
    peak_by_scipy,
    peak_by_soxr,
    residual_sdr,
    thd_n,
)
from bench.master_sweep import ABOUT_SWEEP, sweep
from bench.master_tables import Column, Compared, dominating, verdict
from bench.report import publish

CEILING_DB = -1.0
HOLDS_DB = 0.2  # over the ceiling: what the EBU lets a true-peak meter err by
HIGHEST_DB = CEILING_DB + HOLDS_DB
TARGETS = (-14.0, -9.0)
DRIVEN_TO = (-12.0, -9.0)
OVER_DB = 6.0
TONE_PEAK_DB = 20.0 * math.log10(0.5)
IMD_HZ = (60, 41)
MOST_LIMITING_DB = 20.0
KIND_LIMITING_DB = 4.0
REACHED_LU = 0.02
LOUDNORM_MOST = -5.0  # LUFS, which it takes
TRIES = 7
FLATTEST = 0.05  # LU a dB: less is noise

ABOUT = f"Twenty seconds of each finished mix, and the summed stems, under {CEILING_DB:g} dBTP."
ABOUT_LIMITS = (
    "Limiters. Error: largest in LU, the peers driven by the gain that leads there without"
    " limiting. True peak: highest in dBTP at 16 x, by interpolators that are not ours. THD+N:"
    " 997 Hz. IMD: sidebands of 7 kHz beside a tone four times as high. All tones"
    f" {OVER_DB:g} dB over; in dB, and less is better."
)
ABOUT_COSTS = (
    "What limiting costs: input over residual in dB, every tool driven until the meter reads the"
    " same LUFS."
)
ABOUT_KINDS = (
    "The same on made sounds of many kinds, from seeds that nobody has tuned on, on instruments"
    " (which the limiter was developed on) and on speech, at the loudness that each has with"
    f" {KIND_LIMITING_DB:g} dB of our limiting."
)
ABOUT_CODECS = (
    "Behind codecs: highest true peak in dBTP of the decoded file (soxr, 16 x), over ten seconds of"
    " each excerpt at the same LUFS. Over 0 is over. The first row has each codec in the loop, at"
    " that same loudness; the second was never asked for one."
)
ABOUT_CHAINS = (
    "Whole chains, at their defaults. PLR: true peak over loudness, mean, in dB. Range: change of"
    " the loudness range, mean, in LU."
)
ABOUT_MATCHING = (
    "Matching a reference: each excerpt to each other. Distance: of third octaves by shape, root"
    " mean square in dB, mean and largest. Off: largest in LU from the loudness of the reference."
    " Sides: how much of them a reference that is nearly mono takes away, most of all excerpts, in"
    " dB."
)
ABOUT_EFFORT = (
    "Effort: CPU time and memory from file to file in fresh processes, start-up and all, to"
    f" {master_effort.TARGET:g} LUFS or by {master_effort.GAIN_DB:g} dB."
)

Sounds = Mapping[str, Audio]
Tools = Mapping[str, Limiter]


def drive(audio: Audio) -> Drive:
    """Put a sound in front of our limiter."""
    return result(follow(audio, CEILING_DB, lambda shape: np.zeros(shape, np.float32)))


def asked(limiter: Limiter, audio: Audio, target: float) -> float:
    """Return what to ask a limiter for: the loudness itself, or the gain that leads to it."""
    if limiter is loudnorm:
        return target
    if limiter is bandmate:
        return result(drive(audio).gain_for(target, MOST_LIMITING_DB)) or math.nan
    return target - loudness(audio.samples, audio.rate)


def at_loudness(limiter: Limiter, audio: Audio, target: float) -> Samples | None:
    """Drive a limiter until the meter reads the target; None where it does not get there."""
    value = asked(limiter, audio, target)
    last_value, last_reading = math.nan, math.nan
    for _ in range(TRIES):
        made = limiter(audio, value, CEILING_DB)
        reading = loudness(made, audio.rate)
        if abs(target - reading) < REACHED_LU:
            return made
        slope = 1.0
        if math.isfinite(last_value):
            slope = (reading - last_reading) / (value - last_value)
        last_value, last_reading = value, reading
        value += float(np.clip((target - reading) / max(slope, FLATTEST), -3.0, 3.0))
        if limiter is loudnorm and (value := min(value, LOUDNORM_MOST)) == last_value:
            return None
    return None


def quality(tools: Tools, sounds: Sounds) -> Compared:
    """Measure how near the targets they come, their highest true peaks, and what they add."""
    columns = [Column(f"error at {target:g}", -1) for target in TARGETS]
    columns += [Column("true peak, SciPy"), Column("true peak, soxr"), Column("THD+N", -1)]
    columns += [Column(f"IMD, {hz} Hz", -1) for hz in IMD_HZ]
    return Compared(columns, {name: _quality(tool, sounds) for name, tool in tools.items()})


def _quality(limiter: Limiter, sounds: Sounds) -> list[float | None]:
    errors, peaks = [], []
    for target in TARGETS:
        made = [
            (limiter(audio, asked(limiter, audio, target), CEILING_DB), audio.rate)
            for audio in sounds.values()
        ]
        errors.append(round(max(abs(loudness(*one) - target) for one in made), 2))
        peaks += [(peak_by_scipy(samples), peak_by_soxr(samples)) for samples, _ in made]
    highest = [round(max(read), 2) for read in zip(*peaks, strict=True)]
    if limiter is loudnorm:  # it would turn a tone down to its loudness
        return [*errors, *highest, None, None, None]
    gain_db = CEILING_DB + OVER_DB - TONE_PEAK_DB

    def driven(tone: Audio) -> Samples:
        return limiter(tone, gain_db, CEILING_DB)

    added = [thd_n(driven), *(intermodulation(driven, hz) for hz in IMD_HZ)]
    return [*errors, *highest, *(round(one, 1) for one in added)]


def costs(tools: Tools, sounds: Sounds) -> Compared:
    """Measure what limiting costs each sound at each of the targets."""
    cases = [(target, name) for target in DRIVEN_TO for name in sounds]
    columns = [Column(f"{name}, {target:g}", 1) for target, name in cases]
    rows = {
        title: [_cost(tool, sounds[name], target) for target, name in cases]
        for title, tool in tools.items()
    }
    return Compared(columns, rows, "not reached")


def kinds(tools: Tools, sounds: Mapping[str, Sequence[Audio]]) -> Compared:
    """Measure what limiting costs each kind of sound, as loud as some of our limiting makes it."""
    targets = {
        kind: [_loudness_of(audio, KIND_LIMITING_DB) for audio in some]
        for kind, some in sounds.items()
    }

    def mean(tool: Limiter, kind: str) -> float | None:
        pairs = zip(sounds[kind], targets[kind], strict=True)
        found = [_cost(tool, audio, target) for audio, target in pairs]
        reached = [one for one in found if one is not None]
        return sum(reached) / len(reached) if len(reached) == len(found) else None

    rows = {name: [mean(tool, kind) for kind in sounds] for name, tool in tools.items()}
    return Compared([Column(kind, 1) for kind in sounds], rows, "not reached")


def _loudness_of(audio: Audio, limiting_db: float) -> float:
    driven = drive(audio)
    return result(driven.loudness_at(driven.headroom_db + limiting_db))


def _cost(limiter: Limiter, audio: Audio, target: float) -> float | None:
    made = at_loudness(limiter, audio, target)
    return None if made is None else residual_sdr(audio, made)


def main() -> None:
    """Run and publish."""
    if "BANDMATE_TEST_DATA" not in os.environ:
        sys.exit("BANDMATE_TEST_DATA should name the folder that holds the music")
    folder = Path(os.environ["BANDMATE_TEST_DATA"])
    tools = {"bandmate": bandmate} | {n: peer for n, peer in PEERS.items() if not missing(peer)}
    sounds = excerpts(folder)
    limits, spoiled = quality(tools, sounds), costs(tools, sounds)
    made = kinds(
        {name: tool for name, tool in tools.items() if tool not in (loudnorm, matchering)},
        unheard() | recorded(folder),
    )
    lossy = codecs(
        {name: partial(at_loudness, tool) for name, tool in tools.items()}, sounds, CEILING_DB
    )
    whole, matched = chains(sounds, CEILING_DB), matchers(sounds, CEILING_DB)
    plain = [
        name for name, tool in tools.items() if tool not in (bandmate, matchering, matchering_held)
    ]
    effort = master_effort.compared(next(iter(sounds.values())), plain, long="--long" in sys.argv)
    compared = (limits, spoiled, made, lossy)
    swept = sweep(sounds, CEILING_DB)
    publish("Mastering", _told(compared, whole, matched, swept, effort))


def _told(
    compared: Sequence[Compared], whole: Compared, matched: Compared, swept: str, effort: Compared
) -> str:
    limits, spoiled, made, lossy = compared
    absent = ", ".join(name for name in PEERS if name not in limits.rows) or "none"
    holders = limits.holding(HIGHEST_DB)
    over = ", ".join(n for n in limits.rows if n not in {*holders, "bandmate"}) or "none"
    judged = [(one, holders) for one in compared]
    judged += [(one, one.holding(HIGHEST_DB)) for one in (whole, matched)]
    loud = f"These let true peaks through, over {HOLDS_DB:g} dB above the ceiling: {over}."
    ahead = (
        f"Beside what holds the ceiling, {verdict(judged)} Better somewhere and nowhere worse:"
        f" {', '.join(dominating(judged)) or 'none'}."
    )
    parts = (
        f"{ABOUT} Not installed: {absent}.",
        *(ABOUT_LIMITS, limits.drawn(), loud),
        *(ABOUT_SWEEP, swept),
        *(ABOUT_COSTS, spoiled.drawn()),
        *(ABOUT_KINDS, made.drawn()),
        *(ABOUT_CODECS, lossy.drawn()),
        *(ABOUT_CHAINS, whole.drawn()),
        *(ABOUT_MATCHING, matched.drawn(), ahead),
        *(ABOUT_EFFORT, effort.drawn()),
    )
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
