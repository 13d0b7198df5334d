"""The notes of a take as a score: what was sung, written down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.material import Bend, Note, Score, Tempo, Track
from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.take import TakeNote

__all__ = ["USUAL_BPM", "sung_score"]

USUAL_BPM = 120.0
"""Tempo of a score where nobody says one: a second is two beats."""

_LOUDEST, _SOFTEST = 112, 24  # velocity
_SOFT_DB = 30.0  # under the loudest note: played softest
_NEAREST = 1e-3  # beats
_EVERY_SECONDS = 0.01  # from bend to bend, at least
_VOICED = 0.5


def sung_score(notes: Sequence[TakeNote], fine: VoiceTrack, bpm: float | None, name: str) -> Score:
    """Write a take down.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order.
    fine : VoiceTrack
        The voice, about every 5 ms: what it does within the notes is written as bends.
    bpm : float or None
        Quarter notes a minute of the song; beat 0 is where the take begins.
    name : str
        Of the track.

    Returns
    -------
    Score
        Every note at the second at which it was sung, its velocity by its level.
    """
    tempo = bpm or USUAL_BPM
    beats = tempo / 60.0
    loudest = max((note.level_db for note in notes), default=0.0)
    written = tuple(
        Note(
            min(127.0, max(0.0, note.centre)),
            max(0.0, note.start) * beats,
            max(_NEAREST, note.seconds * beats),
            _velocity(note.level_db - loudest),
        )
        for note in notes
    )
    return Score((Track(name, written, bends=_bends(fine, beats)),), (Tempo(0.0, tempo),))


def _bends(fine: VoiceTrack, beats_per_second: float) -> tuple[Bend, ...]:
    every = max(1, round(_EVERY_SECONDS / fine.hop_seconds))
    places = np.flatnonzero(fine.confidence >= _VOICED)
    places = places[places % every == 0]
    beats = (fine.times[places] * beats_per_second).tolist()
    pitches = np.round(fine.pitch[places], 2).tolist()
    return tuple(Bend(beat, pitch) for beat, pitch in zip(beats, pitches, strict=True))


def _velocity(under_db: float) -> int:
    share = min(1.0, max(0.0, 1.0 + under_db / _SOFT_DB))
    return round(_SOFTEST + share * (_LOUDEST - _SOFTEST))
