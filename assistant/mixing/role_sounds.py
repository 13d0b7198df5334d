"""What tells roles apart in a sound, as few numbers that rumble, hum, an offset and gain spare."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.mixing.heard import LOWEST_HEARD, Heard

__all__ = ["sounds_of", "without_steady_lows"]

Row: TypeAlias = NDArray[np.float64]

COMPRESSION = 0.3  # of power: about loudness, so that a resonance of 12 dB does not speak for all
STEADY_TOP = 14  # bands under 450 Hz may hold rumble and hum
STEADY_RATIO = 25.0  # 97th by 20th percentile: 16 for noise of one band, 1 for hum
SOUNDS_FROM = 0.005  # of the loud moments, so far down a track sounds
WIDE_FROM = 9  # band of 160 Hz: what lies under it is in the middle, or no part of the sound
LEFT_AT_LEAST = 1e-3  # of the power: else what is steady is the sound itself
FAINT_HIT = 0.02  # of the power of loud onsets: what is fainter is no stroke
REGIONS = {"bottom": (4, 9), "body": (9, 14), "middle": (14, 20), "bite": (20, 25), "air": (25, 31)}


def sounds_of(heard: Heard) -> dict[str, float]:
    """Tell what the role shows in.

    Parameters
    ----------
    heard : Heard
        A track that sounds.

    Returns
    -------
    dict of str to float
        ``bottom body middle bite air``: shares of loudness from 50, 140, 450, 1800 and 5600 Hz
        on; ``low`` and ``high``: share of power under 140 Hz and over 3.5 kHz; ``centre``: where
        the middle of the loudness lies, in octaves over 50 Hz; ``spread``: octaves around it;
        ``noise``: 0 for tones, 0.56 for noise; ``density``: onsets a second while it sounds;
        ``attack``: how new an onset is, 0 to 1; ``left``: dB left of an onset 150 ms later;
        ``hit_low``, ``hit_high``: shares of power of onsets under 200 Hz and over 3.2 kHz;
        ``hit_centre``: where it lies, in octaves over 50 Hz; ``hit_variety``: octaves by which
        onsets differ; ``voiced``: share with one pitch; ``pitch``: its middle in octaves over
        50 Hz; ``span``: its range in octaves; ``moving``: cents from 20 ms to 20 ms; ``active``:
        share of the time; ``wide``: side against middle in dB; ``turning``: how far brightness
        goes up and down, in dB; ``swing``: how far its level does;
        ``hit_bottom``: share under 100 Hz of the power of onsets under 400 Hz; ``hit_tuning``:
        octaves by which onsets differ there.
    """
    powers = without_steady_lows(heard)
    whole = powers.sum(axis=1)
    sounding = whole > SOUNDS_FROM * np.percentile(whole[heard.active], 95)
    return {
        **_spectrum(powers[sounding].mean(axis=0)),
        **_onsets(heard, float(sounding.sum()) / MOMENTS_PER_SECOND),
        **_pitch(heard),
        **_movement(powers[sounding], heard.moments.noisiness[sounding]),
        "active": float(sounding.mean()),
        "wide": _side_db(heard),
    }


def without_steady_lows(heard: Heard) -> Row:
    """Return the powers of all moments without what hums or rumbles below them.

    Parameters
    ----------
    heard : Heard
        A track that is not silent.

    Returns
    -------
    ndarray of float64, shape (moments, 31)
        Nothing in bands under 50 Hz.
    """
    powers = heard.moments.powers.astype(np.float64)
    powers[:, :LOWEST_HEARD] = 0.0
    lows = powers[:, :STEADY_TOP]
    floor = np.percentile(lows, 20, axis=0)
    top = np.percentile(lows[heard.active], 97, axis=0)  # of a few strokes in a long rest as well
    moving = np.maximum(lows - floor, 0.0) * (top > STEADY_RATIO * floor)
    rest = np.concatenate([moving, powers[:, STEADY_TOP:]], axis=1)
    kept = rest if rest.sum() > LEFT_AT_LEAST * powers.sum() else powers
    return np.asarray(kept)


def _spectrum(power: Row) -> dict[str, float]:
    total = max(float(power.sum()), 1e-30)
    loud = (power / total) ** COMPRESSION
    loud /= max(float(loud.sum()), 1e-30)
    octaves = np.log2(np.array(CENTRES_HZ) / 50.0)
    centre = float(loud @ octaves)
    shares = {name: float(loud[first:last].sum()) for name, (first, last) in REGIONS.items()}
    return {
        **shares,
        "low": float(power[:9].sum()) / total,
        "high": float(power[23:].sum()) / total,
        "centre": centre,
        "spread": float(np.sqrt(loud @ np.square(octaves - centre))),
    }


def _onsets(heard: Heard, seconds: float) -> dict[str, float]:
    onsets = heard.onsets
    if not onsets.count:
        names = ("density", "attack", "left", "hit_low", "hit_high", "hit_variety", "hit_tuning")
        return {**dict.fromkeys(names, 0.0), "hit_bottom": 0.3, "hit_centre": 4.0}
    strength = np.maximum(onsets.powers, 0.0).sum(axis=1)
    told = strength >= FAINT_HIT * np.percentile(strength, 90)
    added = np.maximum(onsets.powers[told], 0.0) + 1e-12
    mean = np.maximum(onsets.powers[told].mean(axis=0), 0.0) + 1e-12
    octaves = np.arange(added.shape[1]) + 0.5
    loud = added**COMPRESSION
    centres = loud @ octaves / loud.sum(axis=1)
    whole = mean**COMPRESSION
    lows = added[:, :4]
    tuning = lows @ octaves[:4] / lows.sum(axis=1)
    return {
        "density": float(told.sum()) / max(seconds, 0.1),
        "attack": float(np.median(onsets.rises[told])),
        "left": float(np.median(onsets.left_db[told])),
        "hit_low": float(mean[:2].sum() / mean.sum()),
        "hit_high": float(mean[6:].sum() / mean.sum()),
        "hit_bottom": float(mean[0] / mean[:3].sum()),
        "hit_tuning": float(np.std(tuning)),
        "hit_centre": float(whole @ octaves / whole.sum()),
        "hit_variety": float(np.std(centres)),
    }


def _pitch(heard: Heard) -> dict[str, float]:
    pitch = heard.pitch
    if pitch.voiced == 0.0:
        return {"voiced": 0.0, "pitch": 0.0, "span": 0.0, "moving": 0.0}
    return {
        "voiced": pitch.voiced,
        "pitch": float(np.log2(pitch.middle_hz / 50.0)),
        "span": float(np.log2(pitch.high_hz / pitch.low_hz)),
        "moving": pitch.moving_cents,
    }


def _movement(powers: Row, noise: NDArray[np.float32]) -> dict[str, float]:
    level = 10.0 * np.log10(powers.sum(axis=1) + 1e-14)
    bright = 10.0 * np.log10(powers[:, 24:].sum(axis=1) + 1e-14)
    dull = 10.0 * np.log10(powers[:, 9:20].sum(axis=1) + 1e-14)
    loud = level > level.max() - 30.0
    weights = np.sqrt(powers.sum(axis=1))
    return {
        "noise": float(weights @ noise / max(float(weights.sum()), 1e-30)),
        "turning": float(np.std((bright - dull)[loud])),
        "swing": float(np.std(level[loud])),
    }


def _side_db(heard: Heard) -> float:
    """Return the level of the side against the middle, -40 at least: mono."""
    sums = heard.moments
    both = float((sums.left + sums.right)[WIDE_FROM:].sum())
    shared = 2.0 * float(sums.shared[WIDE_FROM:].sum())
    side, middle = max(both - shared, 0.0), max(both + shared, 1e-30)
    return 10.0 * float(np.log10(np.clip(side / middle, 1e-4, 1e4)))
