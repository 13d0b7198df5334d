"""Faults for the mix bench: each is put into one stem of a good mix, and all about it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt, sosfiltfilt

from bench.mix_spoiling import (
    Dice,
    Signal,
    as_strong,
    bell,
    compressed,
    delayed,
    sounding_rms,
    strong_bands,
)

__all__ = ["BOXY_HZ", "FAULTS", "HARSH_HZ", "Fault", "Spoiled", "Truth"]

Row: TypeAlias = NDArray[np.float64]

HARSH_HZ = 3_000.0
BOXY_HZ = 400.0
BROAD_Q = 0.7
SIBILANT_HZ = (5_000.0, 9_000.0)
RUMBLE_HZ = (20.0, 35.0)
UNEVEN_SECONDS = 1.5
HUM_ORDERS = 12
STEEP_RATIO = 20.0


@dataclass(frozen=True)
class Truth:
    """What was done to which stem.

    Parameters
    ----------
    kind : str
        One of `FAULTS`.
    stem : str
        Where it is.
    value : float
        How strong, in `unit`.
    unit : str
        Of the value.
    freq_hz : float or None
        Where in the spectrum, if anywhere.
    gain_db : float or None
        What was added there, or to all of it: what takes it back has the other sign.
    other : str
        The stem that shares it: a copy, the other microphone, or what is masked.
    """

    kind: str
    stem: str
    value: float
    unit: str
    freq_hz: float | None = None
    gain_db: float | None = None
    other: str = ""


@dataclass(frozen=True, eq=False)
class Spoiled:
    """Samples with a fault in them, and what of the truth was left to chance."""

    samples: Signal
    freq_hz: float | None = None
    gain_db: float | None = None


Spoil: TypeAlias = Callable[[Signal, int, float, Dice], Spoiled]
"""Takes samples, rate in Hz, strength, and chance."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    Parameters
    ----------
    spoil : callable
        Puts it in.
    unit : str
        Of its strength.
    strengths : tuple of float
        One after the other; those of one song are put into different stems where there are some.
    """

    spoil: Spoil
    unit: str
    strengths: tuple[float, ...]


def _gain(samples: Signal, _: int, strength: float, __: Dice) -> Spoiled:
    return Spoiled(samples * 10.0 ** (strength / 20.0), gain_db=strength)


def _resonance(samples: Signal, rate: int, strength: float, dice: Dice) -> Spoiled:
    """Ring where the stem has something that can ring."""
    centre = dice.choice(strong_bands(samples, rate)) * 2.0 ** dice.uniform(-1 / 6, 1 / 6)
    hertz = float(np.clip(centre, 150.0, 8_000.0))
    rung = bell(samples, rate, hertz, strength, float(dice.uniform(2.0, 8.0)))
    return Spoiled(rung, hertz, strength)


def _broad(hertz: float) -> Spoil:
    def spoil(samples: Signal, rate: int, strength: float, _: Dice) -> Spoiled:
        return Spoiled(bell(samples, rate, hertz, strength, BROAD_Q), hertz, strength)

    return spoil


def _polarity(samples: Signal, _: int, strength: float, __: Dice) -> Spoiled:
    """Flip the right channel, or all of one microphone."""
    turned = samples.copy()
    turned[-1] *= strength
    return Spoiled(turned)


def _offset(samples: Signal, _: int, strength: float, dice: Dice) -> Spoiled:
    return Spoiled(samples + strength * dice.choice([-1.0, 1.0]))


def _clipped(samples: Signal, _: int, strength: float, __: Dice) -> Spoiled:
    """Cut the peaks off; the level stays, for that would be another fault."""
    limit = np.abs(samples).max() * 10.0 ** (-strength / 20.0)
    return Spoiled(as_strong(np.clip(samples, -limit, limit), samples))


def _rumble(samples: Signal, rate: int, strength: float, dice: Dice) -> Spoiled:
    """Add a tone or a noise under all music, alike in all channels."""
    frames = samples.shape[1]
    hertz = float(dice.uniform(*RUMBLE_HZ))
    if dice.random() < 0.5:
        made = np.sin(2.0 * np.pi * hertz * np.arange(frames) / rate)
    else:
        low = butter(2, (0.7 * hertz, 1.2 * hertz), "bandpass", output="sos", fs=rate)
        made = np.asarray(sosfilt(low, dice.standard_normal((1, frames))))[0]
    level = sounding_rms(samples, rate) * 10.0 ** (strength / 20.0)
    return Spoiled(samples + level / np.std(made) * made, hertz)


def _hum(samples: Signal, rate: int, strength: float, dice: Dice) -> Spoiled:
    mains = float(dice.choice([50.0, 60.0]))
    turns = 2.0 * np.pi * mains * np.arange(samples.shape[1]) / rate
    made = sum(
        dice.uniform(0.3, 1.0) / order * np.sin(order * turns + dice.uniform(0.0, 6.0))
        for order in range(1, HUM_ORDERS + 1)
    )
    level = sounding_rms(samples, rate) * 10.0 ** (strength / 20.0)
    return Spoiled(samples + level / np.std(made) * made, mains)


def _hiss(samples: Signal, rate: int, strength: float, dice: Dice) -> Spoiled:
    level = sounding_rms(samples, rate) * 10.0 ** (strength / 20.0)
    return Spoiled(samples + level * dice.standard_normal(samples.shape))


def _sibilant(samples: Signal, rate: int, strength: float, _: Dice) -> Spoiled:
    """Raise the hisses of a voice alone: moments of which a third and more are highs."""
    band = sosfiltfilt(butter(2, SIBILANT_HZ, "bandpass", output="sos", fs=rate), samples)
    width = round(0.02 * rate)
    around = np.ones(width) / width
    high = np.convolve((band**2).sum(axis=0), around, "same")
    all_of_it = np.convolve((samples**2).sum(axis=0), around, "same") + 1e-9
    hissing = np.convolve((high / all_of_it > 0.33).astype(float), around, "same")
    raised = samples + (10.0 ** (strength / 20.0) - 1.0) * hissing * band
    return Spoiled(raised, float(np.sqrt(np.prod(SIBILANT_HZ))), strength)


def _squeezed(samples: Signal, rate: int, strength: float, _: Dice) -> Spoiled:
    """Compress so far under the peak, and make up for the level."""
    return Spoiled(as_strong(compressed(samples, rate, strength, STEEP_RATIO), samples))


def _uneven(samples: Signal, rate: int, strength: float, dice: Dice) -> Spoiled:
    """Go from near to far, phrase by phrase, over so many decibels."""
    count = samples.shape[1] // round(UNEVEN_SECONDS * rate) + 2
    levels = dice.permutation(np.linspace(-0.5, 0.5, count)) * strength
    steps = np.repeat(levels, round(UNEVEN_SECONDS * rate))[: samples.shape[1]]
    glide = 1.0 - np.exp(-1.0 / (0.05 * rate))
    moved = lfilter([glide], [1.0, glide - 1.0], steps)
    return Spoiled(as_strong(samples * 10.0 ** (moved / 20.0), samples))


def _late(samples: Signal, rate: int, strength: float, _: Dice) -> Spoiled:
    """Delay all of it, by milliseconds."""
    return Spoiled(delayed(samples, strength * rate / 1_000.0))


def _late_side(samples: Signal, rate: int, strength: float, _: Dice) -> Spoiled:
    """Delay the right channel: in mono, the two take each other's notes away."""
    return Spoiled(np.vstack([samples[:1], delayed(samples[1:], strength * rate / 1_000.0)]))


def _leaning(samples: Signal, _: int, strength: float, dice: Dice) -> Spoiled:
    """Take one side down."""
    gains = np.ones((2, 1))
    gains[dice.integers(2)] = 10.0 ** (-strength / 20.0)
    return Spoiled(gains * samples)


def _dead(samples: Signal, _: int, __: float, ___: Dice) -> Spoiled:
    return Spoiled(np.zeros_like(samples))


def _as_it_is(samples: Signal, _: int, __: float, ___: Dice) -> Spoiled:
    """Leave it: what is wrong is that it is there twice."""
    return Spoiled(samples)


FAULTS: Mapping[str, Fault] = {
    "gain": Fault(_gain, "dB", (9.0, -12.0, 6.0, -9.0, 12.0, -6.0)),
    "resonance": Fault(_resonance, "dB", (9.0, 6.0, 12.0)),
    "harshness": Fault(_broad(HARSH_HZ), "dB", (8.0,)),
    "boxiness": Fault(_broad(BOXY_HZ), "dB", (8.0,)),
    "masking": Fault(_as_it_is, "dB", (12.0, 9.0)),  # its place is that of what it masks
    "sibilance": Fault(_sibilant, "dB", (9.0, 12.0, 6.0)),
    "polarity": Fault(_polarity, "", (-1.0,)),
    "delay": Fault(_late, "ms", (3.0, 1.5, 5.0)),
    "mono_loss": Fault(_late_side, "ms", (0.7, 0.4, 1.0)),
    "imbalance": Fault(_leaning, "dB", (8.0, 6.0, 10.0)),
    "dc": Fault(_offset, "", (0.05, 0.02, 0.1)),
    "clipping": Fault(_clipped, "dB", (9.0, 6.0, 12.0)),
    "over_compression": Fault(_squeezed, "dB", (30.0, 24.0, 36.0)),
    "under_compression": Fault(_uneven, "dB", (20.0, 16.0, 24.0)),
    "rumble": Fault(_rumble, "dB", (-3.0, -6.0, 0.0)),
    "hum": Fault(_hum, "dB", (-14.0, -18.0, -10.0)),
    "noise_floor": Fault(_hiss, "dB", (-22.0, -26.0, -18.0)),
    "dead": Fault(_dead, "", (0.0,)),
    "duplicate": Fault(_as_it_is, "", (0.0,)),
}
"""Rumble, hum and hiss are counted against the level of the stem where it sounds."""
