"""Hum of the mains: 50 or 60 Hz and their harmonics, as steady as nothing that is played.

It is heard where all else rests, so that it is looked for there alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.hum_windows import HumLine, WindowedHum, hum_in
from assistant.dsp.lasting import Lasting, lasting
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_hums"]

Spans: TypeAlias = list[tuple[float, float]]

WHOLE_SECONDS = 30.0  # what is no longer is looked at from beginning to end
SPAN_SECONDS, STEP_SECONDS = 20.0, 5.0
MOST_SPANS = 2
SHORTEST_SECONDS = 1.5
BANDS = slice(4, 13)  # 50 to 315 Hz, where hum is strongest
QUIET = 10  # percentile of the moments
SILENT = 1e-12
MATTERS_DB = -55.0  # against the sound: what is fainter in those bands at their quietest is no hum
FAULT_DB = -42.0
MOST_BELLS = 3
BELL_Q = 30.0
LEFT_DB = -36.0  # of a harmonic, against the sound
LEAST_CUT_DB, MOST_CUT_DB = 3.0, 18.0


def find_hums(tracks: Sequence[Track]) -> Generator[float, None, tuple[Fault, ...]]:
    """Find tracks that hum.

    Parameters
    ----------
    tracks : sequence of Track
        Of a session. Of their samples at most 40 s each are read.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kind ``"hum"``; its value is the level of the hum against the sound, in dB. A matter
        of taste where it is faint.
    """
    found: list[Fault] = []
    for n, track in enumerate(tracks):
        lasts = lasting(track.heard.moments.powers) if track.sounds else None
        if lasts is not None:
            heard = hum_in(track.audio, _spans(track, lasts))
            found.extend([] if heard is None else [_hums(track, lasts, heard)])
        yield (n + 1) / len(tracks)
    return tuple(found)


def _spans(track: Track, lasts: Lasting) -> Spans:
    """Choose where hum would be heard best; nowhere where it could not be loud enough."""
    powers = track.heard.moments.powers
    low = np.where(powers.max(axis=1) > SILENT, powers[:, BANDS].sum(axis=1), np.nan)
    seconds = track.heard.seconds
    length = seconds if seconds <= WHOLE_SECONDS else SPAN_SECONDS
    starts = np.append(np.arange(0.0, seconds - length, STEP_SECONDS), seconds - length)
    ends = starts + length
    quiet = []
    for start, end in zip(starts, ends, strict=True):
        here = slice(round(start * MOMENTS_PER_SECOND), round(end * MOMENTS_PER_SECOND))
        quiet.append(_quiet(low[here]) if track.heard.active[here].any() else np.inf)
    least = 10.0 ** ((lasts.sounding_db + MATTERS_DB) / 10.0)
    chosen: Spans = []
    for n in np.argsort(quiet, kind="stable"):
        span = float(starts[n]), float(ends[n])
        apart = all(span[0] >= end or span[1] <= start for start, end in chosen)
        if least <= quiet[n] < np.inf and apart and span[1] - span[0] >= SHORTEST_SECONDS:
            chosen.append(span)
    return chosen[:MOST_SPANS]


def _quiet(low: NDArray[np.float32]) -> float:
    """Return the power of the softest moments that are not cut silent; infinity in silence."""
    there = low[np.isfinite(low)]
    if there.size < SHORTEST_SECONDS * MOMENTS_PER_SECOND:
        return np.inf
    return float(np.percentile(there, QUIET))


def _hums(track: Track, lasts: Lasting, heard: WindowedHum) -> Fault:
    hum = heard.hum
    against_db = hum.level_db - lasts.sounding_db
    why = (
        f"{track.name} hums: {hum.lines} harmonics of the mains at {hum.hertz:.2f} Hz, together at"
        f" {hum.level_db:.0f} dBFS, {_beside(against_db)} its sound, go on through rests and notes."
        " Narrow cuts soften the strongest; denoise takes the hum out and leaves the notes."
    )
    return Fault(
        "hum",
        (track.name,),
        severity=float(np.interp(against_db, (-60.0, FAULT_DB, -10.0), (0.1, 0.3, 0.8))),
        value=against_db,
        unit="dB",
        confidence=float(np.clip(hum.sure, 0.0, 0.99)),
        why=why,
        listen_for=f"solo {track.name} around {heard.second:.0f} s: a steady low note in its rests",
        is_taste=against_db < FAULT_DB,
        evidence={
            "mains": Reading(hum.hertz, "Hz"),
            "harmonics": Reading(float(hum.lines), ""),
            "hum": Reading(hum.level_db, "dBFS"),
            "against the sound": Reading(against_db, "dB"),
        },
        moves=tuple(_bells(track.name, lasts, heard.lines[:MOST_BELLS], why)),
    )


def _bells(name: str, lasts: Lasting, lines: Sequence[HumLine], why: str) -> Iterator[Move]:
    """Cut the strongest harmonics, each by as much as it stands out."""
    for line in lines:
        over_db = line.level_db - lasts.sounding_db - LEFT_DB
        if over_db < LEAST_CUT_DB:
            continue
        group = f"hum {line.hertz:.0f} Hz"
        yield Move(name, "eq.freq_hz", line.hertz, why, group=group)
        yield Move(name, "eq.gain_db", -min(over_db, MOST_CUT_DB), why, group=group)
        yield Move(name, "eq.q", BELL_Q, why, group=group)


def _beside(against_db: float) -> str:
    return f"{-against_db:.0f} dB under" if against_db <= -0.5 else "as loud as"
