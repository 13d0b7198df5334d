"""The peaks of a track, as a compressor hears them, and what they tell of how it is played."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import amplitude
from assistant.dsp.peak_cells import peak_cells
from assistant.dsp.peak_hold import HOLD_SECONDS, PeakHold
from assistant.material import Audio
from assistant.mixing.excerpts import typical_excerpt
from assistant.mixing.heard import Heard

__all__ = ["LONGEST_STROKE_MS", "Peaks", "peaks_of"]

Row: TypeAlias = NDArray[np.float64]

LOUDEST = 99.9  # percentile of held peaks that is the top: one click is none
LOUD_ONSET_DB = -12.0  # under the top
LEAST_ONSETS = 4
AHEAD_SECONDS, NEAR_SECONDS = 0.01, 0.06  # of an onset, where its peak is looked for
APART_SECONDS = 0.08  # what comes sooner is the same stroke
STROKE_DB = -6.0  # until it is over
LONGEST_STROKE_MS = 250.0


@dataclass(frozen=True, eq=False)
class Peaks:
    """The peaks of an excerpt of a track, as a compressor hears them.

    Parameters
    ----------
    held : ndarray of float64, shape (cells,)
        Linear, held as `assistant.dsp.peak_hold` does.
    rate : int
        Cells a second, in Hz.
    onsets : ndarray of int64, shape (onsets,)
        Cells in which notes begin.
    """

    held: Row
    rate: int
    onsets: NDArray[np.int64]

    @cached_property
    def levels_db(self) -> Row:
        """As `held`, in dBFS, -160.0 at least."""
        return np.asarray(20.0 * np.log10(np.maximum(self.held, 1e-8)))

    @cached_property
    def top_db(self) -> float:
        """The highest level but for single clicks, in dBFS."""
        return float(np.percentile(self.levels_db, LOUDEST)) if len(self.held) else -160.0

    def turned(self, gain_db: float) -> Peaks:
        """Return those of the track turned up by so many dB."""
        return replace(self, held=self.held * amplitude(gain_db))

    def onset_peaks(self) -> tuple[NDArray[np.int64], Row]:
        """Find the peak of each onset.

        Returns
        -------
        cells : ndarray of int64, shape (onsets,)
            Where the peaks are.
        levels_db : ndarray of float64, shape (onsets,)
            How high they are.
        """
        before, after = round(AHEAD_SECONDS * self.rate), round(NEAR_SECONDS * self.rate)
        span = self.onsets[:, None] + np.arange(-before, after)
        levels = self.levels_db[np.clip(span, 0, max(0, len(self.held) - 1))]
        if not levels.size:
            return np.zeros(0, np.int64), np.zeros(0)
        at = levels.argmax(axis=1)
        return np.clip(self.onsets - before + at, 0, len(self.held) - 1), levels.max(axis=1)

    def stroke_ms(self) -> float:
        """Tell for how long a loud onset stays near its peak, in ms, the hold taken off."""
        cells = self._loud_onsets()
        if len(cells) < LEAST_ONSETS:
            return LONGEST_STROKE_MS
        span = np.arange(round(LONGEST_STROKE_MS * self.rate / 1000.0))
        levels = self.levels_db[np.minimum(cells[:, None] + span, len(self.held) - 1)]
        fallen = levels < levels[:, :1] + STROKE_DB
        first = np.where(fallen.any(axis=1), fallen.argmax(axis=1), len(span))
        return max(0.0, 1000.0 * (float(np.median(first)) / self.rate - HOLD_SECONDS))

    def onsets_per_second(self) -> float:
        """Tell how often loud onsets come, by what lies between two; 0.0 where there are few."""
        gaps = np.diff(self._loud_onsets()) / self.rate
        gaps = gaps[gaps > APART_SECONDS]
        return 1.0 / float(np.median(gaps)) if len(gaps) >= LEAST_ONSETS else 0.0

    def _loud_onsets(self) -> NDArray[np.int64]:
        cells, levels = self.onset_peaks()
        return cells[levels > self.top_db + LOUD_ONSET_DB]


def peaks_of(audio: Audio, heard: Heard) -> Peaks:
    """Read the peaks of a track where it plays.

    Parameters
    ----------
    audio : Audio
        The track. May be memory-mapped: about a minute of it is read.
    heard : Heard
        What was heard of it.

    Returns
    -------
    Peaks
        Of an excerpt.
    """
    part = typical_excerpt(audio, heard)
    cells, rate = peak_cells(part.audio)
    onsets = np.round(part.places(heard.onsets.times) * rate).astype(np.int64)
    return Peaks(PeakHold(rate).run(cells, 0), rate, onsets)
