"""The notes of a take, wherever they lie between the keys, each with how it was sung."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import VoiceTrack, beginnings
from assistant.theory.intonation.line import Line, line_of
from assistant.theory.intonation.note_path import note_runs
from assistant.theory.intonation.spans import fitted, span_between
from assistant.theory.intonation.splitting import VOICED, split, weights
from assistant.theory.intonation.take import TakeNote

__all__ = ["find_take_notes", "measure_note", "take_notes"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_QUIET_DB = 38.0  # under the loud frames: nothing is sung there
_REST_SECONDS = 0.25
_LONGEST_PHRASE = 60.0  # seconds
_SHORTEST = 0.07  # seconds
_UNREST = 60.0  # cents: so restless a note has hardly a pitch
_BRIEF = 0.1  # seconds held: no more tells little


def take_notes(coarse: VoiceTrack, onsets: Array, fine: VoiceTrack) -> tuple[TakeNote, ...]:
    """Find the notes of a take.

    Parameters
    ----------
    coarse : VoiceTrack
        The fundamental, 10 to 20 ms from frame to frame.
    onsets : ndarray of float, shape (frames,)
        How strongly something begins at each coarse frame, its spread over the sound 1.
    fine : VoiceTrack
        The same voice about every 5 ms, exact to cents.

    Returns
    -------
    tuple of TakeNote
        In order, without overlap; none where nothing is voiced.
    """
    work = find_take_notes(coarse, onsets, fine)
    while True:
        try:
            next(work)
        except StopIteration as done:
            notes: tuple[TakeNote, ...] = done.value
            return notes


def find_take_notes(
    coarse: VoiceTrack, onsets: Array, fine: VoiceTrack, *, finest: float = np.inf
) -> Generator[float, None, tuple[TakeNote, ...]]:
    """Find the notes of a take that may be long, phrase by phrase.

    Parameters
    ----------
    coarse, onsets, fine
        As for `take_notes`.
    finest : float
        The smallest step of the scale, semitones, where that is known.

    Yields
    ------
    float
        Share of the work that is done, rising to at most 1.0.

    Returns
    -------
    tuple of TakeNote
        What `take_notes` returns.
    """
    if coarse.times.size == 0 or fine.times.size == 0:
        return ()
    voice, exact = line_of(coarse), line_of(fine)
    floor_db = float(np.quantile(voice.level_db, 0.95)) - _QUIET_DB
    confidence = np.where(voice.level_db > floor_db, voice.confidence, 0.0)
    voiced = confidence >= VOICED
    if voiced.sum() < 4:
        return ()
    again = beginnings(voice.level_db, onsets, voiced)
    half = 0.5 * voice.hop_seconds
    notes: list[TakeNote] = []
    for first, last in _phrases(voiced, confidence, voice.hop_seconds):
        times = voice.times[first:last]
        runs = note_runs(
            voice.pitch[first:last], confidence[first:last], again[first:last], finest=finest
        )
        spans = [
            span_between(exact, times[begin] - half, times[end - 1] + half)
            for begin, end, _ in runs
        ]
        found = fitted([span for span in spans if span], exact)
        notes += [_note(span.first, span.last, exact) for span in found]
        yield last / voice.times.size
    return tuple(note for note in notes if note.seconds >= _SHORTEST)


def measure_note(fine: VoiceTrack, start: float, end: float) -> TakeNote:
    """Measure the note between two moments.

    Parameters
    ----------
    fine : VoiceTrack
        The voice about every 5 ms.
    start, end : float
        Seconds, within the track; end after start.

    Returns
    -------
    TakeNote
        With just these bounds.
    """
    exact = line_of(fine)
    first, last = (int(each) for each in np.searchsorted(fine.times, (start, end)))
    first = min(first, fine.times.size - 1)
    return replace(_note(first, max(last, first + 1), exact), start=start, end=end)


def _phrases(voiced: Flags, confidence: Array, hop_seconds: float) -> Iterator[tuple[int, int]]:
    """Cut a take at its rests, so that memory does not grow with its length."""
    rest = round(_REST_SECONDS / hop_seconds)
    longest = round(_LONGEST_PHRASE / hop_seconds)
    places = np.flatnonzero(voiced)
    breaks = np.flatnonzero(np.diff(places) > rest)
    firsts = np.maximum(places[np.r_[0, breaks + 1]] - rest // 2, 0)
    lasts = np.minimum(places[np.r_[breaks, places.size - 1]] + rest // 2, voiced.size)
    for begin, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        first = begin
        while last - first > longest:
            late = first + longest // 2
            cut = late + int(confidence[late : first + longest].argmin())
            yield first, cut
            first = cut
        yield first, last


def _note(first: int, last: int, fine: Line) -> TakeNote:
    """Tell how a note was sung."""
    hop = fine.hop_seconds
    pitch, sure = fine.pitch[first:last], fine.confidence[first:last]
    level_db = fine.level_db[first:last]
    parts = split(pitch, weights(sure, level_db), hop)
    held = slice(parts.first, parts.last)
    off = 100.0 * (pitch - parts.centre) - parts.slow
    steady = 1.0 / (1.0 + (parts.unrest / _UNREST) ** 2)
    long = 1.0 - 0.5 * float(np.exp(-parts.slow[held].size * hop / _BRIEF))
    return TakeNote(
        start=float(fine.times[first]) - 0.5 * hop,
        end=float(fine.times[last - 1]) + 0.5 * hop,
        centre=parts.centre,
        spread_cents=parts.spread,
        drift_cents=_rise(parts.slow[held]),
        vibrato_hz=parts.hz,
        vibrato_cents=parts.depth,
        scoop_cents=float(off[0]) if parts.first else 0.0,
        scoop_seconds=parts.first * hop,
        fall_cents=float(off[-1]) if parts.last < off.size else 0.0,
        fall_seconds=(off.size - parts.last) * hop,
        level_db=float(level_db.max()),
        confidence=float((sure[held] >= VOICED).mean()) * steady * long,
    )


def _rise(slow: Array) -> float:
    """Tell how far the line through a drift rises, cents."""
    if slow.size < 2:
        return 0.0
    place = np.linspace(-0.5, 0.5, slow.size)
    return float(place @ slow / (place @ place))
