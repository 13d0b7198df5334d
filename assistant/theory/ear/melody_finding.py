"""Which notes of a score are the melody: by name, by register, by one note at a time in steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.material import Track

__all__ = ["Columns", "MelodyLine", "Role", "find_melody", "role_of"]

Role = Literal["melody", "chords", "bass", ""]

_NAMES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("bass", re.compile(r"(?i)\b(?:sub)?bass|\b808\b|\bbasse\b|\bbajo\b")),
    ("melody", re.compile(
        r"(?i)melod|\blead|voca?l|\bvox\b|voice|\bsing|tune\b|theme|\bsolo|top ?line")),
    ("chords", re.compile(
        r"(?i)chord|\bcomp|\bpads?\b|\barp|harmon|piano|\bkeys\b|rhodes|organ|guitar|\bgtr|strum")),
)  # fmt: skip
_BASS_PROGRAMS = range(32, 40)
_MOST_TRACKS = 64
_TOGETHER = 0.06  # beats
_FEWEST = 4  # notes
_ALONE = 0.8  # share of notes struck alone, in a track of one voice
_BASS_BELOW = 50.0
_OWN_WAY = ((0.25, 5.0), (0.03, 11.0))  # share of top notes struck alone, semitones over the rest
_STEPS = 0.35  # share of steps among the moves, at least
_STEP = 2.5  # semitones
_BELOW = 12.0  # semitones under the upper quarter of the top notes: no melody note is lower
_PLAIN = 1.5  # a rating of which more says no more


@dataclass(frozen=True, eq=False)
class Columns:
    """Notes by columns, in order of start and then of pitch.

    Parameters
    ----------
    starts, lengths : ndarray of float, shape (notes,)
        In beats.
    pitches : ndarray of int, shape (notes,)
        MIDI numbers, rounded.
    tracks : ndarray of int, shape (notes,)
        Place of its track.
    """

    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]
    pitches: NDArray[np.int64]
    tracks: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MelodyLine:
    """The melody.

    Parameters
    ----------
    places : ndarray of int, shape (notes,)
        Which rows of the columns it is.
    track : str
        Name of the track it is in.
    confidence : float
        How sure, 0.0 to 1.0.
    """

    places: NDArray[np.int64]
    track: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of notes: shares of notes struck alone and of steps, its median and its pitches."""

    alone: float
    steps: float
    middle: float
    kinds: int


def role_of(track: Track) -> Role:
    """Tell from its name, or from its General MIDI program, what a track plays.

    Parameters
    ----------
    track : Track
        A pitched one.

    Returns
    -------
    {"melody", "chords", "bass", ""}
        ``""`` where neither says.
    """
    for role, pattern in _NAMES:
        if pattern.search(track.name[:200]):
            return role
    return "bass" if track.program in _BASS_PROGRAMS else ""


def find_melody(columns: Columns, tracks: Sequence[Track]) -> MelodyLine | None:
    """Find the melody.

    A track that plays one note at a time is the likelier the melody the higher it lies and the
    more it moves in steps, and likeliest if it is called so. Where no track is one, the top notes
    of the track with most notes are it if they go their own way.

    Parameters
    ----------
    columns : Columns
        All pitched notes.
    tracks : sequence of Track
        What `Columns.tracks` counts.

    Returns
    -------
    MelodyLine or None
        None where nothing is like a melody.
    """
    counts = np.bincount(columns.tracks, minlength=len(tracks))
    busiest = np.argsort(-counts, kind="stable")[:_MOST_TRACKS]
    long = [int(place) for place in busiest if counts[place] >= _FEWEST]
    rows = {place: np.flatnonzero(columns.tracks == place) for place in long}
    ratings = {place: _rate(columns, rows[place], tracks[place]) for place in long}
    rated = sorted((place for place in long if ratings[place] > 0.0), key=lambda at: -ratings[at])
    if rated:
        best = rated[0]
        lead = ratings[best] - (ratings[rated[1]] if len(rated) > 1 else 0.0)
        sure = 0.4 + 0.2 * min(ratings[best], _PLAIN) + 0.2 * min(lead, _PLAIN)
        return MelodyLine(rows[best], tracks[best].name, min(0.98, sure))
    for place in long:
        if role_of(tracks[place]) != "bass":
            return _skyline(columns, rows[place], tracks[place])
    return None


def _rate(columns: Columns, rows: NDArray[np.int64], track: Track) -> float:
    """Rate how much a track is like a melody; above 0.0 it may be one."""
    role = role_of(track)
    line = _line(columns.starts[rows], columns.pitches[rows])
    if role == "bass" or line.kinds < 3:
        return 0.0
    if role != "melody":
        fewest_steps = _STEPS if role == "chords" else _STEPS / 2.0
        if line.alone < _ALONE or line.steps < fewest_steps or line.middle < _BASS_BELOW:
            return 0.0
    high = min(1.0, max(-1.0, (line.middle - 60.0) / 12.0))
    said = {"melody": 2.0, "chords": -0.5}.get(role, 0.0)
    return max(0.01, 0.5 + line.steps + 0.5 * high + said)


def _line(starts: NDArray[np.float64], pitches: NDArray[np.int64]) -> _Line:
    gaps = np.diff(starts) > _TOGETHER
    alone = np.concatenate(([True], gaps)) & np.concatenate((gaps, [True]))
    kinds = np.unique(pitches).size
    return _Line(float(alone.mean()), _steps(pitches[alone]), float(np.median(pitches)), kinds)


def _steps(pitches: NDArray[np.int64]) -> float:
    """Tell which share of the moves of a line are steps; 0.0 where it does not move."""
    moves = np.abs(np.diff(pitches))
    moves = moves[moves > 0]
    return float((moves < _STEP).mean()) if moves.size else 0.0


def _skyline(columns: Columns, rows: NDArray[np.int64], track: Track) -> MelodyLine | None:
    """Take the top notes of a track, if they have a rhythm of their own and lie apart."""
    starts, pitches = columns.starts[rows], columns.pitches[rows]
    last = np.append(np.diff(starts) > _TOGETHER, True)  # in order of pitch: the top one
    first = np.concatenate(([True], last[:-1]))
    top = last & ~_covered(starts, columns.lengths[rows], pitches)
    high = float(np.quantile(pitches[top], 0.75))
    kept = np.flatnonzero(top & (pitches >= high - _BELOW))
    rest = np.delete(pitches, kept)
    if not rest.size or kept.size < _FEWEST:
        return None
    own = float(first[kept].mean())
    apart = high - float(np.median(rest))
    steps = _steps(pitches[kept])
    own_way = any(own >= rhythm and apart >= space for rhythm, space in _OWN_WAY)
    if not own_way or steps < _STEPS:
        return None
    return MelodyLine(rows[kept], track.name, min(0.7, 0.3 + 0.4 * steps))


def _covered(
    starts: NDArray[np.float64], lengths: NDArray[np.float64], pitches: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which notes start while a higher one, the last top note, sounds on."""
    covered = np.zeros(starts.size, dtype=np.bool_)
    ends = (starts + lengths - _TOGETHER).tolist()
    high, until = -1, -np.inf
    for place, (start, pitch) in enumerate(zip(starts.tolist(), pitches.tolist(), strict=True)):
        if start < until and pitch < high:
            covered[place] = True
        else:
            high, until = pitch, ends[place]
    return covered
