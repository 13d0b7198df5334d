"""Listening to a sound: its beat, and what sounds on each beat, worked out block by block."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Progress
from assistant.dsp import beats, chroma
from assistant.dsp.beats import Pulse
from assistant.dsp.chroma import RATE_HZ
from assistant.errors import MaterialError
from assistant.material import Audio

__all__ = ["FEWEST_BEATS", "MAX_SECONDS", "Listened", "listen", "listening"]

MAX_SECONDS = 600.0
"""So much of a sound is listened to, from its start."""

FEWEST_BEATS = 4

_SHARE = 0.5  # of a request that is spent listening

_BLOCK_SECONDS = 5.0
_SILENCE = 10.0 ** (-60.0 / 20.0)  # peak
_SHORTEST_SECONDS = 2.0
_DIED_AWAY = 0.02  # of the loudness of loud frames, as ears feel it
_OFF_BEAT = 1.15  # so much more must change between the beats than on them


@dataclass(frozen=True, eq=False)
class Listened:
    """What was heard in a sound.

    Parameters
    ----------
    seconds : float
        Length of the sound.
    heard_seconds : float
        How much of it was listened to, from the start.
    pulse : Pulse
        Its beat.
    treble, bass : ndarray of float32, shape (beats - 1, 12)
        What sounds between each beat and the next: pitch classes of the chords and of the bass.
    accents : ndarray of float, shape (beats - 1, 2)
        Onset strength on each beat, of the whole and of the lowest bands.
    tuning_cents : float
        Above A4 = 440 Hz.
    tonal : float
        How much keeps to a scale of semitones: 0.0 noise and speech, to 1.0.
    """

    seconds: float
    heard_seconds: float
    pulse: Pulse
    treble: NDArray[np.float32]
    bass: NDArray[np.float32]
    accents: NDArray[np.float64]
    tuning_cents: float
    tonal: float


def listen(audio: Audio) -> Generator[float, None, Listened]:
    """Listen to a sound.

    Parameters
    ----------
    audio : Audio
        Music of at least some beats; of long ones the first ten minutes.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Listened
        What was heard.

    Raises
    ------
    MaterialError
        Where the sound is silent, holds values that are no numbers, or is too short for a beat.
    """
    seconds = min(audio.seconds, MAX_SECONDS)
    slow = _Frames(chroma.WINDOW, chroma.HOP)
    quick = _Frames(beats.WINDOW, beats.HOP)
    spectra, bands = [], []
    loudest = 0.0
    for done, block in _resampled(audio, seconds):
        peak = float(np.abs(block).max(initial=0.0))
        if not np.isfinite(peak):
            raise MaterialError("The sound holds values that are no numbers; export it again.")
        loudest = max(loudest, peak)
        spectra.append(chroma.pitch_spectra(slow.push(block)))
        bands.append(beats.onset_bands(quick.push(block)))
        yield 0.8 * done
    _check(audio, loudest)
    listened = _summed_up(audio, seconds, np.concatenate(spectra), np.concatenate(bands))
    yield 1.0
    return listened


def listening(audio: Audio) -> Generator[Progress, None, Listened]:
    """Listen to a sound as the first half of a request: as `listen`, with progress to tell."""
    steps = listen(audio)
    while True:
        try:
            yield Progress(_SHARE * next(steps), "listening")
        except StopIteration as end:
            return cast("Listened", end.value)


def _check(audio: Audio, loudest: float) -> None:
    if loudest < _SILENCE:
        raise MaterialError("The sound is silent; give one with music in it, or ask without it.")
    if audio.seconds < _SHORTEST_SECONDS:
        raise MaterialError(
            f"The sound lasts {audio.seconds:.1f} s;"
            f" a beat needs {_SHORTEST_SECONDS:.0f} s or more."
        )


def _summed_up(
    audio: Audio, seconds: float, spectra: NDArray[np.float32], bands: NDArray[np.float32]
) -> Listened:
    strength, low = beats.onsets(bands)
    pulse = _on_the_beat(_while_it_sounds(beats.pulse_of(strength, low), bands), spectra)
    times = pulse.beats
    if times.size < FEWEST_BEATS + 1:
        raise MaterialError(
            f"The sound holds {times.size} beats;"
            f" give {FEWEST_BEATS + 1} or more, or ask without it."
        )
    tuning, tonal = chroma.tuning_of(spectra)
    found = chroma.chroma(spectra, _frames_at(times, spectra), tuning)
    places = np.round(times[:-1] * beats.ONSETS_PER_SECOND).astype(np.int64)
    accents = np.column_stack((_near(strength, places), _near(low, places)))
    return Listened(
        audio.seconds, seconds, pulse, found.treble, found.bass, accents, 100.0 * tuning, tonal
    )


def _while_it_sounds(pulse: Pulse, bands: NDArray[np.float32]) -> Pulse:
    """Leave out the beats before the music starts and after it has died away."""
    level = bands.mean(axis=1)
    sounding = np.flatnonzero(level > _DIED_AWAY * np.quantile(level, 0.95))
    if not sounding.size:
        return replace(pulse, beats=pulse.beats[:0])
    first, last = sounding[[0, -1]] / beats.ONSETS_PER_SECOND
    slack = 60.0 / pulse.bpm / 2.0
    inside = (pulse.beats > first - slack) & (pulse.beats < last + slack)
    return replace(pulse, beats=pulse.beats[inside])


def _on_the_beat(pulse: Pulse, spectra: NDArray[np.float32]) -> Pulse:
    """Move beats by half of one where chords change between them: they were off the beat."""
    times = pulse.beats
    if times.size <= FEWEST_BEATS:
        return pulse
    between = (times[:-1] + times[1:]) / 2.0
    halves = np.sort(np.concatenate((times, between)))
    turns = chroma.turns(spectra, _frames_at(halves, spectra))[1:-1]
    if turns[::2].mean() < _OFF_BEAT * turns[1::2].mean():
        return pulse
    return replace(pulse, beats=between)


def _frames_at(times: NDArray[np.float64], spectra: NDArray[np.float32]) -> NDArray[np.int64]:
    frames = np.round(times * RATE_HZ / chroma.HOP).astype(np.int64)
    return np.asarray(np.minimum(frames, spectra.shape[0] - 1), dtype=np.int64)


def _near(values: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Take the greatest value within two frames of each place."""
    around = places[:, None] + np.arange(-2, 3)
    return np.asarray(values[np.clip(around, 0, values.size - 1)].max(axis=1), dtype=np.float64)


def _resampled(audio: Audio, seconds: float) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Walk through a sound in mono at `RATE_HZ`, with how much of it is done."""
    import soxr

    stream = soxr.ResampleStream(audio.rate, RATE_HZ, 1, dtype="float32", quality="HQ")
    frames = round(seconds * audio.rate)
    for start, block in audio.blocks(round(_BLOCK_SECONDS * audio.rate)):
        if start >= frames:
            break
        mono = block[:, : frames - start].mean(axis=0, dtype=np.float32)
        last = start + block.shape[1] >= frames
        yield min(1.0, (start + mono.size) / frames), stream.resample_chunk(mono, last=last)


class _Frames:
    """Cuts a stream into overlapping frames, the first centred on the start of the sound."""

    def __init__(self, window: int, hop: int) -> None:
        self._window, self._hop = window, hop
        self._rest = np.zeros(window // 2, dtype=np.float32)

    def push(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take a block, return the frames that are complete, shape (frames, window)."""
        joined = np.concatenate((self._rest, block))
        count = max(0, (joined.size - self._window) // self._hop + 1)
        self._rest = joined[count * self._hop :]
        if not count:
            return np.zeros((0, self._window), dtype=np.float32)
        views = np.lib.stride_tricks.sliding_window_view(joined, self._window)
        return views[: count * self._hop : self._hop]
