"""What the mastering bench listens to: excerpts that are reported, and sounds of many kinds.

The numbers of the limiter were chosen on sounds of these kinds, from seeds below `FIRST_UNHEARD`;
what is reported comes from seeds that nobody has tuned on, and from the finished mixes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from assistant.material import Audio
from bench.meter import music

__all__ = ["EXCERPT_SECONDS", "KINDS", "excerpts", "near_mono", "recorded", "unheard"]

Signal: TypeAlias = NDArray[np.float64]

RATE = 44_100
SECONDS = 6.0
EXCERPT_SECONDS = (20.0, 40.0)
FIRST_UNHEARD = 101
SEEDS = 2
CLIPPED_AT = 0.98
NEAR_MONO_DB = -30.0

_MINOR = (0, 3, 5, 7, 10, 12, 15, 19, 24)
_FORMANTS_HZ = ((650.0, 90.0), (1100.0, 100.0), (2500.0, 150.0))  # of an open vowel, with widths


def excerpts(folder: Path) -> dict[str, Audio]:
    """Cut twenty seconds out of each finished mix; the stems are short enough."""
    cut = {}
    for name, audio in music(folder).items():
        first, last = (int(audio.rate * second) for second in EXCERPT_SECONDS)
        if name == "clipped noise":
            continue
        samples = audio.samples[:, first:last] if audio.seconds > 60.0 else audio.samples
        cut[name] = Audio(np.ascontiguousarray(samples), audio.rate)
    return cut


def unheard() -> dict[str, list[Audio]]:
    """Make each kind of sound from seeds that nobody has tuned on."""
    seeds = range(FIRST_UNHEARD, FIRST_UNHEARD + SEEDS)
    return {kind: [make(seed) for seed in seeds] for kind, make in KINDS.items()}


def recorded(folder: Path) -> dict[str, list[Audio]]:
    """Read single instruments, which the limiter was developed on, and speech, one file of two."""
    read = {"instruments": "instruments/*.flac", "speech": "speech/librispeech-2.ogg"}
    found = {kind: [_read(file) for file in sorted(folder.glob(at))] for kind, at in read.items()}
    return {kind: sounds for kind, sounds in found.items() if sounds}


def near_mono(audio: Audio) -> Audio:
    """Take nearly all of the sides away."""
    middle = audio.samples.mean(axis=0)
    sides = audio.samples - middle
    return Audio(np.asarray(middle + sides * 10.0 ** (NEAR_MONO_DB / 20.0), np.float32), audio.rate)


def _read(file: Path) -> Audio:
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples[: int(SECONDS * rate)].T), rate)


def _band(dice: np.random.Generator) -> Signal:
    """Make drums, a bass and a chord in a tempo and a key of their own."""
    time, beat, root = _time(), dice.uniform(0.33, 0.7), dice.uniform(40.0, 65.0)
    kick = np.sin(2.0 * np.pi * 50.0 * (time % beat)) * _struck(time, beat, 0.15)
    snare = dice.standard_normal((2, time.size)) * _struck(time + beat / 2.0, beat, 0.06)
    pulse = np.sign(np.sin(2.0 * np.pi * root * time)) + 0.2
    bass = lfilter([0.05], [1.0, -0.95], pulse) * (0.6 + 0.4 * np.cos(2.0 * np.pi * time / 4.0))
    chord = _sines(root, (2.0, 2.5198, 2.9966, 4.0, 5.0397))
    shares = dice.uniform(0.1, 0.4, 4)
    mix: Signal = shares[0] * kick + shares[1] * snare + shares[2] * bass + 0.3 * shares[3] * chord
    return mix


def _hip_hop(dice: np.random.Generator) -> Signal:
    """Make a sub that falls and rings, claps, hats and a chord."""
    time, beat, lowest = _time(), 60.0 / dice.uniform(75.0, 95.0), dice.uniform(31.0, 44.0)
    sub = np.zeros(time.size)
    for n, start in enumerate(np.arange(0.0, SECONDS, beat * dice.choice([1.5, 2.0]))):
        first = int(start * RATE)
        after = time[: min(int(1.4 * beat * RATE), time.size - first)]
        hertz = lowest * (1.0, 1.0, 1.19, 0.89)[n % 4] * (1.0 + 1.5 * np.exp(-after / 0.02))
        note = np.tanh(1.5 * np.sin(_turns(hertz)) * np.exp(-after / 0.5))
        sub[first : first + after.size] += note
    hats = _above(7000.0, dice) * _struck(time, beat / 4.0, 0.015)
    claps = dice.standard_normal((2, time.size)) * _struck(time + beat, 2.0 * beat, 0.05)
    mix: Signal = 0.7 * sub + 0.15 * hats + 0.35 * claps + 0.05 * _sines(220.0, (1, 1.1892, 1.5, 2))
    return mix


def _metal(dice: np.random.Generator) -> Signal:
    """Make two distorted guitars, a double kick, a snare, cymbals and a bass."""
    time, root = _time(), dice.uniform(70.0, 85.0)
    guitars = [_guitar(time, root, 1.0 + 0.002 * dice.standard_normal()) for _ in range(2)]
    kick = _kick(time, 0.1, 60.0, (3.0, 0.01), 0.04)
    snare = dice.standard_normal(time.size) * _struck(time + 0.4, 0.8, 0.07)
    cymbals = _above(5000.0, dice) * _struck(time, 0.4, 0.3)
    bass = np.tanh(2.0 * np.sin(np.pi * root * time))
    mix: Signal = 0.5 * np.array(guitars) + 0.8 * (kick + snare) + 0.15 * cymbals + 0.3 * bass
    return mix


def _guitar(time: Signal, root: float, detuned: float) -> Signal:
    """Make muted power chords, distorted."""
    chord = sum(2.0 * ((root * ratio * detuned * time) % 1.0) - 1.0 for ratio in (1.0, 1.5, 2.0))
    muted = 0.3 + 0.7 * ((time % 0.2) < 0.12)
    cabinet = butter(2, (90.0, 5000.0), "bandpass", output="sos", fs=RATE)
    return np.asarray(sosfilt(cabinet, np.tanh(3.0 * chord * muted)))


def _dance(dice: np.random.Generator) -> Signal:
    """Make a kick on every beat, under which a sub and wide saws duck."""
    time, beat = _time(), 60.0 / dice.uniform(122.0, 132.0)
    ducked = 1.0 - 0.9 * _struck(time, beat, 0.12)
    saws = [
        sum(_saw(hertz, time, dice) for hertz in (220.0, 277.2, 329.6, 440.0) for _ in range(3))
        for _ in range(2)
    ]
    kick = _kick(time, beat, 48.0, (4.0, 0.015), 0.18)
    sub = np.sin(2.0 * np.pi * dice.uniform(45.0, 55.0) * time) * ducked
    hats = _above(8000.0, dice) * _struck(time + beat / 2.0, beat, 0.04)
    mix: Signal = 0.8 * kick + 0.45 * sub + np.array(saws) / 16.0 * ducked + 0.2 * hats
    return mix


def _saw(hertz: float, time: Signal, dice: np.random.Generator) -> Signal:
    detuned = hertz * (1.0 + 0.004 * dice.standard_normal())
    return 2.0 * ((detuned * time + dice.random()) % 1.0) - 1.0


def _plucked(dice: np.random.Generator) -> Signal:
    """Make strings by Karplus and Strong, each with a place of its own."""
    mix = np.zeros((2, int(SECONDS * RATE)))
    for start in np.arange(0.0, SECONDS - 0.2, 0.31):
        period = int(RATE / (110.0 * 2.0 ** (dice.choice(_MINOR) / 12.0)))
        first = int((start + dice.uniform(0.0, 0.02)) * RATE)
        burst = np.zeros(mix.shape[1] - first)
        count = min(period, burst.size)
        burst[:count] = dice.uniform(-1.0, 1.0, count)
        string = [1.0, *np.zeros(period - 1), -0.498, -0.498]
        note, pan = lfilter([dice.uniform(0.2, 1.0)], string, burst), dice.uniform(0.3, 0.7)
        mix[:, first:] += np.array([[pan], [1.0 - pan]]) * note
    return mix


def _chip(dice: np.random.Generator) -> Signal:
    """Make squares in arpeggios, a narrow pulse, a stepped triangle and clocked noise."""
    time = _time()
    arpeggio = 261.6 * 2.0 ** (np.array(_MINOR)[(time / 0.06).astype(int) % 6] / 12.0)
    melody = 220.0 * 2.0 ** (dice.choice(_MINOR[:5], 64)[(time / 0.25).astype(int)] / 12.0)
    bass = 55.0 * 2.0 ** (dice.choice((0, -5, 3), 16)[time.astype(int)] / 12.0)
    square = np.sign(np.sin(_turns(arpeggio)))
    pulse = np.where(_turns(melody) / (2.0 * np.pi) % 1.0 < 0.25, 1.0, -1.0)
    triangle = 4.0 * np.abs(_turns(bass) / (2.0 * np.pi) % 1.0 - 0.5) - 1.0
    noise = dice.choice((-1.0, 1.0), time.size // 8 + 1).repeat(8)[: time.size]
    both = 0.5 * np.round(8.0 * triangle) / 8.0 + 0.35 * noise * _struck(time, 0.25, 0.05)
    return np.stack([0.3 * square + 0.25 * pulse + both, 0.25 * square + 0.3 * pulse + both])


def _sung(dice: np.random.Generator) -> Signal:
    """Make a vowel with vibrato over plucked strings."""
    time, strings = _time(), _plucked(dice)
    steps = dice.choice((0, 2, 3, 5, 7), int(SECONDS / 0.75) + 1)[(time / 0.75).astype(int)]
    hertz = 196.0 * 2.0 ** (steps / 12.0) * (1.0 + 0.01 * np.sin(2.0 * np.pi * 5.5 * time))
    phase = _turns(hertz) / (2.0 * np.pi) % 1.0
    puffs = np.where(phase < 0.6, np.sin(np.pi * phase / 0.6) ** 2, 0.0)
    source = np.diff(puffs, prepend=0.0)
    voice = source.copy()
    for centre, width in _FORMANTS_HZ:
        radius = np.exp(-np.pi * width / RATE)
        ring = [1.0, -2.0 * radius * np.cos(2.0 * np.pi * centre / RATE), radius**2]
        voice += 3.0 * lfilter([1.0 - radius], ring, source)
    voice *= np.clip(1.5 * np.sin(np.pi * time / 0.75) ** 2, 0.0, 1.0)
    mix: Signal = strings / np.abs(strings).max() + 1.8 * voice / np.abs(voice).max()
    return mix


def _clipped(dice: np.random.Generator) -> Signal:
    """Make a dance mix that somebody has clipped already."""
    mix = _dance(dice)
    return np.asarray(np.clip(2.2 * mix / np.abs(mix).max(), -CLIPPED_AT, CLIPPED_AT))


def _time() -> Signal:
    return np.arange(int(SECONDS * RATE)) / RATE


def _turns(hertz: Signal) -> Signal:
    """Return the phase of a tone whose frequency moves, in radians."""
    return np.asarray(2.0 * np.pi * np.cumsum(hertz) / RATE)


def _struck(time: Signal, period: float, decay: float) -> Signal:
    """Return the level of what is struck once a period and dies away."""
    return np.asarray(np.exp(-(time % period) / decay))


def _kick(
    time: Signal, period: float, hertz: float, click: tuple[float, float], decay: float
) -> Signal:
    """Return a drum that begins higher, by so many radians over so many seconds."""
    after, (radians, seconds) = time % period, click
    phase = 2.0 * np.pi * (hertz * after + radians * (1.0 - np.exp(-after / seconds)))
    return np.asarray(np.sin(phase) * _struck(time, period, decay))


def _sines(root: float, ratios: tuple[float, ...]) -> Signal:
    time = _time()
    tones = [np.sin(2.0 * np.pi * root * ratio * time + n) for n, ratio in enumerate(ratios)]
    return np.asarray(np.sum(tones, axis=0))


def _above(hertz: float, dice: np.random.Generator) -> Signal:
    """Return stereo noise above a frequency."""
    noise = dice.standard_normal((2, int(SECONDS * RATE)))
    return np.asarray(sosfilt(butter(4, hertz, "highpass", output="sos", fs=RATE), noise))


def _made(make: Callable[[np.random.Generator], Signal], peak: float) -> Callable[[int], Audio]:
    def from_seed(seed: int) -> Audio:
        mix = np.atleast_2d(make(np.random.default_rng(seed)))
        return Audio(np.asarray(peak * mix / np.abs(mix).max(), dtype=np.float32), RATE)

    return from_seed


KINDS: Mapping[str, Callable[[int], Audio]] = {
    "band": _made(_band, 0.5),
    "hip-hop with a sub": _made(_hip_hop, 0.5),
    "metal": _made(_metal, 0.5),
    "dance": _made(_dance, 0.5),
    "plucked strings": _made(_plucked, 0.5),
    "chip tune": _made(_chip, 0.5),
    "voice and guitar": _made(_sung, 0.5),
    "clipped dance": _made(_clipped, CLIPPED_AT),
}
