"""What the denoise bench mixes: clean clips of the data folder, and noises, each in two halves.

The halves share no sample: figures are reported on the second, of which nothing was tried out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfiltfilt

from assistant.material import Audio, Samples

__all__ = ["MADE", "RECORDED", "STATIONARY", "Clip", "Half", "Kind", "clips", "noise", "sound"]

Signal: TypeAlias = NDArray[np.float64]
Half: TypeAlias = Literal["development", "reported"]
Kind: TypeAlias = Literal["speech", "singing", "instrument", "mix"]

CLEAN_PEAK = 0.5
SPEECH_RATE_HZ = 48_000  # the corpus has 16 kHz; a take and the nets have this
CROSSFADE_SECONDS = 0.05
PRINT_SHARE = 0.25  # of the half of a recording, at its end
PRINT_SECONDS = (1.0, 2.0)
SEEDS: Mapping[str, int] = {"development": 1, "reported": 1_001}

_POTASSIUM = "stems/potassium"


@dataclass(frozen=True)
class Clip:
    """A clean part of a recording, named by file and seconds."""

    kind: Kind
    file: str  # or a folder, whose files are one mix
    start_s: float
    end_s: float

    @property
    def name(self) -> str:
        """Such as ``"loop_tabla 0.0"``."""
        return f"{Path(self.file).stem} {self.start_s:g}"


_DEVELOPMENT = (
    Clip("speech", "speech/librispeech-1.ogg", 0.0, 7.0),
    Clip("speech", "speech/librispeech-2.ogg", 0.0, 8.0),
    Clip("singing", "singing/vocadito_1.flac", 0.5, 8.5),
    Clip("singing", "singing/singing-female.wav", 0.0, 3.1),
    Clip("singing", f"{_POTASSIUM}/vox_lead.flac", 10.9, 15.0),
    Clip("instrument", "instruments/guit_em9.flac", 0.0, 5.0),
    Clip("instrument", "instruments/ambi_piano.flac", 0.0, 2.8),
    Clip("instrument", "instruments/loop_tabla.flac", 0.0, 5.3),
    Clip("instrument", f"{_POTASSIUM}/breakbeat.flac", 0.0, 3.0),
    Clip("instrument", f"{_POTASSIUM}/kick_hats.flac", 11.0, 16.0),
    Clip("instrument", f"{_POTASSIUM}/build.flac", 6.0, 8.7),
    Clip("mix", "music/karissa_hobbs-lets_go_fishin.ogg", 20.0, 26.0),
    Clip("mix", "music/kevin_macleod-vibe_ace.ogg", 5.0, 11.0),
    Clip("mix", _POTASSIUM, 0.0, 3.0),  # the reported break begins there
)
_REPORTED = (
    Clip("speech", "speech/librispeech-1.ogg", 7.0, 14.8),
    Clip("speech", "speech/librispeech-2.ogg", 8.0, 16.7),
    Clip("singing", "singing/vocadito_1.flac", 17.0, 25.0),
    Clip("singing", "singing/singing-female.wav", 3.1, 6.2),
    Clip("singing", "singing/vignesh.wav", 0.0, 3.1),
    Clip("singing", f"{_POTASSIUM}/vox_lead.flac", 16.4, 23.9),
    Clip("instrument", "instruments/guit_em9.flac", 5.0, 9.5),
    Clip("instrument", "instruments/guit_e_fifths.flac", 0.0, 5.5),
    Clip("instrument", "instruments/loop_tabla.flac", 5.3, 10.7),
    Clip("instrument", "instruments/loop_amen_full.flac", 0.0, 3.4),
    Clip("instrument", f"{_POTASSIUM}/breakbeat.flac", 3.0, 6.4),
    Clip("instrument", f"{_POTASSIUM}/kick_hats.flac", 17.0, 22.0),
    Clip("instrument", f"{_POTASSIUM}/build.flac", 8.7, 11.4),
    Clip("instrument", f"{_POTASSIUM}/microcosm_effect.flac", 18.5, 24.0),
    Clip("instrument", f"{_POTASSIUM}/mallet.flac", 22.4, 24.0),
    Clip("mix", "music/karissa_hobbs-lets_go_fishin.ogg", 80.0, 86.0),
    Clip("mix", "music/karissa_hobbs-lets_go_fishin.ogg", 110.0, 116.0),
    Clip("mix", "music/kevin_macleod-vibe_ace.ogg", 35.0, 41.0),
    Clip("mix", _POTASSIUM, 16.0, 22.0),
)

RECORDED: Mapping[str, str] = {
    "vinyl": "noise/vinyl_hiss.flac",
    "rumble": "noise/vinyl_hiss.flac",
    "city": "noise/city.ogg",
    "coffee shop": "noise/coffee-shop.ogg",
    "wind": "noise/wind.ogg",
}
RUMBLE_HZ = 40.0
"""Nine tenths of that record's power lie below: its hiss is one noise, all of it another."""

STATIONARY = ("hiss", "tape", "fan", "vinyl")
"""Noises that keep their spectrum; the others come and go."""


def clips(half: Half) -> tuple[Clip, ...]:
    """Return the clean clips of a half."""
    return _DEVELOPMENT if half == "development" else _REPORTED


def sound(clip: Clip) -> Audio:
    """Read a clip, at `CLEAN_PEAK`; speech at `SPEECH_RATE_HZ`."""
    samples, rate = _read(clip.file)
    part = samples[:, round(clip.start_s * rate) : round(clip.end_s * rate)]
    if clip.kind == "speech":
        part, rate = _at_rate(part, rate, SPEECH_RATE_HZ), SPEECH_RATE_HZ
    scaled = part * (CLEAN_PEAK / np.abs(part).max())
    return Audio(np.ascontiguousarray(scaled, dtype=np.float32), rate)


def noise(name: str, half: Half, shape: tuple[int, int], rate: int) -> tuple[Signal, Signal]:
    """Make or cut a noise.

    Parameters
    ----------
    name : str
        One of `MADE` or `RECORDED`.
    half : str
        Which half of the recording, or which seed.
    shape : tuple of int
        Channels and frames.
    rate : int
        Frames a second.

    Returns
    -------
    tuple of ndarray, shapes (channels, frames) and (channels, print's frames)
        What is mixed in, and the print: the same noise at another time, as loud.
    """
    if name in RECORDED:
        return _recorded(name, half, shape, rate)
    channels, frames = shape
    dice = np.random.default_rng([7, SEEDS[half], *name.encode(), *shape])
    after = round(PRINT_SECONDS[1] * rate)
    made = MADE[name](dice, (channels, frames + after), rate)
    return made[:, :frames], made[:, frames:]


def _hiss(dice: np.random.Generator, shape: tuple[int, int], rate: int) -> Signal:
    """Make noise of a preamplifier: white, with a tilt of its own."""
    return _shaped(dice, shape, rate, lambda hertz: hertz ** dice.uniform(-0.1, 0.1))


def _tape(dice: np.random.Generator, shape: tuple[int, int], rate: int) -> Signal:
    """Make noise of tape: pink below a corner, flat above, and gone at the top."""
    corner, top = dice.uniform(300.0, 1_200.0), dice.uniform(13_000.0, 17_000.0)
    return _shaped(
        dice, shape, rate, lambda hertz: np.sqrt(1.0 + corner / hertz) / (1.0 + (hertz / top) ** 4)
    )


def _fan(dice: np.random.Generator, shape: tuple[int, int], rate: int) -> Signal:
    """Make noise of a fan: falling, with broad resonances, one of them that of the blades."""
    corner = dice.uniform(150.0, 500.0)
    peaks = [(dice.uniform(80.0, 2_500.0), dice.uniform(1.0, 4.0)) for _ in range(4)]

    def response(hertz: Signal) -> Signal:
        level = 1.0 / (1.0 + (hertz / corner) ** 1.5)
        for centre, height in peaks:
            level = level * (1.0 + height * np.exp(-((8.0 * np.log2(hertz / centre)) ** 2)))
        return np.asarray(level)

    return _shaped(dice, shape, rate, response)


def _hum(dice: np.random.Generator, shape: tuple[int, int], rate: int) -> Signal:
    """Make mains hum: a line that wanders by some hundredths of a hertz, and its harmonics."""
    channels, frames = shape
    mains = dice.choice([50.0, 60.0]) + dice.uniform(-0.04, 0.04)
    seconds = np.arange(frames) / rate
    wander = 0.02 * np.sin(2.0 * np.pi * seconds / dice.uniform(7.0, 20.0) + dice.uniform(0.0, 6.0))
    turns = 2.0 * np.pi * np.cumsum(mains + wander) / rate
    made = np.zeros(shape)
    for order in range(1, 31):
        weight = (0.4 if order % 2 == 0 else 1.0) * order**-0.9 * dice.uniform(0.3, 1.0)
        swell = 1.0 + 0.1 * np.sin(2.0 * np.pi * seconds / dice.uniform(5.0, 15.0))
        for channel in range(channels):
            gain, phase = dice.uniform(0.7, 1.0), dice.uniform(0.0, 0.5) + order**2
            made[channel] += gain * weight * swell * np.sin(order * turns + phase)
    return made


def _clicks(dice: np.random.Generator, shape: tuple[int, int], rate: int) -> Signal:
    """Make scratches and crackle: bursts of up to 1.5 ms that ring away, some over others."""
    channels, frames = shape
    made = np.zeros(shape)
    count = dice.poisson(frames / rate * 12.0)
    for first in dice.integers(0, frames - 1, count):
        long = int(rate * 10.0 ** dice.uniform(-3.9, -2.8)) + 2
        after = np.arange(min(long, frames - first))
        burst = dice.standard_normal(after.size) * np.exp(-4.0 * after / long)
        rounded = lfilter([1.0, dice.uniform(0.0, 0.8)], [1.0], burst)
        height = 10.0 ** (dice.uniform(-26.0, 0.0) / 20.0) / np.abs(rounded).max()
        sides = dice.uniform(0.3, 1.0, channels)
        made[:, first : first + after.size] += sides[:, None] * height * rounded
    return made


MADE: Mapping[str, Callable[[np.random.Generator, tuple[int, int], int], Signal]] = {
    "hiss": _hiss,
    "tape": _tape,
    "fan": _fan,
    "hum": _hum,
    "clicks": _clicks,
}


def _shaped(
    dice: np.random.Generator,
    shape: tuple[int, int],
    rate: int,
    response: Callable[[Signal], Signal],
) -> Signal:
    """Shape white noise; the channels share half of their power."""
    channels, frames = shape
    white = dice.standard_normal((channels + 1, frames))
    mixed = white[:channels] + white[channels] if channels > 1 else white[:1]
    hertz = np.maximum(np.fft.rfftfreq(frames, 1.0 / rate), 20.0)
    return np.fft.irfft(np.fft.rfft(mixed) * response(hertz), frames)


def _recorded(name: str, half: Half, shape: tuple[int, int], rate: int) -> tuple[Signal, Signal]:
    samples, native = _read(RECORDED[name])
    if name == "vinyl":
        above = butter(4, RUMBLE_HZ, "highpass", output="sos", fs=native)
        samples = np.asarray(sosfiltfilt(above, samples), dtype=np.float32)
    channels, frames = shape
    middle = samples.shape[1] // 2
    cut = samples[:, :middle] if half == "development" else samples[:, middle:]
    part: Signal = np.array(_at_rate(cut, native, rate)[:channels], dtype=np.float64)
    seconds = np.clip(PRINT_SHARE * part.shape[1] / rate, *PRINT_SECONDS)
    last = part.shape[1] - round(seconds * rate)
    return _looped(part[:, :last], frames, round(CROSSFADE_SECONDS * rate)), part[:, last:]


def _looped(part: Signal, frames: int, fade: int) -> Signal:
    """Repeat a noise, with cross-fades of constant power, until it is long enough."""
    rise = np.sin(np.linspace(0.0, np.pi / 2.0, fade))
    out = part
    while out.shape[1] < frames:
        joint = out[:, -fade:] * rise[::-1] + part[:, :fade] * rise
        out = np.concatenate([out[:, :-fade], joint, part[:, fade:]], axis=1)
    return out[:, :frames]


def _at_rate(samples: Samples | Signal, given: int, wanted: int) -> Samples:
    if given == wanted:
        return np.asarray(samples, dtype=np.float32)
    made = soxr.resample(np.ascontiguousarray(samples.T), given, wanted, "VHQ")
    return np.asarray(made.T, dtype=np.float32)


@lru_cache(maxsize=8)
def _read(place: str) -> tuple[Samples, int]:
    """Read a file, or the files of a folder as one mix."""
    path = Path(os.environ["BANDMATE_TEST_DATA"]) / place
    files = sorted(path.glob("*.flac")) if path.is_dir() else [path]
    read = [soundfile.read(file, dtype="float32", always_2d=True) for file in files]
    return sum(samples.T for samples, _ in read), read[0][1]
