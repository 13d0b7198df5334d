"""What is on a take: speech, singing, an instrument, or a mix; a voice only where that is sure.

A net that knows voices takes everything else for noise, and silences an instrument. So whatever is
not surely one voice alone goes the way of instruments. A voice is alone where nearly all that
sounds, sounds while somebody speaks or sings. Who sings holds notes; who speaks glides.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp import f0, voice_activity
from assistant.dsp.f0 import F0Track
from assistant.dsp.voice_activity import Activity
from assistant.material import Audio
from assistant.steps import part

__all__ = ["Class", "Heard", "hear"]

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

Class: TypeAlias = Literal["speech", "singing", "instrument", "mix"]

SURE = 0.9  # of what sounds, that sounds in one voice: under it nothing is taken for one
SUNG = 0.5  # of it where the net hears a voice; elsewhere it has one clear pitch, as vowels have
VOICE = 0.5
LEAST_SECONDS = 0.5  # of voice
HELD = 0.38  # of the steps of a voice that are level: speech has 0.15 to 0.3, singing 0.45 to 0.75
HELD_WIDTH = 0.12  # around it neither is sure
STEP_SECONDS = 0.1
LEVEL_CENTS = 30.0
CLEAR = 0.9  # confidence of a fundamental
QUIET = 20  # percentile of the power of frames, which is the noise
SLICE_SECONDS, SLICES = 10.0, 12
"""Of a long take so many slices are heard."""

_VOICED = 0.4  # of the work: what is done once it is known where there is a voice


class Heard(NamedTuple):
    """What a take is.

    Parameters
    ----------
    name : str
        Its class.
    confidence : float
        Of that class, 0.0 to 1.0.
    why : str
        A sentence with the numbers.
    """

    name: Class
    confidence: float
    why: str


def hear(audio: Audio) -> Generator[float, None, Heard]:
    """Tell what is on a take.

    Parameters
    ----------
    audio : Audio
        Finite. Of long takes, slices are heard.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Heard
        ``"instrument"`` where it is not surely a voice alone; ``"mix"`` where there are voices, and
        other things as loud.
    """
    slices = _slices(audio)
    each = 1.0 / len(slices)
    found: list[Activity] = []
    for n, one in enumerate(slices):
        work = voice_activity.voice_activity(one)
        found.append((yield from part(work, _VOICED * n * each, _VOICED * each)))
    heard = Activity(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    if np.count_nonzero(heard.voice > VOICE) * voice_activity.HOP_SECONDS < LEAST_SECONDS:
        return Heard("instrument", 1.0, "No voice is heard.")
    # A voice dies away for a moment after the net has stopped to hear it.
    voice = heard.voice > VOICE
    voice |= np.roll(voice, 1) | np.roll(voice, -1)
    spoken = _share(heard.power, voice)
    if spoken < SUNG:
        return _mix(spoken)
    tracks: list[F0Track] = []
    for n, one in enumerate(slices):
        begun = _VOICED + (1.0 - _VOICED) * n * each
        tracks.append((yield from part(f0.track(one), begun, (1.0 - _VOICED) * each)))
    clear = np.concatenate([_clear(*pair) for pair in zip(tracks, found, strict=True)])
    alone = _share(heard.power, voice | clear)
    return _judged(spoken, alone, np.concatenate([_steps_cents(one) for one in tracks]))


def _share(power: Array, of: Flags) -> float:
    """Tell how much of the power over the noise lies in some of the frames."""
    over = np.maximum(power - np.percentile(power, QUIET), 0.0)
    return float((over * of).sum() / over.sum()) if over.any() else 0.0


def _mix(spoken: float) -> Heard:
    told = f"{100.0 * spoken:.0f} % of what sounds, sounds with a voice"
    return Heard("mix", 1.0 - spoken, f"{told}: there is more than a voice.")


def _judged(spoken: float, alone: float, steps_cents: Array) -> Heard:
    """Tell speech from singing, where nearly all is a voice or one clear pitch."""
    held = float(np.mean(steps_cents < LEVEL_CENTS)) if steps_cents.size else 0.0
    if alone < SURE or (spoken < SURE and held < HELD):
        return _mix(min(spoken, alone))
    told = f"{100.0 * alone:.0f} % of what sounds is a voice, {100.0 * held:.0f} % of it held notes"
    sure = alone * min(1.0, 0.5 + abs(held - HELD) / (2.0 * HELD_WIDTH))
    return Heard("singing" if held >= HELD else "speech", sure, f"{told}.")


def _slices(audio: Audio) -> list[Audio]:
    """Cut a long take into slices, evenly spread."""
    frames = round(SLICE_SECONDS * audio.rate)
    if audio.frames <= SLICES * frames:
        return [audio]
    starts = np.linspace(0, audio.frames - frames, SLICES).astype(int)
    return [Audio(audio.samples[:, start : start + frames], audio.rate) for start in starts]


def _clear(track: F0Track, activity: Activity) -> Flags:
    """Tell in which of the frames one clear pitch sounds."""
    middles = (np.arange(activity.voice.size) + 0.5) * voice_activity.HOP_SECONDS
    if not track.times.size:
        return np.zeros(middles.size, np.bool_)
    return np.asarray(np.interp(middles, track.times, track.confidence) > CLEAR)


def _steps_cents(track: F0Track) -> Array:
    """Return how far a clear voice moved in each step of time."""
    step = max(1, round(STEP_SECONDS / track.hop_seconds))
    clear = track.confidence > CLEAR
    moved = 100.0 * np.abs(track.pitch[step:] - track.pitch[:-step])
    return np.asarray(moved[clear[step:] & clear[:-step]])
