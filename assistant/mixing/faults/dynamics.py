"""Dynamics: tracks that wander from near to far, and tracks whose dynamics were taken away.

A track that wanders is told by how loud it is when it plays, second by second: a good take keeps
within a few dB, and a song that grows does so slowly. What was compressed too hard is told by its
peaks, which all end at one level, and on drums by what swells up between strokes while the
compressor lets go. The first is cured; the second cannot be undone, and that is what is said.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.mixing.compression import compression_for
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.heard import Heard
from assistant.mixing.peaks import Peaks
from assistant.mixing.role_names import Role
from assistant.mixing.strip_moves import compressor_moves
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["Flatness", "Wandering", "find_dynamics", "flatness", "wandering"]

Row: TypeAlias = NDArray[np.float64]

SUNG = (Role.LEAD_VOCAL, Role.BACKING_VOCAL)
STRUCK = (Role.KICK, Role.SNARE, Role.TOMS, Role.HATS, Role.DRUMS)
MEANT = (Role.FX, Role.BUS)  # whose swells are what they are for
STEADY = (Role.LEAD_VOCAL, Role.BASS)  # what carries a song, and is to be heard throughout
SURE = 0.6  # of a role, to call anything a fault by it

PHRASE = MOMENTS_PER_SECOND  # moments
FAR_LU = 25.0  # under the loud phrases: what is softer is a rest
LEAST_PHRASES = 5
WANDERS_LU: Mapping[Role, float] = {
    **dict.fromkeys(SUNG, 7.5),
    **dict.fromkeys(STRUCK, 9.0),
    Role.FX: 12.0,
}  # from the soft to the loud phrases: good takes stay under it
WANDERS_ANYWAY_LU = 6.0
GONE_ASTRAY_LU = 11.0
JUMPS_LU = 3.0  # from one phrase to the next: a song that grows takes longer
WANTED_LU = 4.0  # what a good take keeps within
LEVELLING_RATIOS = (2.0, 6.0)

LOUD_DB = -20.0  # under the top
LEAST_STROKES, MANY_STROKES = 5, 12
ALIKE_DB = 0.15  # notes differ by more, if only by their pitch
ALIKE_DRUMS_DB = 1.0  # so do drums of different kinds
MACHINE_DB = 0.05  # strokes that differ by less are one sample over and over
STROKES_DB = -10.0  # under the top: loud ones
LEAST_SWELLS = 3
SHORTEST_GAP, LONGEST_GAP = 0.2, 2.0  # seconds from stroke to stroke
BEFORE_NEXT = 0.04  # seconds that may belong to the next stroke
FLAT_DB: Mapping[Role, float] = {
    **dict.fromkeys(SUNG, 0.8),
    Role.GUITAR: 0.7,
    Role.PAD: 0.5,
    Role.BASS: 0.25,
}  # within which a quarter of the levels lies: of takes that were left as they were, more
FLAT_ANYWAY_DB = 0.3
CRUSHED_DB = 1.6  # within which half of a voice lies; limited by 6 dB, it still has more than 2
SWELLS_DB = 4.5
FELL_DB = 15.0  # a stroke, before anything could swell after it


@dataclass(frozen=True, slots=True)
class Wandering:
    """How far a track goes from near to far.

    Parameters
    ----------
    spread : float
        From the softest tenth of its phrases to the loudest, in LU.
    jump : float
        From one phrase to the next, on average, in LU.
    phrases : int
        How many seconds there are in which it plays.
    """

    spread: float
    jump: float
    phrases: int


@dataclass(frozen=True, slots=True)
class Flatness:
    """How much of its dynamics a track still has.

    Parameters
    ----------
    quarter_db, half_db : float
        The narrowest span that holds a quarter, and half, of its loud levels: attacks that come
        through a compressor lie over it, and what dies away under it.
    strokes_db : float
        From the loudest of its onsets to the usual ones.
    strokes : int
        How many there are.
    swell_db : float
        By how much it usually rises again between two strokes; 0.0 where it never falls.
    """

    quarter_db: float
    half_db: float
    strokes_db: float
    strokes: int
    swell_db: float


def find_dynamics(tracks: Sequence[Track]) -> Generator[float, None, tuple[Fault, ...]]:
    """Find tracks that wander, and tracks that were compressed too hard.

    Parameters
    ----------
    tracks : sequence of Track
        May be memory-mapped: about a minute of each is read.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kinds ``"under_compression"`` and ``"over_compression"``.
    """
    found: list[Fault] = []
    for n, track in enumerate(tracks):
        if track.sounds:
            flat = tuple(_is_flat(track, flatness(track.peaks)))
            # What was pressed flat wanders only where its hiss swells up between phrases.
            found.extend(flat or _wanders(track, wandering(track.heard)))
        yield (n + 1) / len(tracks)
    return tuple(found)


def wandering(heard: Heard) -> Wandering:
    """Measure how far a track goes from near to far.

    Parameters
    ----------
    heard : Heard
        What was heard of it.

    Returns
    -------
    Wandering
        All 0 where there are no phrases.
    """
    phrases = heard.momentary[: len(heard.momentary) // PHRASE * PHRASE].reshape(-1, PHRASE)
    levels = phrases.max(axis=1, initial=-160.0)
    if not len(levels) or heard.silent:
        return Wandering(0.0, 0.0, 0)
    played = levels > np.percentile(levels, 95) - FAR_LU
    played &= _begins(heard, len(levels))
    if not played.any():
        return Wandering(0.0, 0.0, 0)
    soft, loud = np.percentile(levels[played], [10, 90])
    steps = np.abs(np.diff(levels))[played[1:] & played[:-1]]
    jump = float(steps.mean()) if len(steps) else 0.0
    return Wandering(float(loud - soft), jump, int(played.sum()))


def flatness(peaks: Peaks) -> Flatness:
    """Measure how much of its dynamics a track still has.

    Parameters
    ----------
    peaks : Peaks
        Of the track.

    Returns
    -------
    Flatness
        All 0 in silence.
    """
    levels = peaks.levels_db
    loud = levels[levels > peaks.top_db + LOUD_DB]
    if not len(loud):
        return Flatness(0.0, 0.0, 0.0, 0, 0.0)
    quarter, half = (_narrowest(loud, share) for share in (0.25, 0.5))
    cells, heights = peaks.onset_peaks()
    kept = heights > peaks.top_db + LOUD_DB
    usual, most = np.percentile(heights[kept], [50, 90]) if kept.any() else (0.0, 0.0)
    swell = _swell_db(levels, cells[heights > peaks.top_db + STROKES_DB], peaks.rate)
    return Flatness(quarter, half, float(most - usual), int(kept.sum()), swell)


def _narrowest(levels: Row, share: float) -> float:
    """Return the narrowest span of levels that holds a share of them."""
    ordered = np.sort(levels)
    count = int(share * len(ordered))
    return float((ordered[count:] - ordered[: len(ordered) - count]).min())


def _begins(heard: Heard, count: int) -> NDArray[np.bool_]:
    """Tell in which seconds something begins: what only dies away is no soft phrase."""
    begun = np.zeros(count + 1, dtype=bool)
    seconds = heard.onsets.times * MOMENTS_PER_SECOND / PHRASE
    begun[np.minimum(seconds.astype(np.int64), count)] = True
    return begun[:count]


def _swell_db(levels: Row, strokes: NDArray[np.int64], rate: int) -> float:
    """Tell by how much it rises between strokes, from where it is lowest, usually."""
    rises = []
    for first, last in zip(strokes[:-1].tolist(), strokes[1:].tolist(), strict=True):
        if SHORTEST_GAP * rate <= last - first <= LONGEST_GAP * rate:
            between = levels[first : last - round(BEFORE_NEXT * rate)]
            low = int(between.argmin())
            if between[0] - between[low] >= FELL_DB:
                tail = between[max(low, len(between) - round(BEFORE_NEXT * rate)) :]
                rises.append(float(np.median(tail)) - float(between[low]))
    return float(np.median(rises)) if len(rises) >= LEAST_SWELLS else 0.0


def _wanders(track: Track, heard: Wandering) -> Iterator[Fault]:
    limit = WANDERS_LU.get(track.role, WANDERS_ANYWAY_LU)
    if heard.phrases < LEAST_PHRASES or heard.spread < limit:
        return
    astray = heard.spread >= GONE_ASTRAY_LU and heard.jump >= JUMPS_LU
    astray = astray and track.role in STEADY and track.guess.confidence >= SURE
    ratio = float(np.clip(heard.spread / WANTED_LU, *LEVELLING_RATIOS))
    cure = compression_for(track, heard.spread - WANTED_LU, ratio=ratio)
    moves: list[Move] = []
    if cure is not None:
        moves = compressor_moves(track.name, cure.compressor, "levelling", cure.whys)
    why = (
        f"{track.name} wanders by {heard.spread:.0f} LU from its soft phrases to its loud ones,"
        f" {heard.jump:.0f} LU from one second to the next."
    )
    yield Fault(
        "under_compression",
        (track.name,),
        severity=min(1.0, (0.3 if astray else 0.1) + 0.03 * (heard.spread - limit)),
        value=heard.spread,
        unit="LU",
        confidence=0.9 if astray else 0.6,
        why=why + " Ride its fader where you can; a compressor does part of it.",
        listen_for=f"turned low, {track.name} disappears in some phrases and leaps out in others",
        is_taste=not astray,
        evidence={
            "from soft to loud": Reading(heard.spread, "LU"),
            "from one to the next": Reading(heard.jump, "LU"),
        },
        moves=tuple(moves),
    )


def _is_flat(track: Track, heard: Flatness) -> Iterator[Fault]:
    if track.role in MEANT or heard.strokes < LEAST_STROKES:
        return
    shown = dict(_flat_by(track.role, heard))
    if not shown:
        return
    crushed = track.role is Role.LEAD_VOCAL and heard.half_db < CRUSHED_DB
    crushed = crushed and track.guess.confidence >= SURE
    yield Fault(
        "over_compression",
        (track.name,),
        severity=0.6 if crushed else 0.2,
        value=next(iter(shown.values())),
        unit="dB",
        confidence=0.8 if crushed else 0.5,
        why=f"{track.name} has next to no dynamics left: {' and '.join(shown)}. If a compressor did"
        " that, no move brings it back: take the track from before it, or with a lower ratio;"
        " compress it no more.",
        listen_for="strokes and syllables that all come equally loud, and breath and room that"
        " swell up between them",
        is_taste=not crushed,
        evidence={
            "a quarter within": Reading(heard.quarter_db, "dB"),
            "half within": Reading(heard.half_db, "dB"),
            "loudest over usual notes": Reading(heard.strokes_db, "dB"),
            "swells between strokes": Reading(heard.swell_db, "dB"),
        },
    )


def _flat_by(role: Role, heard: Flatness) -> Iterator[tuple[str, float]]:
    """Say by what it shows that dynamics are gone, where it does, and by how many dB."""
    alike_db, quarter_db, swell_db = heard.strokes_db, heard.quarter_db, heard.swell_db
    many = heard.strokes >= MANY_STROKES
    if role in STRUCK and swell_db > SWELLS_DB:
        yield f"it swells up by {swell_db:.0f} dB between strokes", swell_db
    if role is Role.DRUMS and MACHINE_DB < alike_db < ALIKE_DRUMS_DB:
        yield f"its strokes all peak within {alike_db:.1f} dB", alike_db
    if role not in STRUCK and quarter_db < FLAT_DB.get(role, FLAT_ANYWAY_DB):
        yield f"a quarter of its loud moments lie within {quarter_db:.2f} dB", quarter_db
    if role not in STRUCK and many and alike_db < ALIKE_DB:
        yield f"its notes all peak within {alike_db:.2f} dB", alike_db
