"""Tracks of a known role and loudness, for tests of what is told of a mix."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from assistant.dsp.sounding import sounding
from assistant.material import Audio, Stem
from assistant.mixing.heard import Heard, hear
from assistant.mixing.role_names import NameGuess, Role
from assistant.mixing.roles import RoleGuess
from assistant.mixing.track import Track
from assistant.steps import result

__all__ = ["BAND", "RATE", "band", "moved", "track"]

RATE = 8_000
BAND = {
    "kick": Role.KICK,
    "snare": Role.SNARE,
    "hats": Role.HATS,
    "bass": Role.BASS,
    "guitar": Role.GUITAR,
    "keys": Role.KEYS,
    "pad": Role.PAD,
    "vocal": Role.LEAD_VOCAL,
}


def track(
    name: str,
    role: Role,
    loudness: float,
    *,
    sure: float = 0.99,
    start: int = 0,
    named: bool = True,
) -> Track:
    """Make a track of noise, which lasts a second, at some LUFS."""
    audio, heard = _noise()
    by_name = NameGuess(role, name, sure) if named else None
    guess = RoleGuess(role, sure, "it is said so", by_name, role, True)
    stem = Stem(name, audio, start)
    made = Track(stem, heard, guess)
    return moved(made, loudness - sounding(heard.moments).loudness)


def moved(one: Track, gain_db: float) -> Track:
    """Turn a track up."""
    power = 10.0 ** (gain_db / 10.0)
    before = one.heard
    bands = replace(before.moments, powers=(power * before.moments.powers).astype(np.float32))
    heard = replace(
        before,
        loudness=before.loudness + gain_db,
        peak_db=before.peak_db + gain_db,
        true_peak_db=before.true_peak_db + gain_db,
        moments=bands,
    )
    return replace(one, heard=heard)


def band(**off_db: float) -> list[Track]:
    """Make eight tracks, each at its place in the natural balance but for what is said."""
    places = {
        Role.KICK: -6.0,
        Role.SNARE: -6.0,
        Role.HATS: -14.0,
        Role.BASS: -4.0,
        Role.GUITAR: -5.0,
        Role.KEYS: -6.0,
        Role.PAD: -9.0,
        Role.LEAD_VOCAL: 0.0,
    }
    return [
        track(name, role, -20.0 + places[role] + off_db.get(name, 0.0), sure=1.0)
        for name, role in BAND.items()
    ]


@lru_cache(maxsize=1)
def _noise() -> tuple[Audio, Heard]:
    samples = 0.05 * np.random.default_rng(1).standard_normal((1, RATE))
    audio = Audio(samples.astype(np.float32), RATE)
    return audio, result(hear(audio))
