"""Made sounds that a careless detector takes for hum, clicks, clipping or noise: all are music."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from assistant.material import Audio
from bench.denoise_material import SEEDS, Half

__all__ = ["TRAPS"]

Signal: TypeAlias = NDArray[np.float64]

RATE = 44_100
SECONDS = 6.0
PEAK = 0.5


def _bass(dice: np.random.Generator) -> Signal:
    """Play long notes at and near 50 and 60 Hz, with harmonics, and rests."""
    hertz = dice.choice([49.0, 50.0, 51.91, 55.0, 58.27, 60.0], 4)
    return _notes([(_turns(np.full(_frames(1.3), one)), 1.3) for one in hertz], _harmonics)


def _sub(dice: np.random.Generator) -> Signal:
    """Play a sub that falls onto 50 or 60 Hz and rings."""
    after = np.arange(_frames(1.4)) / RATE
    falls = dice.choice([50.0, 60.0], 4)[:, None] * (1.0 + 1.5 * np.exp(-after / 0.02))
    return _notes(
        [(_turns(hertz), 0.6) for hertz in falls], lambda turns: np.tanh(1.5 * np.sin(turns))
    )


def _drone(dice: np.random.Generator) -> Signal:
    """Blow a didgeridoo: one steady note near 60 Hz whose vowel moves, and breaths."""
    time = np.arange(_frames(SECONDS)) / RATE
    turns = _turns(np.full(time.size, dice.choice([58.27, 60.0, 61.74])))
    vowel = np.sin(2.0 * np.pi * dice.uniform(1.0, 2.0) * time)
    orders = np.arange(1, 40)
    made = np.zeros(time.size)
    for order in orders:
        centre = 12.0 + 6.0 * vowel
        made += np.sin(order * turns) * (order**-1.0 + np.exp(-(((order - centre) / 3.0) ** 2)))
    breath = np.clip(8.0 * np.abs(np.sin(np.pi * time / 3.0)), 0.0, 1.0)
    return made * breath


def _organ(dice: np.random.Generator) -> Signal:
    """Hold a chord without a gap: nothing of it is noise or hum."""
    time = np.arange(_frames(SECONDS)) / RATE
    made = np.zeros(time.size)
    for hertz in 110.0 * 2.0 ** (dice.choice(24, 4, replace=False) / 12.0):
        for order in (1, 2, 3, 4, 6, 8):
            made += np.sin(2.0 * np.pi * order * hertz * time + dice.uniform(0.0, 6.0)) / order
    return made


def _square(dice: np.random.Generator) -> Signal:
    """Play a square wave: its flat tops are no clipping, its edges no clicks."""
    steps = dice.choice([0, 3, 5, 7, 10, 12], 24)
    length = _frames(0.25)
    turns = _turns(np.repeat(220.0 * 2.0 ** (steps / 12.0), length))
    return np.asarray(np.sign(np.sin(turns)))


def _rim(dice: np.random.Generator) -> Signal:
    """Strike rims and claves: single hits of some milliseconds."""
    made = np.zeros(_frames(SECONDS))
    for first in np.arange(0.1, SECONDS - 0.1, 0.1875):
        if dice.random() < 0.7:
            after = np.arange(_frames(0.05))
            hertz, decay = dice.uniform(1_500.0, 3_500.0), dice.uniform(0.001, 0.006) * RATE
            hit = np.exp(-after / decay) * np.sin(2.0 * np.pi * hertz * after / RATE)
            hit[:20] += dice.uniform(0.0, 1.0) * dice.standard_normal(20)
            made[_frames(first) :][: hit.size] += dice.uniform(0.2, 1.0) * hit
    return made


def _hats(dice: np.random.Generator) -> Signal:
    """Play hi-hats and a shaker: noise that is music."""
    white = dice.standard_normal(_frames(SECONDS))
    bright = sosfilt(butter(4, 6_000.0, "highpass", output="sos", fs=RATE), white)
    time = np.arange(white.size) / RATE
    closed = np.exp(-(time % 0.25) / 0.03)
    opened = np.exp(-((time + 0.25) % 1.0) / 0.25)
    return np.asarray(bright * (closed + 0.7 * opened))


def _waves(dice: np.random.Generator) -> Signal:
    """Sweep a filter over noise, as a riser does."""
    white = dice.standard_normal(_frames(SECONDS))
    edges = np.geomspace(300.0, 6_000.0, 48)
    parts = np.array_split(white, edges.size)
    state, made = np.zeros(2), []
    for part, hertz in zip(parts, edges, strict=True):
        radius, angle = 0.97, 2.0 * np.pi * hertz / RATE
        poles = [1.0, -2.0 * radius * np.cos(angle), radius**2]
        out, state = lfilter([1.0 - radius], poles, part, zi=state)
        made.append(out)
    return np.concatenate(made) * np.linspace(0.05, 1.0, white.size)


def _brushed(dice: np.random.Generator) -> Signal:
    """Brush a snare: broad noise that swells with the beat and is never quite gone."""
    white = dice.standard_normal(_frames(SECONDS))
    snare = sosfilt(butter(2, (400.0, 9_000.0), "bandpass", output="sos", fs=RATE), white)
    time = np.arange(white.size) / RATE
    stir = 0.25 + 0.75 * np.abs(np.sin(2.0 * np.pi * time / 0.6)) ** 3
    taps = 2.0 * np.exp(-((time + 0.3) % 0.6) / 0.03)
    return np.asarray(snare * (stir + taps))


def _notes(notes: list[tuple[Signal, float]], tone: Callable[[Signal], Signal]) -> Signal:
    """Play one note after another, each as long as its turns, dying away in some seconds."""
    played = []
    for turns, decay in notes:
        after = np.arange(turns.size) / RATE
        swell = np.minimum(after / 0.005, 1.0) * np.minimum((turns.size / RATE - after) / 0.05, 1.0)
        played += [tone(turns) * swell * np.exp(-after / decay), np.zeros(_frames(0.15))]
    return np.concatenate(played)


def _harmonics(turns: Signal) -> Signal:
    return np.asarray(sum(np.sin(order * turns + order) / order**1.3 for order in range(1, 20)))


def _turns(hertz: Signal) -> Signal:
    return np.asarray(2.0 * np.pi * np.cumsum(hertz) / RATE)


def _frames(seconds: float) -> int:
    return round(seconds * RATE)


def _made(make: Callable[[np.random.Generator], Signal]) -> Callable[[Half], Audio]:
    def of_half(half: Half) -> Audio:
        sound = make(np.random.default_rng([11, SEEDS[half], *make.__name__.encode()]))
        scaled = PEAK * sound / np.abs(sound).max()
        return Audio(np.asarray(scaled, dtype=np.float32)[None, :], RATE)

    return of_half


TRAPS: Mapping[str, Callable[[Half], Audio]] = {
    "bass at 50 and 60 Hz": _made(_bass),
    "sub on 50 and 60 Hz": _made(_sub),
    "drone at 60 Hz": _made(_drone),
    "held organ chord": _made(_organ),
    "square wave": _made(_square),
    "rims and claves": _made(_rim),
    "hi-hats and shaker": _made(_hats),
    "riser of noise": _made(_waves),
    "brushed snare": _made(_brushed),
}
