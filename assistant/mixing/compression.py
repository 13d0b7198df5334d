"""Compressor settings for a track, from how it is played: from its own peaks and onsets.

Asked for is a reduction on the loud passages, as the meter of a compressor shows it. The threshold
is looked for by running the compressor itself on the peaks of the track, so what is promised is
what it does; a compressor in a DAW that detects otherwise is set by that same number. The attack
is as long as a stroke of this track lasts, so that the stroke comes through, and the release lets
go before the next one. Make-up is what it takes from the loudness, measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.compressor import Compressor, Reduction
from assistant.errors import MaterialError
from assistant.mixing.makeup import loudness_taken
from assistant.mixing.peaks import LONGEST_STROKE_MS, Peaks
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.moves import PARAMETERS

__all__ = ["Compression", "compression_for"]

Row: TypeAlias = NDArray[np.float64]

PLAYING_DB = -30.0  # under the top: what is softer is a rest
METER_SECONDS = 0.4  # within which a meter shows the most
LOUD = 75.0  # percentile of what the meter shows while the track plays: the loud passages
USUAL = 50.0
STEPS = 14  # halvings of 80 dB
FARTHEST_DB = 40.0  # under what is loud, a threshold lies: what is wanted may need a higher ratio
STEEPEST = 0.95  # 20:1

RELEASES = 3.0  # time constants of the release between two onsets: 95 % is gone
RELEASES_MS: Mapping[Role, tuple[float, float]] = {
    Role.BUS: (100.0, 200.0),  # it levels passages: faster it flutters with all that is struck
}
USUAL_RELEASES_MS = (50.0, 400.0)
RELEASE_MS = 150.0  # where there are too few onsets

RATIOS: Mapping[Role, float] = {
    Role.KICK: 4.0,
    Role.SNARE: 4.0,
    Role.TOMS: 4.0,
    Role.BASS: 4.0,
    Role.BACKING_VOCAL: 4.0,
    Role.LEAD_VOCAL: 3.0,
    Role.DRUMS: 2.5,
    Role.GUITAR: 2.5,
    Role.KEYS: 2.5,
    Role.OTHER: 2.5,
}
GENTLE = 2.0  # of all else

ATTACKS_MS: Mapping[Role, tuple[float, float]] = {
    Role.KICK: (10.0, 30.0),
    Role.SNARE: (5.0, 30.0),
    Role.TOMS: (10.0, 30.0),
    Role.HATS: (5.0, 20.0),
    Role.LEAD_VOCAL: (3.0, 10.0),
    Role.BACKING_VOCAL: (3.0, 10.0),
    Role.BUS: (15.0, 40.0),
}
USUAL_ATTACK_MS = (10.0, 40.0)


@dataclass(frozen=True, slots=True)
class Compression:
    """What a compressor is set to, and what it does then.

    Parameters
    ----------
    compressor : Compressor
        The settings, with the make-up that leaves the track as loud as it was.
    loud_db, usual_db : float
        What it takes off loud passages, and off most of them; above 0.0.
    stroke_ms : float
        How long a stroke of this track lasts.
    onsets_per_second : float
        As the release was taken from; 0.0 where there were too few.
    """

    compressor: Compressor
    loud_db: float
    usual_db: float
    stroke_ms: float
    onsets_per_second: float

    @property
    def whys(self) -> dict[str, str]:
        """What each knob is for, by its name, with what the meter of a compressor should show."""
        taken = f"{self.loud_db:.1f} dB off its loud passages and {self.usual_db:.1f} dB off most"
        struck = self.stroke_ms < LONGEST_STROKE_MS
        density = self.onsets_per_second
        return {
            "threshold_db": f"takes about {taken}: turn another compressor until its meter shows"
            " that",
            "ratio": f"with that threshold, takes about {taken}",
            "attack_ms": (
                f"its strokes last {self.stroke_ms:.0f} ms, and come through before it takes hold"
                if struck
                else "it is held rather than struck: no stroke has to come through"
            ),
            "release_ms": (
                f"lets go between its notes, {density:.1f} a second"
                if density
                else "it has too few notes to tell how fast it should let go"
            ),
            "makeup_db": "gives back what is taken, so that it is as loud as before",
        }


def compression_for(
    track: Track, wanted_db: float, *, ratio: float | None = None, shift_db: float = 0.0
) -> Compression | None:
    """Work out compressor settings.

    Parameters
    ----------
    track : Track
        What is to be compressed.
    wanted_db : float
        What to take off its loud passages, above 0.0.
    ratio : float, optional
        Over 1; by its role otherwise, and more where that cannot reach what is wanted.
    shift_db : float
        By how much the track is louder where it comes to the compressor than as it is.

    Returns
    -------
    Compression or None
        None for silence.

    Raises
    ------
    MaterialError
        Where nothing is wanted, or a ratio of 1 or less.
    """
    if wanted_db <= 0.0 or (ratio is not None and ratio <= 1.0):
        raise MaterialError(
            f"A compressor takes more than 0 dB off, at a ratio over 1; not {wanted_db:g} dB"
            + ("." if ratio is None else f" at {ratio:g}:1.")
        )
    peaks = track.peaks.turned(shift_db)
    if not peaks.held.any():
        return None
    slope = max(1.0 - 1.0 / (ratio or RATIOS.get(track.role, GENTLE)), wanted_db / FARTHEST_DB)
    wanted = _moving_with(peaks, track.role, 1.0 / (1.0 - min(slope, STEEPEST)))
    found = _fitted(peaks, wanted, wanted_db)
    lost_lu = min(
        loudness_taken(track, found.compressor, shift_db), PARAMETERS["comp.makeup_db"].high
    )
    made_up = replace(found.compressor, makeup_db=round(lost_lu, 1))
    return replace(found, compressor=made_up)


def _moving_with(peaks: Peaks, role: Role, ratio: float) -> Compressor:
    """Let strokes through and let go before the next one, as far as is usual for a role."""
    density = peaks.onsets_per_second()
    attack_ms = np.clip(peaks.stroke_ms(), *ATTACKS_MS.get(role, USUAL_ATTACK_MS))
    release_ms = 1000.0 / (RELEASES * density) if density else RELEASE_MS
    release_ms = float(np.clip(release_ms, *RELEASES_MS.get(role, USUAL_RELEASES_MS)))
    return Compressor(0.0, round(ratio, 1), round(float(attack_ms)), round(release_ms, -1))


def _fitted(peaks: Peaks, wanted: Compressor, wanted_db: float) -> Compression:
    """Find the threshold at which so much is taken off, by halving."""
    low, high = PARAMETERS["comp.threshold_db"].low, PARAMETERS["comp.threshold_db"].high
    playing = _metered(peaks.levels_db, peaks.rate) > peaks.top_db + PLAYING_DB
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        shown = _metered(_reduction_db(peaks, wanted, middle), peaks.rate)[playing]
        low, high = (middle, high) if np.percentile(shown, LOUD) > wanted_db else (low, middle)
    settings = replace(wanted, threshold_db=round(high, 1))
    shown = _metered(_reduction_db(peaks, wanted, settings.threshold_db), peaks.rate)[playing]
    loud_db, usual_db = (float(np.percentile(shown, share)) for share in (LOUD, USUAL))
    return Compression(settings, loud_db, usual_db, peaks.stroke_ms(), peaks.onsets_per_second())


def _reduction_db(peaks: Peaks, wanted: Compressor, threshold_db: float) -> Row:
    """Run the compressor on peaks: how far it takes each down, in dB above 0."""
    tried = replace(wanted, threshold_db=threshold_db)
    return np.asarray(-20.0 * np.log10(Reduction(tried, peaks.rate).gains(peaks.held)))


def _metered(values: Row, rate: int) -> Row:
    """Return what a meter shows: the highest in every so many cells."""
    width = max(1, round(METER_SECONDS * rate))
    count = -(-len(values) // width)
    return np.asarray(np.pad(values, (0, count * width - len(values)), "edge")
                      .reshape(count, width).max(axis=1))  # fmt: skip
