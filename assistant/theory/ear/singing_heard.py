"""From the fundamental of one voice to its notes.

A hidden Markov model with three states for each semitone (beginning, steady, silent), in the manner
of Mauch et al., "Computer-aided melody note transcription using the Tony software", TENOR 2015; on
pitches measured from a tuning that follows the singer, and with beginnings where loudness rises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.note_states import best_path

__all__ = ["SungNote", "VoiceTrack", "around", "beginnings", "drifting_tuning", "find_notes"]

Array = NDArray[np.float64]

_VOICED = 0.5
# Log odds that the same note begins again, in the rise of loudness (dB) and in onset strength above
# what it is while a note is held; of sung and plucked notes made for it.
_AGAIN = (-6.8, 2.2, 1.6)
_AGAIN_SPAN = (-8.0, 14.0)
_RISE_FRAMES = 4
_STEEP = 0.1  # a decibel: of equally likely frames that one where it leaps up
_TUNING_SECONDS = 3.0  # spread of the window in which the tuning is told
_FLAT_PER_FRAME = 0.12  # semitones: a frame that moves less tells of the tuning
_SHORTEST = 0.07  # seconds
_GRACE = 0.11  # seconds: a shorter one that leans on its neighbour is a scoop
_OCTAVES = (12, 19, 24)  # semitones by which trackers slip
_SLIP = 0.15  # seconds: such a leap that lasts no longer is one
_FAINT_DB = 12.0  # under both neighbours: a short note is the dip between them
_ATTACK_DB, _ATTACK_SHARE = 5.0, 0.5  # a rise that marks a beginning, and where in it
_QUIET_DB = 38.0  # under the loud frames: nothing is sung there


_Span = tuple[int, int, int]  # first frame, frame after the last, number


class VoiceTrack(Protocol):
    """The fundamental of a voice: see `assistant.dsp.f0.F0Track`."""

    @property
    def times(self) -> Array:
        """The middle of each frame, seconds."""

    @property
    def pitch(self) -> Array:
        """MIDI numbers with fractions."""

    @property
    def confidence(self) -> Array:
        """That a frame is voiced, 0.0 to 1.0."""

    @property
    def level_db(self) -> Array:
        """Level of each frame."""

    @property
    def hop_seconds(self) -> float:
        """From frame to frame."""


@dataclass(frozen=True, slots=True)
class SungNote:
    """A note of a voice.

    Parameters
    ----------
    pitch : int
        MIDI number, as the singer meant it.
    start, end : float
        Seconds.
    cents : float
        How far it was sung from that note of the singer's own tuning.
    tuning : float
        The singer's tuning there: semitones above concert pitch.
    steady : float
        Share of its frames that lie within a third of a semitone of it.
    level_db : float
        Its loudest frame.
    """

    pitch: int
    start: float
    end: float
    cents: float
    tuning: float
    steady: float
    level_db: float


def find_notes(track: VoiceTrack, onsets: Array) -> tuple[SungNote, ...]:
    """Find the notes of a voice.

    Parameters
    ----------
    track : VoiceTrack
        Its fundamental, 10 to 20 ms from frame to frame.
    onsets : ndarray of float, shape (frames,)
        How strongly something begins at each frame, its spread over the sound 1.

    Returns
    -------
    tuple of SungNote
        In order; none where nothing is voiced.
    """
    loud = track.level_db > np.quantile(track.level_db, 0.95) - _QUIET_DB
    confidence = np.where(loud, track.confidence, 0.0)
    voiced = confidence >= _VOICED
    if voiced.sum() < 4:
        return ()
    tuning = drifting_tuning(track.pitch, voiced, track.hop_seconds)
    pitch = track.pitch - tuning
    low, high = (int(np.round(np.quantile(pitch[voiced], q))) for q in (0.005, 0.995))
    path = best_path(
        pitch, confidence, beginnings(track.level_db, onsets, voiced), low - 1, high + 1
    )
    spans = _merged(_spans(path), track)
    notes = [_note(first, last, number, pitch, tuning, track) for first, last, number in spans]
    return tuple(note for note in notes if note.end - note.start >= _SHORTEST)


def drifting_tuning(pitch: Array, voiced: NDArray[np.bool_], hop_seconds: float) -> Array:
    """Tell how far a voice is from concert pitch, as it drifts.

    Parameters
    ----------
    pitch : ndarray of float, shape (frames,)
        MIDI numbers with fractions.
    voiced : ndarray of bool, shape (frames,)
        Which frames count.
    hop_seconds : float
        From frame to frame.

    Returns
    -------
    ndarray of float, shape (frames,)
        Semitones, without jumps; within half a semitone of concert pitch on the whole.
    """
    held = voiced & (np.abs(np.gradient(pitch)) < _FLAT_PER_FRAME)
    turns = np.where(held, np.exp(2j * np.pi * pitch), 0.0)
    reach = round(3.0 * _TUNING_SECONDS / hop_seconds)
    spread = np.arange(-reach, reach + 1) * hop_seconds / _TUNING_SECONDS
    window = np.exp(-0.5 * spread**2)
    whole = turns.sum() / max(int(held.sum()), 1)
    local = np.convolve(turns, window, "full")[reach : reach + pitch.size]
    angles = np.unwrap(np.angle(local + 2.0 * whole + 1e-9))
    tuning = angles / (2.0 * np.pi)
    return np.asarray(tuning - np.round(np.median(tuning)), dtype=np.float64)


def beginnings(level_db: Array, onsets: Array, voiced: NDArray[np.bool_]) -> Array:
    """Tell how surely a held note begins again at each frame.

    Parameters
    ----------
    level_db : ndarray of float, shape (frames,)
        Level of each frame.
    onsets : ndarray of float, shape (frames,)
        How strongly something begins there, its spread over the sound 1.
    voiced : ndarray of bool, shape (frames,)
        Which frames are sung; one at least.

    Returns
    -------
    ndarray of float, shape (frames,)
        Log odds; the lowest but at the peaks, of equal ones where it becomes loud fastest.
    """
    rise = around(level_db, 0, _RISE_FRAMES, np.max) - around(level_db, _RISE_FRAMES, 0, np.min)
    near = around(onsets, 2, 2, np.max)
    offset, by_rise, by_onset = _AGAIN
    odds = offset + by_rise * rise + by_onset * (near - float(np.median(near[voiced])))
    low, high = _AGAIN_SPAN
    steep = odds + _STEEP * (np.roll(level_db, -1) - level_db)
    peak = steep >= around(steep, _RISE_FRAMES, _RISE_FRAMES, np.max) - 1e-9
    return np.asarray(np.where(peak, np.clip(odds, low, high), low), dtype=np.float64)


def around(values: Array, before: int, after: int, take: Callable[..., Array]) -> Array:
    """Take the least or greatest value around each frame.

    Parameters
    ----------
    values : ndarray of float, shape (frames,)
        One a frame; the ends go on beyond the edges.
    before, after : int
        How many frames to each side.
    take : callable
        Such as ``numpy.max``.

    Returns
    -------
    ndarray of float, shape (frames,)
        What is taken.
    """
    padded = np.pad(values, (before, after), mode="edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, before + after + 1)
    return take(views, axis=1)


def _spans(path: NDArray[np.int64]) -> list[_Span]:
    """Cut the path into notes: first frame, frame after the last, number."""
    spans: list[_Span] = []
    before = 0
    for frame, state in enumerate(path.tolist()):
        number = abs(state)
        fresh = number and (number != abs(before) or (state < 0 < before))
        if fresh:
            spans.append((frame, frame + 1, number))
        elif number:
            first, _, _ = spans[-1]
            spans[-1] = (first, frame + 1, number)
        before = state
    return spans


def _merged(spans: list[_Span], track: VoiceTrack) -> list[_Span]:
    """Give what is too short for a note to the note it leans on; leave dips out."""
    kept: list[_Span] = []
    waiting = list(reversed(spans))
    while waiting:
        span = first, last, number = waiting.pop()
        seconds = (last - first) * track.hop_seconds
        before = kept[-1] if kept and first - kept[-1][1] <= 1 else None
        after = waiting[-1] if waiting and waiting[-1][0] - last <= 1 else None
        if before and after and before[2] == after[2] and _leans(span, before, seconds):
            kept[-1] = (before[0], waiting.pop()[1], before[2])
        elif after and _leans(span, after, seconds):
            waiting[-1] = (first, after[1], after[2])
        elif before and _leans(span, before, seconds):
            kept[-1] = (before[0], last, before[2])
        elif not (seconds < _SLIP and _faint((first, last), before, after, track.level_db)):
            kept.append((first, last, number))
    return kept


def _leans(span: _Span, other: _Span, seconds: float) -> bool:
    """Tell whether a short note is the way to, or a slip from, its longer neighbour."""
    if other[1] - other[0] < span[1] - span[0]:
        return False
    apart = abs(span[2] - other[2])
    return (seconds < _GRACE and 0 < apart <= 2) or (seconds < _SLIP and apart in _OCTAVES)


def _faint(
    span: tuple[int, int],
    before: _Span | None,
    after: _Span | None,
    level_db: Array,
) -> bool:
    own = float(level_db[span[0] : span[1]].mean())
    peaks = [float(level_db[each[0] : each[1]].max()) for each in (before, after) if each]
    return bool(peaks) and own < min(peaks) - _FAINT_DB


def _note(
    first: int, last: int, number: int, pitch: Array, tuning: Array, track: VoiceTrack
) -> SungNote:
    inside = slice(first, last)
    sure = track.confidence[inside] >= _VOICED
    sung = pitch[inside][sure] if sure.any() else pitch[inside]
    core = sung[np.abs(sung - number) < 1.0]
    middle = float(np.median(core if core.size else sung))
    hop = track.hop_seconds
    return SungNote(
        number,
        _attack(first, track),
        float(track.times[last - 1]) + 0.5 * hop,
        100.0 * (middle - number),
        float(np.median(tuning[inside])),
        float((np.abs(sung - middle) < 1.0 / 3.0).mean()),
        float(track.level_db[inside].max()),
    )


def _attack(first: int, track: VoiceTrack) -> float:
    """Tell when a note begins: where its loudness begins to rise, if it does; seconds."""
    start = max(0, first - _RISE_FRAMES)
    level = track.level_db[start : first + _RISE_FRAMES + 1]
    lowest = int(level[: _RISE_FRAMES + 2].argmin())
    rise = level[lowest:].max() - level[lowest]
    if rise < _ATTACK_DB:
        return float(track.times[first])
    above = lowest + int((level[lowest:] >= level[lowest] + _ATTACK_SHARE * rise).argmax())
    return float(track.times[start + above])
