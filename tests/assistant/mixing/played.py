"""Tracks to judge, played by numbers: notes that ring, and a voice with an s."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from assistant.material import Audio, Samples, Stem
from assistant.mixing.compression import compression_for
from assistant.mixing.heard import hear
from assistant.mixing.role_names import Role
from assistant.mixing.roles import RoleGuess
from assistant.mixing.strip_moves import compressor_moves
from assistant.mixing.track import Track
from assistant.moves import Move
from assistant.steps import result

RATE = 44_100
NOISE_DB = -80.0

Row = NDArray[np.float64]


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def track(
    sound: Row, role: Role, name: str = "track", rate: int = RATE, confidence: float = 1.0
) -> Track:
    audio = Audio(np.atleast_2d(sound).astype(np.float32), rate)
    guess = RoleGuess(role, confidence, "", None, role, True)
    return Track(Stem(name, audio), result(hear(audio)), guess)


def settings_for(
    one: Track, wanted_db: float, *, ratio: float | None = None, group: str = ""
) -> list[Move]:
    """Say a compressor that takes so much off a track as moves."""
    found = compression_for(one, wanted_db, ratio=ratio)
    return [] if found is None else compressor_moves(one.name, found.compressor, group, found.whys)


def notes(
    seconds: float, fades: float, seed: int = 1, spread_db: float = 3.0, gap: float = 0.4
) -> Row:
    """Play notes of different pitch and strength that die away, one every gap."""
    dice = np.random.default_rng(seed)
    out = 10.0 ** (NOISE_DB / 20.0) * dice.standard_normal(round(seconds * RATE))
    length = round(min(gap * 1.5, 4.0 * fades) * RATE)
    times = np.arange(length) / RATE
    for start in np.arange(0.1, seconds - 2.0 * gap, gap):
        hertz = 220.0 * 2.0 ** (dice.integers(0, 12) / 12.0)
        wave = sum(np.sin(2.0 * np.pi * k * hertz * times) / k for k in range(1, 6))
        level = 10.0 ** ((-16.0 + dice.uniform(-spread_db, spread_db)) / 20.0)
        rise = np.minimum(times / 0.003, 1.0)
        first = round(start * RATE)
        out[first : first + length] += level * wave * rise * np.exp(-times / fades)
    return np.asarray(out)


def strokes(seconds: float, seed: int = 1, spread_db: float = 2.0) -> Row:
    """Play a drum: low strokes that are soon over, twice a second, and hiss."""
    dice = np.random.default_rng(seed)
    out = 10.0 ** (-70.0 / 20.0) * dice.standard_normal(round(seconds * RATE))
    times = np.arange(round(0.3 * RATE)) / RATE
    for start in np.arange(0.1, seconds - 0.4, 0.5):
        level = 10.0 ** ((-6.0 + dice.uniform(-spread_db, spread_db)) / 20.0)
        stroke = level * np.sin(2.0 * np.pi * 90.0 * times) * np.exp(-times / 0.012)
        first = round(start * RATE)
        out[first : first + times.size] += stroke
    return np.asarray(out)


def words(seconds: float, s_db: float, seed: int = 1, rate: int = RATE) -> Row:
    """Speak: 0.45 s of a vowel and 0.1 s of an s, which is so loud against it in RMS."""
    dice, hissing = np.random.default_rng(seed), np.random.default_rng(seed)
    out = 10.0 ** (NOISE_DB / 20.0) * hissing.standard_normal(round(seconds * rate))
    band = [4_500.0, min(9_500.0, 0.45 * rate)]
    hiss = sosfilt(
        butter(4, band, "bandpass", output="sos", fs=rate), hissing.standard_normal(rate)
    )
    hiss /= np.std(hiss)
    for start in np.arange(0.1, seconds - 0.8, 0.6):
        times = np.arange(round(0.45 * rate)) / rate
        hertz = 150.0 * 2.0 ** dice.uniform(0.0, 0.7)
        vowel = sum(np.sin(2.0 * np.pi * k * hertz * times) / k for k in range(1, 9))
        vowel *= np.sin(np.pi * times / times[-1]) * dice.uniform(0.4, 1.0)
        first = round(start * rate)
        out[first : first + times.size] += 0.1 * vowel / np.std(vowel)
        first += times.size
        length = round(0.1 * rate)
        s = hiss[:length] * np.hanning(length) ** 0.5
        out[first : first + length] += 0.1 * 10.0 ** (s_db / 20.0) * s
    return np.asarray(out)
