"""Whether a sound is one voice with a melody, or several things at once, or speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import SungNote, VoiceTrack

__all__ = ["GLIDES", "SEVERAL", "Verdict", "VoiceHeard", "judge"]

Array = NDArray[np.float64]

SEVERAL = "several things sound at once"
GLIDES = "the voice glides as in speech and seldom keeps a note"
_FEW = "there are too few different notes"
_LOW = "it lies as low as a bass line"

_SOUNDING_DB = 35.0  # under the loud frames
_VOICED, _CERTAIN = 0.5, 0.9  # confidence of a frame
# Logistic in shares of what sounds, quiet frames counting less: of frames with a certain
# fundamental, of voiced frames, of energy on its overtones. Each alone can say no.
_ALONE = ((0.5, 30.0), (0.65, 25.0), (0.4, 25.0))
_KEPT = (1.03, 25.0)  # logistic in the shares of time that notes are kept and that pitch rests
_FLAT = 4.0  # semitones a second: pitch that moves less rests
_SMOOTH_SECONDS = 0.14  # longer than the half of a vibrato
_KINDS, _NOTES = 3, 4  # a melody has at least as many pitches and notes
_BASS_BELOW = 42.5  # MIDI number
_CERTAIN_ENOUGH = 0.5


class VoiceHeard(Protocol):
    """One voice that may be in a sound: see `assistant.dsp.one_voice.Voice`."""

    @property
    def track(self) -> VoiceTrack:
        """Its fundamental."""

    @property
    def harmonic(self) -> Array:
        """How much of the energy of each frame lies on overtones, 0.0 to 1.0."""

    @property
    def onsets(self) -> Array:
        """How strongly something begins at each frame."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether there is a melody, how surely, and what speaks against it (``""``: nothing)."""

    sure: float
    against: str = ""

    @property
    def melody(self) -> bool:
        """Whether there is one."""
        return not self.against


def judge(voice: VoiceHeard, notes: Sequence[SungNote]) -> Verdict:
    """Tell whether a sound is one voice with a melody.

    Parameters
    ----------
    voice : VoiceHeard
        What was followed.
    notes : sequence of SungNote
        The notes that were found in it.

    Returns
    -------
    Verdict
        What it is.
    """
    alone = _alone(voice)
    if alone < _CERTAIN_ENOUGH or not notes:
        return Verdict(1.0 - alone, SEVERAL)
    kept = _logistic(_kept(voice.track, notes), *_KEPT)
    if kept < _CERTAIN_ENOUGH:
        return Verdict(1.0 - kept, GLIDES)
    if len({note.pitch for note in notes}) < _KINDS or len(notes) < _NOTES:
        return Verdict(alone, _FEW)
    if float(np.median([note.pitch for note in notes])) < _BASS_BELOW:
        return Verdict(alone, _LOW)
    return Verdict(alone * kept)


def _alone(voice: VoiceHeard) -> float:
    """Tell how surely one voice sounds alone."""
    track = voice.track
    loud = float(np.quantile(track.level_db, 0.95))
    sounding = track.level_db > loud - _SOUNDING_DB
    weights = np.where(sounding, 10.0 ** ((track.level_db - loud) / 40.0), 0.0)
    voiced = track.confidence > _VOICED
    shares = [
        float((weights * each).sum()) / max(float(weights.sum()), 1e-9)
        for each in (track.confidence > _CERTAIN, voiced, voice.harmonic * voiced)
    ]
    return min(_logistic(share, *line) for share, line in zip(shares, _ALONE, strict=True))


def _kept(track: VoiceTrack, notes: Sequence[SungNote]) -> float:
    """Add up how much of the time notes are kept, and half of how much pitch rests."""
    lengths = np.array([note.end - note.start for note in notes])
    steady = float((lengths * np.array([note.steady for note in notes])).sum() / lengths.sum())
    width = max(1, round(_SMOOTH_SECONDS / track.hop_seconds)) | 1
    even = np.ones(width) / width
    speed = np.abs(np.gradient(np.convolve(track.pitch, even, "same"))) / track.hop_seconds
    within = np.convolve(track.confidence >= _VOICED, even, "same") > 1.0 - 1e-6
    flat = float((speed[within] < _FLAT).mean()) if within.any() else 0.0
    return steady + 0.5 * flat


def _logistic(value: float, middle: float, slope: float) -> float:
    return float(1.0 / (1.0 + np.exp(-slope * (value - middle))))
