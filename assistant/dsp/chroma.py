"""Chroma: how much of each pitch class sounds, in a mix, with its overtones taken out.

After Mauch and Dixon, "Approximate note transcription for the improved identification of difficult
chords", ISMIR 2010: a spectrum on a scale of a third of a semitone, tuned, whitened, and explained
by notes with overtones, none of which can sound less than not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.material import note_hz

__all__ = ["HOP", "RATE_HZ", "WINDOW", "Chroma", "chroma", "pitch_spectra", "tuning_of", "turns"]

Array = NDArray[np.float32]

RATE_HZ = 22_050
WINDOW = 8192
HOP = 2048

LOWEST, HIGHEST = 24, 96
"""MIDI numbers of the notes that are looked for: C1 to C7."""

_PARTS = 3  # bins a semitone
_EDGE = 3  # semitones of spectrum under the lowest note
_ABOVE = 12  # semitones of spectrum over the highest note
_BINS = (HIGHEST + _ABOVE - LOWEST + _EDGE) * _PARTS
_DECAY = 0.5  # of each overtone, to the one before
_OVERTONES = 16
_WHITEN = 18  # bins to each side
_WHITEN_POWER = 0.6  # 1.0 makes all neighbourhoods alike, 0.0 leaves them as they are
_ROUNDS = 60  # of the multiplicative update
_BASS_TOP, _TREBLE_FOOT = 52, 45  # MIDI numbers: where the bass ends, where the chords begin
_BLEND = 8  # semitones over which each fades


@dataclass(frozen=True, eq=False)
class Chroma:
    """What sounds in some spans of time.

    Parameters
    ----------
    treble, bass : ndarray of float32, shape (spans, 12)
        How much each pitch class sounds among the chords and in the bass, C first.
    """

    treble: Array
    bass: Array


def pitch_spectra(frames: Array) -> Array:
    """Take the spectra of some frames on a scale of a third of a semitone.

    Parameters
    ----------
    frames : ndarray of float32, shape (frames, WINDOW)
        Sound at `RATE_HZ`.

    Returns
    -------
    ndarray of float32, shape (frames, bins)
        Magnitudes; the middle bin of the lowest note stands three semitones from the left.
    """
    from scipy import fft

    spectra = np.abs(fft.rfft(frames * _hann(), axis=1))
    return np.asarray(spectra.astype(np.float32) @ _scale(), dtype=np.float32)


def tuning_of(spectra: Array) -> tuple[float, float]:
    """Tell how far the music is from concert pitch, and how much it keeps to semitones.

    Parameters
    ----------
    spectra : ndarray of float32, shape (frames, bins)
        See `pitch_spectra`.

    Returns
    -------
    float
        Semitones above A4 = 440 Hz, -0.5 to 0.5.
    float
        0.0 where nothing keeps to a scale of semitones (noise, speech) to 1.0.
    """
    peaks = _whitened(spectra).astype(np.float64).sum(axis=0)
    turns = np.exp(2j * np.pi * np.arange(_BINS) / _PARTS)
    total = complex((peaks * turns).sum())
    strength = abs(total) / max(float(peaks.sum()), 1e-12)
    return float(np.angle(total)) / (2.0 * np.pi), strength


def chroma(spectra: Array, edges: NDArray[np.int64], tuning: float) -> Chroma:
    """Find the notes of each span of frames.

    Parameters
    ----------
    spectra : ndarray of float32, shape (frames, bins)
        See `pitch_spectra`.
    edges : ndarray of int, shape (spans + 1,)
        First frame of each span, and the end of the last.
    tuning : float
        Semitones above concert pitch.

    Returns
    -------
    Chroma
        One row a span.
    """
    spans = np.zeros((edges.size - 1, _BINS), dtype=np.float32)
    for row, (first, last) in enumerate(pairwise(edges)):
        spans[row] = np.median(spectra[first : max(last, first + 1)], axis=0)
    notes = _notes(_whitened(_tuned(spans, tuning)))
    pitches = np.arange(LOWEST, HIGHEST + 1)
    low = np.clip((_BASS_TOP - pitches) / _BLEND + 0.5, 0.0, 1.0)
    high = np.clip((pitches - _TREBLE_FOOT) / _BLEND + 0.5, 0.0, 1.0)
    high *= np.clip((88 - pitches) / 24.0, 0.0, 1.0)
    return Chroma(_folded(notes * high.astype(np.float32)), _folded(notes * low.astype(np.float32)))


def turns(spectra: Array, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tell how much the spectrum changes at some places.

    Parameters
    ----------
    spectra : ndarray of float32, shape (frames, bins)
        See `pitch_spectra`.
    edges : ndarray of int, shape (places,)
        Frames, in order.

    Returns
    -------
    ndarray of float, shape (places,)
        0.0 where the sound before, back to the place before, is as the sound after; 1.0 where they
        share nothing; 0.0 for the first and last place.
    """
    standing = _whitened(spectra)
    spans = np.array([standing[first : max(last, first + 1)].mean(axis=0)
                      for first, last in pairwise(edges)])  # fmt: skip
    lengths = np.maximum(np.sqrt((spans**2).sum(axis=1)), 1e-9)
    alike = (spans[1:] * spans[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    return np.concatenate(([0.0], 1.0 - alike, [0.0])).astype(np.float64)


def _folded(notes: Array) -> Array:
    """Add up the octaves; LOWEST is a C."""
    classes = np.zeros((notes.shape[0], 12), dtype=np.float32)
    for foot in range(0, notes.shape[1], 12):
        octave = notes[:, foot : foot + 12]
        classes[:, : octave.shape[1]] += octave
    return classes


def _tuned(spectra: Array, tuning: float) -> Array:
    """Move spectra down by a part of a semitone."""
    places = np.arange(_BINS) + tuning * _PARTS
    below = np.clip(np.floor(places).astype(np.int64), 0, _BINS - 2)
    share = np.clip(places - below, 0.0, 1.0).astype(np.float32)
    moved = spectra[:, below] * (1.0 - share) + spectra[:, below + 1] * share
    return np.asarray(moved, dtype=np.float32)


def _whitened(spectra: Array) -> Array:
    """Keep what stands out of the neighbourhood, measured by how much that varies."""
    width = 2 * _WHITEN + 1
    padded = np.pad(spectra, ((0, 0), (_WHITEN + 1, _WHITEN)), mode="edge").astype(np.float64)
    first = np.cumsum(padded, axis=1)
    second = np.cumsum(padded**2, axis=1)
    mean = (first[:, width:] - first[:, :-width]) / width
    spread = np.sqrt(np.maximum((second[:, width:] - second[:, :-width]) / width - mean**2, 0.0))
    spread = np.maximum(spread, 1e-9 + 1e-6 * spectra.max())
    standing = np.maximum(spectra - mean, 0.0) / spread**_WHITEN_POWER
    return np.asarray(standing, dtype=np.float32)


def _notes(spectra: Array) -> Array:
    """Explain spectra by notes (Lee and Seung's update: nothing becomes negative)."""
    book = _book()
    found = spectra @ book.T
    cross = book @ book.T
    notes = np.full_like(found, 0.1)
    for _ in range(_ROUNDS):
        notes *= found / (notes @ cross + 1e-6)
    return notes


@lru_cache(maxsize=1)
def _hann() -> Array:
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.asarray(window, dtype=np.float32)


def _centres() -> NDArray[np.float64]:
    """Give the frequency of each bin of the scale in Hz."""
    pitches = LOWEST - _EDGE + np.arange(_BINS) / _PARTS
    return note_hz(pitches)


@lru_cache(maxsize=1)
def _scale() -> Array:
    """Lay out which bins of the spectrum make which bin of the scale."""
    hz = np.arange(WINDOW // 2 + 1) * RATE_HZ / WINDOW
    centres = _centres()
    half = np.maximum(centres * (2.0 ** (1.0 / (12 * _PARTS)) - 1.0), RATE_HZ / WINDOW)
    weights = np.maximum(0.0, 1.0 - np.abs(hz[:, None] - centres) / half)
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float32)


@lru_cache(maxsize=1)
def _book() -> Array:
    """Lay out what each note looks like: its overtones, as wide as the window makes them."""
    pitches = np.arange(LOWEST, HIGHEST + 1)
    notes = note_hz(pitches.astype(np.float64))
    bins = np.arange(WINDOW // 2 + 1)
    rows = np.zeros((pitches.size, bins.size))
    for order in range(1, _OVERTONES + 1):
        off = bins - (order * notes * WINDOW / RATE_HZ)[:, None]
        lobe = np.where(np.abs(off) < 2.0, np.cos(np.pi * off / 4.0) ** 2, 0.0)
        rows += _DECAY ** (order - 1) * lobe
    book = _whitened((rows @ _scale()).astype(np.float32))
    lengths = np.sqrt((book**2).sum(axis=1, keepdims=True))
    return np.asarray(book / np.maximum(lengths, 1e-9), dtype=np.float32)
