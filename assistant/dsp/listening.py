"""Listening to a sound: its beat, and what sounds on each beat, worked out block by block."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Progress
from assistant.dsp import beats, chroma
from assistant.dsp.beats import Pulse
from assistant.dsp.chroma import RATE_HZ
from assistant.dsp.mono import resampled_mono
from assistant.dsp.one_voice import Voice, follow_voice
from assistant.errors import MaterialError
from assistant.material import Audio, Meter

__all__ = ["FEWEST_BEATS", "MAX_SECONDS", "Frames", "Listened", "listen", "listening"]

MAX_SECONDS = 600.0
"""So much of a sound is listened to, from its start."""

FEWEST_BEATS = 4

_SHARE = 0.5  # of a request that is spent listening
_FIRST, _SECOND = 0.6, 0.2  # of listening: to all that sounds, and to one voice

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
    voice : Voice or None
        One voice that was followed through it; None where it can hardly be one.
    """

    seconds: float
    heard_seconds: float
    pulse: Pulse
    treble: NDArray[np.float32]
    bass: NDArray[np.float32]
    accents: NDArray[np.float64]
    tuning_cents: float
    tonal: float
    voice: Voice | None = None


def listen(
    audio: Audio, *, bpm: float | None = None, meter: Meter | None = None
) -> Generator[float, None, Listened]:
    """Listen to a sound.

    Parameters
    ----------
    audio : Audio
        Music of at least some beats; of long ones the first ten minutes.
    bpm : float, optional
        Quarter notes a minute, where it is known: then beats come at exactly this tempo.
    meter : Meter, optional
        Where it is known: beats are what one taps in it, dotted quarters in 6/8.

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
    slow = Frames(chroma.WINDOW, chroma.HOP)
    quick = Frames(beats.WINDOW, beats.HOP)
    spectra, bands = [], []
    loudest = 0.0
    piece = Audio(audio.samples[:, : round(seconds * audio.rate)], audio.rate)
    for done, block in resampled_mono(piece, RATE_HZ, block_seconds=_BLOCK_SECONDS):
        peak = float(np.abs(block).max(initial=0.0))
        if not np.isfinite(peak):
            raise MaterialError("The sound holds values that are no numbers; export it again.")
        loudest = max(loudest, peak)
        spectra.append(chroma.pitch_spectra(slow.push(block)))
        bands.append(beats.onset_bands(quick.push(block)))
        yield _FIRST * done
    _check(audio, loudest)
    heard = np.concatenate(bands)
    strength, low = beats.onsets(heard)
    voice = yield from _voice(audio, seconds, strength)
    pulse = _pulse(strength, low, bpm, meter)
    listened = _summed_up(audio, pulse, np.concatenate(spectra), (heard, strength, low))
    yield 1.0
    return replace(listened, heard_seconds=seconds, voice=voice)


def listening(
    audio: Audio, *, bpm: float | None = None, meter: Meter | None = None
) -> Generator[Progress, None, Listened]:
    """Listen to a sound as the first half of a request: as `listen`, with progress to tell."""
    steps = listen(audio, bpm=bpm, meter=meter)
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


def _voice(
    audio: Audio, seconds: float, strength: NDArray[np.float64]
) -> Generator[float, None, Voice | None]:
    """Follow one voice, as the second part of listening."""
    steps = follow_voice(audio, seconds, strength)
    while True:
        try:
            yield _FIRST + _SECOND * next(steps)
        except StopIteration as end:
            return cast("Voice | None", end.value)


def _pulse(
    strength: NDArray[np.float64], low: NDArray[np.float64], bpm: float | None, meter: Meter | None
) -> Pulse:
    """Find the beat; where its tempo is said, with the tempo it would have been found at."""
    found = beats.pulse_of(strength, low)
    if bpm is None:
        return found
    said = beats.pulse_at(strength, low, bpm / (meter.pulse_beats if meter else 1.0))
    return said if beats.may_be(found, said.bpm) else replace(said, others=((found.bpm, 1.0),))


def _summed_up(
    audio: Audio,
    pulse: Pulse,
    spectra: NDArray[np.float32],
    told: tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]],
) -> Listened:
    bands, strength, low = told
    pulse = _on_the_beat(_while_it_sounds(pulse, bands), spectra)
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
        audio.seconds, audio.seconds, pulse, found.treble, found.bass, accents, 100.0 * tuning,
        tonal,
    )  # fmt: skip


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


class Frames:
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
