"""Which faders bring a mix nearer to a reference: by roles where its stems are known, or by bands.

What is short in one part of the spectrum is best brought by the track that plays there. Faders are
sought that bring the third octaves of the sum nearest to those of the reference, in dB, where each
fader is held near to where it stands: so a track moves by as much as the spectrum asks for it
clearly, and what several could carry is shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.sounding import sounding
from assistant.dsp.third_octaves import Levels
from assistant.mixing.roles import Role
from assistant.mixing.track import Track

__all__ = [
    "MOST_GAIN_DB",
    "RoleGain",
    "by_bands",
    "by_roles",
    "held_by",
    "moved_db",
    "playing",
    "shared_out",
]

Row: TypeAlias = NDArray[np.float64]

MOST_GAIN_DB = 6.0
HELD = 1.0  # a fader 1 dB off its place weighs as much as so many third octaves 1 dB off
LEAD_HELD = 8.0  # that of who leads: it is not there to fill a spectrum
NOTHING = 1e-9  # of the power of the strongest third octave: no fader brings that
_FLOOR = 1e-16


@dataclass(frozen=True, slots=True)
class RoleGain:
    """How far a role stands from where it does in the reference.

    Parameters
    ----------
    here_lu, there_lu : float
        Loudness where it sounds, against the middle of all roles that both have.
    gain_db : float
        What brings it nearer, within limits.
    """

    here_lu: float
    there_lu: float
    gain_db: float


def playing(tracks: Sequence[Track]) -> list[Track]:
    """List the tracks whose faders count."""
    return [one for one in tracks if one.sounds and one.role is not Role.BUS]


def held_by(tracks: Sequence[Track]) -> Row:
    """Tell how firmly the fader of each track is held, shape (tracks,)."""
    return np.array([LEAD_HELD if one.role is Role.LEAD_VOCAL else HELD for one in tracks])


def by_roles(here: Sequence[Track], there: Sequence[Track]) -> Mapping[Role, RoleGain]:
    """Compare the balance of two sessions.

    Parameters
    ----------
    here, there : sequence of Track
        Of the mix and of the reference.

    Returns
    -------
    mapping of Role to RoleGain
        For the roles that both have: as many as there are tracks of one, they count as one.
    """
    ours, theirs = _role_levels(here), _role_levels(there)
    both = [role for role in ours if role in theirs]
    if len(both) < 2:
        return {}
    # Balance is what roles are against each other, so the middle of all differences is none.
    shift = float(np.median([theirs[role] - ours[role] for role in both]))
    middle = float(np.median([ours[role] for role in both]))
    return {role: _role_gain(ours[role] - middle, theirs[role] - shift - middle) for role in both}


def _role_gain(here_lu: float, there_lu: float) -> RoleGain:
    gain_db = min(max(there_lu - here_lu, -MOST_GAIN_DB), MOST_GAIN_DB)
    return RoleGain(here_lu, there_lu, gain_db)


def _role_levels(tracks: Sequence[Track]) -> dict[Role, float]:
    powers: dict[Role, float] = {}
    for one in playing(tracks):
        loudness = sounding(one.heard.moments).loudness
        if np.isfinite(loudness):
            powers[one.role] = powers.get(one.role, 0.0) + 10.0 ** (loudness / 10.0)
    return {role: 10.0 * float(np.log10(power)) for role, power in powers.items()}


def shared_out(tracks: Sequence[Track]) -> Row:
    """Tell how much power each track has in each third octave, over the whole song.

    Parameters
    ----------
    tracks : sequence of Track
        That sound.

    Returns
    -------
    ndarray of float64, shape (tracks, 31)
        Of both channels together, times the moments it lasts: so tracks of any length compare.
    """
    rows = [
        (one.heard.moments.left + one.heard.moments.right) * one.heard.moments.count
        for one in tracks
    ]
    return np.array(rows).reshape(len(tracks), 31)


def by_bands(powers: Row, held: Row, short_db: Levels, counts: NDArray[np.bool_]) -> Row:
    """Find the faders that bring the sum nearest to a reference.

    Parameters
    ----------
    powers : ndarray of float64, shape (tracks, 31)
        From `shared_out`.
    held : ndarray of float64, shape (tracks,)
        How firmly each fader is held: 1 dB of it weighs as much as so many third octaves 1 dB off.
    short_db : ndarray of float64, shape (31,)
        What the mix lacks in each third octave, in dB, by shape: its level is free.
    counts : ndarray of bool, shape (31,)
        Which third octaves can be compared.

    Returns
    -------
    ndarray of float64, shape (tracks,)
        In dB, -6.0 to 6.0; all 0.0 where nothing is off.
    """
    from scipy.optimize import least_squares

    tracks = len(powers)
    whole = powers.sum(axis=0)
    there = counts & (whole > NOTHING * whole.max(initial=0.0))
    if not there.any():
        return np.zeros(tracks)
    shares, wanted = powers[:, there] / whole[there], short_db[there]

    def off(knobs: Row) -> Row:
        gains, level = knobs[:-1], knobs[-1]
        moved = 10.0 * np.log10(np.maximum((10.0 ** (gains / 10.0)) @ shares, _FLOOR))
        return np.concatenate([moved - wanted - level, np.sqrt(held) * gains])

    def slopes(knobs: Row) -> Row:
        parts = 10.0 ** (knobs[:-1, None] / 10.0) * shares
        moved = (parts / np.maximum(parts.sum(axis=0), _FLOOR)).T
        above = np.column_stack([moved, -np.ones(len(moved))])
        below = np.column_stack([np.diag(np.sqrt(held)), np.zeros(tracks)])
        return np.concatenate([above, below])

    most = np.append(np.full(tracks, MOST_GAIN_DB), 60.0)
    found = least_squares(off, np.zeros(tracks + 1), slopes, bounds=(-most, most))
    return np.asarray(found.x[:-1])


def moved_db(powers: Row, gains_db: Row) -> Levels:
    """Tell what faders do to each third octave of the sum, in dB, shape (31,).

    Parameters
    ----------
    powers : ndarray of float64, shape (tracks, 31)
        From `shared_out`.
    gains_db : ndarray of float64, shape (tracks,)
        Of each.
    """
    before = np.maximum(powers.sum(axis=0), _FLOOR)
    after = np.maximum((10.0 ** (gains_db / 10.0)) @ powers, _FLOOR)
    return np.asarray(10.0 * np.log10(after / before))
