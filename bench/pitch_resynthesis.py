"""Ways to move the pitch of a voice beside each other, against exact pairs."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from assistant.dsp.f0 import track
from assistant.dsp.f0_fine import refine
from assistant.dsp.retuning import retune
from assistant.material import Audio, Samples
from assistant.steps import result
from bench.pitch_cases import REPORTED, Take, take
from bench.pitch_measures import (
    MOST_DB,
    cents_off,
    hear,
    log_spectral_distance,
    null_db,
    onset_shifts_ms,
)
from bench.pitch_peers import praat_shift, signalsmith, world_shift
from bench.report import publish, table

__all__ = ["METHODS", "resynthesis_section"]

Method: TypeAlias = Callable[[Audio, float], Samples]

SHIFTS_CENTS = (50.0, 100.0, 500.0)
TAKES = 3
_NOTES = 32
_FAR_CENTS = 50.0


def bandmate(audio: Audio, cents: float) -> Samples:
    """Move the pitch as the stage does, by its own track."""
    fine = result(refine(audio, result(track(audio))))
    curve = np.full(fine.hz.size, cents, dtype=np.float32)
    made = retune(audio, fine, curve, scratch=lambda shape: np.zeros(shape, np.float32))
    return result(made).audio.samples


def rubber_band(audio: Audio, cents: float) -> Samples:
    """Move the pitch with Rubber Band R3, formants kept."""
    import pedalboard

    made = pedalboard.time_stretch(
        audio.samples,
        audio.rate,
        pitch_shift_in_semitones=cents / 100.0,
        high_quality=True,
        preserve_formants=True,
    )
    return np.asarray(made, dtype=np.float32)


METHODS: Mapping[str, tuple[str, Method]] = {
    "bandmate": ("numpy", bandmate),
    "Praat PSOLA": ("parselmouth", praat_shift),
    "WORLD": ("pyworld", world_shift),
    "Rubber Band R3, formants kept": ("pedalboard", rubber_band),
    "signalsmith-stretch": (
        "python_stretch",
        lambda audio, cents: signalsmith(audio.samples, audio.rate, cents),
    ),
}


def _row(cases: list[Take], method: Method | None) -> list[object]:
    """Measure a method, or with none the exact pairs themselves: the floor of the measures."""
    errors, distances, far, shifts = {}, {}, {}, []
    spent = sounded = 0.0
    for cents in SHIFTS_CENTS:
        off, apart = [], []
        for case in cases:
            pair = case.shifted(cents)
            before = time.process_time()
            made = method(case.audio, cents) if method else pair.samples
            spent, sounded = spent + time.process_time() - before, sounded + pair.seconds
            made = _fitted(made, pair.frames)
            low, high = (case.meant.min() + cents / 100.0, case.meant.max() + cents / 100.0)
            heard = hear(made, pair.rate, float(low), float(high))
            goal = case.hz * 2.0 ** (cents / 1_200.0)
            off.append(np.abs(cents_off(heard, case, goal)))
            apart.append(log_spectral_distance(pair, made))
            shifts.append(np.abs(onset_shifts_ms(case, pair.samples, made)))
        joined = np.concatenate(off)
        errors[cents], far[cents] = float(np.median(joined)), float(np.mean(joined > _FAR_CENTS))
        distances[cents] = float(np.mean(apart))
    null = MOST_DB
    if method:
        null = min(
            null_db(case.audio.samples, _fitted(method(case.audio, 0.0), case.audio.frames))
            for case in cases
        )
    return [
        f"{errors[100.0]:.1f} / {errors[500.0]:.1f}",
        " / ".join(f"{100.0 * far[cents]:.2f}" for cents in SHIFTS_CENTS),
        " / ".join(f"{distances[cents]:.2f}" for cents in SHIFTS_CENTS),
        round(float(np.mean(np.concatenate(shifts))), 2),
        "identical" if null >= MOST_DB else f"{null:.0f} dB",
        round(sounded / spent) if method else "-",
    ]


def _fitted(samples: Samples, frames: int) -> Samples:
    out = np.zeros((samples.shape[0], frames), dtype=np.float32)
    kept = min(frames, samples.shape[1])
    out[:, :kept] = samples[:, :kept]
    return out


def resynthesis_section() -> None:
    """Run and publish."""
    cases = [take("good", seed, _NOTES) for seed in REPORTED[:TAKES]]
    rows = [["the exact pairs themselves", *_row(cases, None)]]
    absent = []
    for name, (package, method) in METHODS.items():
        if importlib.util.find_spec(package) is None:
            absent.append(name)
            continue
        method(cases[0].audio, SHIFTS_CENTS[0])  # what is loaded once is not charged
        rows.append([name, *_row(cases, method)])
    publish(
        "Resynthesis",
        f"{TAKES} synthetic takes moved by 50, 100 and 500 cents, against the same performance sung"
        " that much higher. Pitch error: median in cents (Praat's autocorrelation) at 100 / 500."
        " Off: share of frames in the midst of voice over 50 cents off. LSD: log-spectral distance"
        " 0.1 to 8 kHz in dB. Onset: mean shift of notes that begin with a consonant. Null: sound"
        " over change at 0 cents. Speed: CPU time with all the analysis."
        f" Not installed: {', '.join(absent) or 'none'}.\n\n"
        + table(
            ["", "pitch error", "off %, 50 / 100 / 500", "LSD 50 / 100 / 500", "onset ms", "null",
             "x real time"], rows,
        ),
    )  # fmt: skip
