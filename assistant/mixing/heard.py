"""What is heard of one track before it is mixed: measured once, cheaply, for all that follows."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import amplitude, decibels
from assistant.dsp.gating import gated_loudness, lufs, means_of
from assistant.dsp.loudness import tenths
from assistant.dsp.moments import MOMENTS_PER_SECOND, Moments, moments
from assistant.dsp.onset_shapes import OnsetShapes, onset_shapes
from assistant.dsp.pitch_samples import PitchSamples, pitch_samples
from assistant.dsp.third_octaves import Levels, levels_of
from assistant.dsp.truepeak import chunk_peaks, highest_point
from assistant.errors import MaterialError
from assistant.material import Audio
from assistant.steps import part

__all__ = ["Heard", "hear"]

Row: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

BLOCK = 4  # moments: 400 ms, as BS.1770 has it
ACTIVE_LU = -20.0  # under the integrated loudness: what is quieter is a rest
SILENT_LUFS = -70.0
LOWEST_HEARD = 4  # third octave of 50 Hz: what lies under it is rumble, or heard by its overtones
REST_MOMENTS = 5  # that tell what is left in rests
AROUND_SOUND = 3  # moments after and before a sound that are no rest yet
BLOCK_FRAMES = 1 << 18
OVERSAMPLING = 4  # as BS.1770 has it
OFFSET = 0.5  # of the peak: the mean of what swings is far less
STEP_SECONDS = 0.5  # and a loudness meter hears a step no longer


@dataclass(frozen=True, eq=False)
class Heard:
    """One track as it came. A moment is a tenth of a second, a band a third octave.

    Parameters
    ----------
    rate, channels, frames : int
        Of the sound.
    loudness : float
        Integrated over where it sounds (gated as BS.1770 has it), in LUFS; minus infinity in
        silence and under 0.4 s.
    momentary : ndarray of float64, shape (moments,)
        Loudness of the 400 ms around each moment, in LUFS; at the ends, of as much as there is.
    active : ndarray of bool, shape (moments,)
        Where it sounds: no more than 20 LU under `loudness`.
    peak_db, true_peak_db : float
        In dBFS and dBTP, -inf in silence.
    offset : tuple of float
        Mean of each channel (DC), linear.
    level_db : float
        RMS of where it sounds, 50 Hz to 20 kHz, in dBFS; -160.0 in silence.
    moments : Moments
        Bands over time, and what left and right share.
    onsets : OnsetShapes
        Where notes begin, and how.
    pitch : PitchSamples
        Whether it is one voice, and where it lies.
    """

    rate: int
    channels: int
    frames: int
    loudness: float
    momentary: Row
    active: Mask
    peak_db: float
    true_peak_db: float
    offset: tuple[float, ...]
    level_db: float
    moments: Moments
    onsets: OnsetShapes
    pitch: PitchSamples

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear, or no more than the step of an offset."""
        return not self.active.any() or self.only_offset

    @property
    def only_offset(self) -> bool:
        """Whether all that sounds is the step at which an offset begins or ends."""
        most = max(map(abs, self.offset))
        is_offset = most > OFFSET * amplitude(self.peak_db)
        return is_offset and self.active_seconds < STEP_SECONDS

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate

    @property
    def active_seconds(self) -> float:
        """For how long it sounds."""
        return float(self.active.sum()) / MOMENTS_PER_SECOND

    @property
    def crest(self) -> float:
        """Peak over the level of where it sounds, in dB; 0.0 in silence."""
        return 0.0 if self.silent else self.peak_db - self.level_db

    @property
    def peak_to_loudness(self) -> float:
        """True peak over loudness (PLR), in LU; 0.0 in silence."""
        return self.true_peak_db - self.loudness if math.isfinite(self.loudness) else 0.0

    @property
    def band_powers(self) -> Row:
        """Mean square in each band while it sounds, shape (31,)."""
        powers = self.moments.powers[self.active]
        return powers.mean(axis=0, dtype=np.float64) if len(powers) else np.zeros(31)

    @property
    def levels_db(self) -> Levels:
        """Long-term level of each band, mean of left and right, in dB, shape (31,)."""
        return self.moments.levels_db

    @property
    def rests_db(self) -> Levels | None:
        """Level of each band where it rests, in dBFS, shape (31,); None where there is no rest."""
        around = np.convolve(self.active, np.ones(2 * AROUND_SOUND + 1), "same") > 0
        rests = self.moments.powers[~around]
        if len(rests) < REST_MOMENTS:
            return None
        return levels_of(np.median(rests, axis=0).astype(np.float64))

    @property
    def noise_floor_db(self) -> float | None:
        """Level of what is left in rests, in dBFS; None where there is no rest."""
        rests = self.rests_db
        return None if rests is None else float(levels_of((10.0 ** (rests / 10.0)).sum()))

    @property
    def balance_db(self) -> float:
        """Level of right against left, -120.0 to 120.0 dB."""
        return _ratio_db(float(self.moments.right.sum()), float(self.moments.left.sum()))

    @property
    def side_db(self) -> float:
        """Level of the side against the middle, -120.0 to 120.0 dB."""
        both = float((self.moments.left + self.moments.right).sum())
        shared = 2.0 * float(self.moments.shared.sum())
        return _ratio_db(max(both - shared, 0.0), max(both + shared, 0.0))

    @property
    def correlation(self) -> float:
        """Of left and right, -1.0 to 1.0; 1.0 in mono and in silence."""
        return float(_correlations(self.moments, np.ones(1, dtype=np.int64))[0])

    @property
    def band_correlations(self) -> Row:
        """Of left and right in each band, shape (31,); 1.0 where there is nothing."""
        return _correlations(self.moments, np.arange(31))


def hear(audio: Audio) -> Generator[float, None, Heard]:
    """Listen to a track.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped: it is read in blocks. A tenth of a second of it costs 0.3 ms, and
        keeps some 0.2 kB.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Heard
        What was heard. Silence is heard as silence, not refused.

    Raises
    ------
    MaterialError
        Where a sample is NaN or infinite.
    """
    peaks = yield from part(chunk_peaks(audio.samples), 0.0, 0.05)
    if not math.isfinite(float(peaks.max(initial=0.0))):
        raise MaterialError("The audio holds samples that are no numbers (NaN or infinite).")
    energies = yield from part(tenths(audio.samples, audio.rate), 0.05, 0.1)
    highest = yield from part(highest_point(audio.samples, OVERSAMPLING, peaks), 0.15, 0.05)
    bands = yield from part(moments(audio), 0.2, 0.5)
    loudness, momentary = gated_loudness(energies), _momentary(energies)
    active = (momentary > SILENT_LUFS) & (momentary > loudness + ACTIVE_LU)
    powers = bands.powers[:, LOWEST_HEARD:].sum(axis=1, dtype=np.float64)
    loud = float(np.percentile(powers[active], 95)) if active.any() else 0.0
    onsets = yield from part(onset_shapes(audio, max(loud, 1e-12)), 0.7, 0.3)
    return Heard(
        rate=audio.rate,
        channels=audio.channels,
        frames=audio.frames,
        loudness=loudness,
        momentary=momentary,
        active=active,
        peak_db=decibels(float(peaks.max(initial=0.0))),
        true_peak_db=decibels(highest),
        offset=_offset(audio),
        level_db=float(levels_of(powers[active].mean())) if active.any() else -160.0,
        moments=bands,
        onsets=onsets,
        pitch=pitch_samples(audio, np.flatnonzero(active) / MOMENTS_PER_SECOND),
    )


def _momentary(energies: Row) -> Row:
    """Tell the loudness around each moment: from the one before it to the second after it."""
    if not len(energies):
        return np.zeros(0)
    width = min(BLOCK, len(energies))
    before = (width - 1) // 2
    padded = np.pad(energies, (before, width - 1 - before), "edge")
    return np.asarray(lufs(np.maximum(means_of(padded, width), 1e-16)))


def _offset(audio: Audio) -> tuple[float, ...]:
    sums = np.zeros(audio.channels)
    for _, block in audio.blocks(BLOCK_FRAMES):
        sums += block.sum(axis=1, dtype=np.float64)
    return tuple(float(one) for one in sums / max(1, audio.frames))


def _correlations(bands: Moments, starts: NDArray[np.int64]) -> Row:
    """Correlate left and right in each band, or over all of them where there is one start."""
    sums = [bands.left, bands.right, bands.shared]
    left, right, shared = sums if len(starts) > 1 else [one.sum()[None] for one in sums]
    product = np.sqrt(left * right)
    there = product > 1e-16
    return np.where(there, np.clip(shared / np.where(there, product, 1.0), -1.0, 1.0), 1.0)


def _ratio_db(over: float, under: float) -> float:
    if over == under:
        return 0.0
    ratio = over / under if under > 0.0 else math.inf
    return 10.0 * math.log10(min(max(ratio, 1e-12), 1e12))
