"""Pitch correction while it is sung: how late, how true, how soon, at what cost; beside peers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0_lags import best_periods
from assistant.dsp.live_pitch import LivePitch
from bench.pitch_cases import DEVELOPMENT, REPORTED, Take, take
from bench.pitch_peers import PEERS, Peer, missing, run
from bench.report import publish, table

Array = NDArray[np.float64]

RATE_HZ = 48_000
LOWEST_HZ = (80.0, 98.0, 131.0, 165.0)  # what is heard of a baritone, a tenor, an alto, a soprano
PERIODS = (64, 128, 256, 512)
SECONDS = 60.0
TAKES_OF_A_LEVEL = 4
BLOCK = 256

_LIVE_PEERS = ("autotalent", "x42 fat1, fast")
_NEAR_CENTS = 20.0  # from here on a note has settled
_SETTLED_FRAMES = 10  # 50 ms
_TOLERANCE = 25.0
_SPAN_CENTS, _REPEATS = 250.0, 0.5  # where to look for a note, and how well it must repeat


@dataclass(frozen=True)
class Heard:
    """What became of the notes of a take."""

    errors: Array  # cents, of the held part of each note, from the nearest note of the scale
    settling_ms: Array
    unvoiced_db: float


def main() -> None:
    """Measure, print, and keep with ``--write``."""
    seeds = DEVELOPMENT[:TAKES_OF_A_LEVEL] if "--dev" in sys.argv else REPORTED[:TAKES_OF_A_LEVEL]
    parts = [
        "How late: the algorithm alone, at 48 kHz. JACK adds a period before and one or two after.",
        _latencies(),
        (
            "What comes out, beside the note of the scale nearest to what was sung: the held part "
            "of each note; settled is within 20 cents for 50 ms. Latency is made up for."
        ),
        _truth(seeds),
        (
            f"What it costs: {SECONDS:g} s of singing at 48 kHz, block after block; "
            "the clock goes on while others have the core; JACK's threads come before most."
        ),
        _costs(),
    ]
    publish("Live pitch", "\n\n".join(parts))


def _latencies() -> str:
    """Send a click, and a note that begins, through it."""
    rows = []
    for lowest_hz in LOWEST_HZ:
        live = LivePitch(RATE_HZ, _chromatic(), lowest_hz=lowest_hz)
        click = np.zeros(RATE_HZ // 2, dtype=np.float32)
        click[1_000] = 1.0
        out = _through(live, click)
        rows.append((
            f"{lowest_hz:g} Hz", _ms(live.latency), _ms(int(np.argmax(np.abs(out))) - 1_000),
            _ms(_onset(lowest_hz)),
        ))  # fmt: skip
    return table(("lowest note", "said, ms", "of a click, ms", "of a note, ms"), rows)


def _onset(lowest_hz: float) -> int:
    """Return how much later a detuned note begins to sound, in samples."""
    frames = np.arange(RATE_HZ)
    note = np.zeros(RATE_HZ)
    for harmonic in range(1, 12):
        note += np.sin(2.0 * np.pi * 226.0 * harmonic * frames / RATE_HZ) / harmonic
    note[: RATE_HZ // 2] = 0.0
    sound = np.asarray(0.2 * note, dtype=np.float32)
    out = _through(LivePitch(RATE_HZ, _chromatic(), lowest_hz=lowest_hz), sound)
    first = [int(np.flatnonzero(np.abs(each) > 0.02)[0]) for each in (sound, out)]
    return first[1] - first[0]


def _truth(seeds: Sequence[int]) -> str:
    """Correct takes of known notes, live and by peers."""
    makers: dict[str, Callable[[Take], Array]] = {
        "input": lambda one: np.asarray(one.audio.samples[0], dtype=np.float64),
        "bandmate live, 0 ms": lambda one: _live(one, 0.0),
        "bandmate live, 30 ms": lambda one: _live(one, 30.0),
        "bandmate live, 100 ms": lambda one: _live(one, 100.0),
    }
    for name in _LIVE_PEERS:
        if not missing(PEERS[name]):
            makers[name] = partial(_peer, PEERS[name])
    cases = [take(level, seed, 24) for level in ("good", "rough") for seed in seeds]
    rows = []
    for name, maker in makers.items():
        found = [_heard(one, maker(one)) for one in cases]
        errors = np.concatenate([each.errors for each in found])
        settling = np.concatenate([each.settling_ms for each in found])
        rows.append((
            name, float(np.median(errors)), float(errors.mean()),
            100.0 * float(np.mean(errors < _TOLERANCE)), float(np.nanmedian(settling)),
            100.0 * float(np.mean(np.isfinite(settling))),
            float(np.median([each.unvoiced_db for each in found])),
        ))  # fmt: skip
    head = ("corrector", "median cents", "mean cents", "within 25 c, %", "settled after, ms",
            "settled at all, %", "unvoiced SNR, dB")  # fmt: skip
    return table(head, rows)


def _peer(peer: Peer, one: Take) -> Array:
    return np.asarray(run(peer, one.audio, one.steps).samples[0], dtype=np.float64)


def _live(one: Take, speed_ms: float) -> Array:
    live = LivePitch(one.audio.rate, _pitches(one.steps), speed_ms=speed_ms)
    late = live.latency
    out = _through(live, np.pad(one.audio.samples[0], (0, late + BLOCK)))
    return np.asarray(out[late : late + one.audio.frames], dtype=np.float64)


def _heard(one: Take, samples: Array) -> Heard:
    """Measure the period near that of the target, note by note."""
    errors, settling = [], []
    ends = [note.onset for note in one.notes[1:]] + [one.notes[-1].end]
    for note, target, end in zip(one.notes, one.nearest, ends, strict=True):
        inside = (one.times >= note.onset) & (one.times < min(end, note.end)) & one.voiced
        times = one.times[inside]
        middles = times * one.audio.rate
        hz, repeats = best_periods(
            np.asarray(samples, dtype=np.float32), one.audio.rate, middles,
            np.full(times.size, 440.0 * 2.0 ** ((target - 69.0) / 12.0)), _SPAN_CENTS,
        )  # fmt: skip
        off = 1_200.0 * np.log2(hz / 440.0) + 100.0 * (69.0 - target)
        sure = repeats > _REPEATS
        held = sure & (times >= note.held[0]) & (times < note.held[1])
        if not held.any():
            continue
        errors.append(abs(float(off[held].mean())))
        near = sure & (np.abs(off) < _NEAR_CENTS)
        runs = np.convolve(near, np.ones(_SETTLED_FRAMES), "valid") == _SETTLED_FRAMES
        settling.append(5.0 * float(np.argmax(runs)) if runs.any() else np.nan)
    return Heard(np.array(errors), np.array(settling), _unvoiced_db(one, samples))


def _unvoiced_db(one: Take, samples: Array) -> float:
    """Compare what is not voiced with what was sung, 30 ms away from any voice."""
    around = np.convolve(one.voiced, np.ones(13), "same") > 0.0
    places = np.clip((np.arange(samples.size) / one.audio.rate / 0.005).astype(int), 0,
                     around.size - 1)  # fmt: skip
    quiet = ~around[places]
    sung = one.audio.samples[0].astype(np.float64)[quiet]
    wrong = samples[quiet] - sung
    return float(10.0 * np.log10(np.sum(sung**2) / max(float(np.sum(wrong**2)), 1e-30)))


def _costs() -> str:
    """Time block after block of a voice."""
    one = take("rough", DEVELOPMENT[2], 24)
    sound = np.resize(one.audio.samples[0], int(SECONDS * RATE_HZ))
    rows = []
    for period in PERIODS:
        live = LivePitch(RATE_HZ, _pitches(one.steps))
        live.push(sound[:RATE_HZ])  # what is slow once
        out = np.empty(period, dtype=np.float32)
        times = np.empty((sound.size // period, 2))
        spent = time.process_time()
        for n in range(len(times)):
            block = sound[n * period : (n + 1) * period]
            before = time.perf_counter(), time.thread_time()
            live.push_into(block, out)
            times[n] = time.perf_counter() - before[0], time.thread_time() - before[1]
        spent = time.process_time() - spent
        wall, own = 1_000.0 * times.T
        worst = (*np.quantile(own, (0.5, 0.999, 1.0)), wall.max())
        length = 1_000.0 * period / RATE_HZ
        late = [int(np.sum(each > length)) for each in (own, wall)]
        rows.append((period, length, *map(float, worst), *late, 100.0 * spent / SECONDS))
    head = ("period", "its length, ms", "median of CPU, ms", "99.9 %, ms", "worst, ms",
            "worst by the clock, ms", "too late by CPU",
            "by the clock", "of one core, %")  # fmt: skip
    return table(head, rows)


def _through(live: LivePitch, sound: NDArray[np.float32]) -> NDArray[np.float32]:
    edges = [*range(0, sound.size, BLOCK), sound.size]
    return np.concatenate([live.push(sound[a:b]) for a, b in pairwise(edges)])


def _pitches(steps: Sequence[int]) -> Array:
    return np.array([pitch for pitch in range(24, 109) if pitch % 12 in steps], dtype=np.float64)


def _chromatic() -> Array:
    return _pitches(range(12))


def _ms(frames: int) -> float:
    return 1_000.0 * frames / RATE_HZ


if __name__ == "__main__":
    main()
