"""What brings a mix nearer to a reference, worked out step by step: faders, then the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band, response_db
from assistant.dsp.third_octaves import CENTRES_HZ, Levels
from assistant.mixing.carrying import (
    RoleGain,
    by_bands,
    by_roles,
    held_by,
    moved_db,
    playing,
    shared_out,
)
from assistant.mixing.compression import Compression
from assistant.mixing.heard import Heard
from assistant.mixing.mix_bus import Width, bus_bands, bus_squeeze, bus_width, density_db, range_lu
from assistant.mixing.roles import Role
from assistant.mixing.shapes import empty, levelled, short_of, spread_db
from assistant.mixing.track import Track

__all__ = ["Nearing", "nearing"]

Mask: TypeAlias = NDArray[np.bool_]

LEAST_GAIN_DB = 1.0  # what is less is not worth a move
NO_SIDE_DB = -100.0


@dataclass(frozen=True, eq=False)
class Nearing:
    """What is to be done, and what is then left.

    Parameters
    ----------
    mix, reference : Heard
        The sum as it is, and what it comes nearer to.
    tracks : tuple of Track
        Whose faders count.
    strangers : tuple of Track
        Stems of the reference; empty where they are not known.
    gains_db : tuple of float
        Of each track's fader; 0.0 where it stays.
    roles : mapping of Role to RoleGain
        What faders go by; empty where they go by the spectrum.
    bands : tuple of Band
        EQ of the sum.
    side_db : float
        Sides against the middle of the sum, once the faders are moved.
    width : Width
        Of the sum.
    squeeze : Compression or None
        Compressor of the sum.
    wider_lu : float
        By how much the loudness of the mix ranges further.
    denser_db : float
        By how much the peaks of the reference are nearer to its loudness.
    short_db, left_db : ndarray of float64, shape (31,)
        What the mix lacks in each third octave before, and after faders and EQ.
    counts : ndarray of bool, shape (31,)
        Which of them can be compared.
    """

    mix: Heard
    reference: Heard
    tracks: tuple[Track, ...]
    strangers: tuple[Track, ...]
    gains_db: tuple[float, ...]
    roles: Mapping[Role, RoleGain]
    bands: tuple[Band, ...]
    side_db: float
    width: Width
    squeeze: Compression | None
    wider_lu: float
    denser_db: float
    short_db: Levels
    left_db: Levels
    counts: Mask

    @property
    def before_db(self) -> float:
        """How far the spectra are apart by shape."""
        return spread_db(self.short_db, self.counts)

    @property
    def after_db(self) -> float:
        """The same after faders and EQ, as far as that can be told without rendering."""
        return spread_db(self.left_db, self.counts)


def nearing(
    tracks: Sequence[Track],
    mix: Track,
    reference: Heard,
    strangers: Sequence[Track] = (),
) -> Nearing:
    """Work out what brings a mix nearer to a reference.

    Parameters
    ----------
    tracks : sequence of Track
        Of the mix.
    mix : Track
        Their sum, as a bus. About a minute of it is read.
    reference : Heard
        What to come nearer to.
    strangers : sequence of Track
        Its stems, where they are known.

    Returns
    -------
    Nearing
        Within limits.
    """
    played = playing(tracks)
    powers = shared_out(played)
    heard = mix.heard
    short_db, counts = short_of(heard, reference)
    reached = counts & ~empty(heard)  # what is not there, no EQ brings out
    roles = by_roles(played, strangers)
    if roles:
        gains = np.array([roles[one.role].gain_db if one.role in roles else 0.0 for one in played])
    else:
        gains = by_bands(powers, held_by(played), short_db, reached)
    gains = np.where(np.abs(gains) >= LEAST_GAIN_DB, np.round(gains, 1), 0.0)
    after = levelled(short_db - moved_db(powers, gains), counts)
    bands = bus_bands(after, reached, heard.rate)
    hertz = np.minimum(np.array(CENTRES_HZ), 0.49 * heard.rate)
    side_db = _side_after(played, gains, heard.side_db)
    wider_lu = range_lu(heard) - range_lu(reference)
    return Nearing(
        mix=heard,
        reference=reference,
        tracks=tuple(played),
        strangers=tuple(playing(strangers)),
        gains_db=tuple(float(one) for one in gains),
        roles=roles,
        bands=bands,
        side_db=side_db,
        width=bus_width(side_db, reference.side_db),
        squeeze=bus_squeeze(mix, wider_lu),
        wider_lu=wider_lu,
        denser_db=density_db(heard, reference),
        short_db=short_db,
        left_db=levelled(after - response_db(bands, hertz, heard.rate), counts),
        counts=counts,
    )


def _side_after(tracks: Sequence[Track], gains_db: NDArray[np.float64], side_db: float) -> float:
    """Tell the sides against the middle once faders are moved: tracks count as independent."""
    if side_db < NO_SIDE_DB:
        return side_db
    middle, side = np.zeros(2), np.zeros(2)
    for one, gain_db in zip(tracks, gains_db, strict=True):
        bands = one.heard.moments
        grown = bands.count * np.array([1.0, 10.0 ** (gain_db / 10.0)])
        both, shared = float((bands.left + bands.right).sum()), 2.0 * float(bands.shared.sum())
        middle, side = middle + grown * (both + shared), side + grown * (both - shared)
    before, after = 10.0 * np.log10(np.maximum(side, 1e-16) / np.maximum(middle, 1e-16))
    return side_db + float(after - before)
