"""Tracks that cover each other: a voice of overtones, bands of noise, strokes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from tests.assistant.mixing.played import Row, track

RATE = 22_050
SECONDS = 3.0


def voice(db: float = -20.0, seconds: float = SECONDS) -> Row:
    """Sing vowels on 220 Hz, two a second."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2.0 * np.pi * 220.0 * n * time + n**2) / n for n in range(1, 20))
    return at(tone * (0.3 + np.sin(2.0 * np.pi * 2.0 * time) ** 2), db)


def hiss(low_hz: float, high_hz: float, db: float, seed: int, seconds: float = SECONDS) -> Row:
    """Make noise in a band."""
    white = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    band = butter(4, (low_hz, high_hz), "bandpass", output="sos", fs=RATE)
    return at(np.asarray(sosfilt(band, white)), db)


def strokes(db: float = -20.0, seconds: float = SECONDS) -> Row:
    """Strike a drum of 60 Hz twice a second."""
    time = np.arange(round(seconds * RATE)) / RATE % 0.5
    return at(np.exp(-time / 0.08) * np.sin(2.0 * np.pi * 60.0 * time), db)


def at(sound: Row, db: float) -> Row:
    """Set a sound to an RMS in dBFS."""
    return np.asarray(sound * 10.0 ** (db / 20.0) / np.sqrt(np.mean(np.square(sound))))


def named(name: str, role: Role, sound: Row, start: int = 0, sure: float = 1.0) -> Track:
    """Make a track of it."""
    made = track(sound, role, name, RATE, sure)
    return replace(made, stem=replace(made.stem, start=start))


@lru_cache(maxsize=8)
def vocal(db: float = -20.0) -> Track:
    return named("vocal", Role.LEAD_VOCAL, voice(db))


@lru_cache(maxsize=8)
def guitar(db: float = -20.0) -> Track:
    return named("guitar", Role.GUITAR, hiss(500.0, 2_000.0, db, 1))


@lru_cache(maxsize=8)
def cymbals(db: float = -30.0) -> Track:
    return named("cymbals", Role.HATS, hiss(5_000.0, 9_000.0, db, 2))
