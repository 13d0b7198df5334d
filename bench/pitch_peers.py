"""The peers of the pitch stage: each takes a sound and a scale, and snaps it its own way."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from assistant.material import Audio, Samples
from bench.pitch_singers import nearest
from bench.plugin_hosts import ladspa, lv2

__all__ = ["PEERS", "Made", "missing", "praat_shift", "run", "signalsmith", "world_shift"]

Array = NDArray[np.float64]
Peer: TypeAlias = Callable[[Audio, Sequence[int]], Samples]

AUTOTALENT = Path("/usr/lib/ladspa/autotalent.so")
FAT1 = Path("/usr/lib/lv2/fat1.lv2/fat1.so")

_HOP_SECONDS, _WORLD_HOP_SECONDS = 0.01, 0.005
_LOWEST_HZ, _HIGHEST_HZ = 70.0, 1_100.0
_SHORTEST_SECONDS = 0.08
_MEDIAN_FRAMES = 7
_FADE_SECONDS = 0.01
_AUTOTALENT_NOTES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_FAT1_FAST = 0.02
_FAT1_NOTES, _FAT1_OUTPUTS = 12, range(24, 29)


@dataclass(frozen=True, eq=False)
class Made:
    """What a peer made, and what it cost in seconds of CPU."""

    samples: Samples
    seconds: float


def run(peer: Peer, audio: Audio, steps: Sequence[int]) -> Made:
    """Correct a sound with a peer.

    Parameters
    ----------
    peer : callable
        One of `PEERS`.
    audio : Audio
        One channel.
    steps : sequence of int
        Pitch classes of the scale.

    Returns
    -------
    Made
        As long as what came in. Tracks are shared between peers; each is charged for its own.
    """
    known = _pyin.cache_info().hits
    before = time.process_time()
    samples = peer(audio, steps)
    spent = time.process_time() - before
    if _pyin.cache_info().hits > known:
        spent += _pyin(audio).seconds
    fitted = np.zeros_like(audio.samples)
    frames = min(samples.shape[1], audio.frames)
    fitted[:, :frames] = samples[:, :frames]
    return Made(fitted, spent)


def autotalent(audio: Audio, steps: Sequence[int]) -> Samples:
    """Correct with Debian's autotalent, as hard as it can; its formant filter becomes unstable."""
    controls = {
        "Concert A (Hz)": 440.0, "Fixed pitch (semitones w.r.t. A)": 0.0,
        "Pull to fixed pitch": 0.0, "Correction strength": 1.0, "Correction smoothness": 0.0,
        "Pitch shift (scale notes)": 0.0, "Output scale rotate (scale notes)": 0.0,
        "LFO depth": 0.0, "LFO rate (Hz)": 5.0, "LFO shape (square->sine->tri)": 0.0,
        "LFO symmetry": 0.0, "LFO quantization": 0.0, "Formant correction": 0.0,
        "Formant warp": 0.0, "Mix": 1.0,
    }  # fmt: skip
    for place, name in enumerate(_AUTOTALENT_NOTES):
        controls[name] = 1.0 if place in steps else -1.0
    return ladspa(AUTOTALENT, controls, np.array(audio.samples[0]), audio.rate)[None, :]


def fat1(audio: Audio, steps: Sequence[int]) -> Samples:
    """Correct with x42's autotune (fat1), at its fastest."""
    controls = {3: 0.0, 4: 0.0, 5: 440.0, 6: 0.5, 7: _FAT1_FAST, 8: 1.0, 9: 0.0, 10: 2.0, 11: 1.0}
    controls |= {_FAT1_NOTES + place: float(place in steps) for place in range(12)}
    controls |= dict.fromkeys(_FAT1_OUTPUTS, 0.0)
    return lv2(FAT1, controls, np.array(audio.samples[0]), audio.rate)[None, :]


def praat_snap(audio: Audio, steps: Sequence[int]) -> Samples:
    """Snap each frame of pYIN to the nearest note, and let Praat's PSOLA sing it."""
    track = _pyin(audio)
    hz = _hz(_snapped(track.pitch, steps))
    return praat_psola(audio, track.times[track.voiced], hz[track.voiced])


def praat_psola(audio: Audio, times: Array, hz: Array) -> Samples:
    """Let Praat's PSOLA sing a sound at other pitches, given at some times."""
    parselmouth = importlib.import_module("parselmouth")
    call = parselmouth.praat.call

    sound = parselmouth.Sound(audio.samples[0].astype(np.float64), audio.rate)
    work = call(sound, "To Manipulation", _HOP_SECONDS, _LOWEST_HZ, _HIGHEST_HZ)
    tier = call("Create PitchTier", "to", 0.0, sound.duration)
    for at, value in zip(times, hz, strict=True):
        call(tier, "Add point", float(at), float(value))
    call([tier, work], "Replace pitch tier")
    made = call(work, "Get resynthesis (overlap-add)")
    return np.asarray(made.values, dtype=np.float32)


def praat_shift(audio: Audio, cents: float) -> Samples:
    """Move a sound as a whole with Praat's PSOLA."""
    parselmouth = importlib.import_module("parselmouth")
    call = parselmouth.praat.call

    sound = parselmouth.Sound(audio.samples[0].astype(np.float64), audio.rate)
    work = call(sound, "To Manipulation", _HOP_SECONDS, _LOWEST_HZ, _HIGHEST_HZ)
    tier = call(work, "Extract pitch tier")
    call(tier, "Multiply frequencies", 0.0, sound.duration, 2.0 ** (cents / 1_200.0))
    call([tier, work], "Replace pitch tier")
    made = call(work, "Get resynthesis (overlap-add)")
    return np.asarray(made.values, dtype=np.float32)


def world_shift(audio: Audio, cents: float) -> Samples:
    """Move a sound as a whole with WORLD."""
    pyworld = importlib.import_module("pyworld")

    sound = audio.samples[0].astype(np.float64)
    rough, times = pyworld.dio(sound, audio.rate, f0_floor=_LOWEST_HZ, f0_ceil=_HIGHEST_HZ)
    hz = pyworld.stonemask(sound, rough, times, audio.rate)
    return world(audio, hz, hz * 2.0 ** (cents / 1_200.0), _WORLD_HOP_SECONDS)


def world_snap(audio: Audio, steps: Sequence[int]) -> Samples:
    """Snap each frame of pYIN to the nearest note, and let WORLD sing it."""
    track = _pyin(audio)
    return world(
        audio, np.where(track.voiced, _hz(track.pitch), 0.0), _hz(_snapped(track.pitch, steps))
    )


def world(audio: Audio, heard_hz: Array, hz: Array, hop_seconds: float = _HOP_SECONDS) -> Samples:
    """Let WORLD sing a sound whose fundamental is `heard_hz` (0.0: none) at another one."""
    pyworld = importlib.import_module("pyworld")

    sound = audio.samples[0].astype(np.float64)
    times = np.arange(heard_hz.size) * hop_seconds
    envelope = pyworld.cheaptrick(sound, heard_hz, times, audio.rate)
    noise = pyworld.d4c(sound, heard_hz, times, audio.rate)
    goal = np.where(heard_hz > 0.0, hz, 0.0)
    made = pyworld.synthesize(goal, envelope, noise, audio.rate, 1_000.0 * hop_seconds)
    return np.asarray(made, dtype=np.float32)[None, :]


def librosa_notes(audio: Audio, steps: Sequence[int]) -> Samples:
    """Shift each note of pYIN's as a whole, with librosa's phase vocoder."""

    def shifted(part: Samples, cents: float) -> Samples:
        made = librosa.effects.pitch_shift(part[0], sr=audio.rate, n_steps=cents / 100.0)
        return np.asarray(made, dtype=np.float32)[None, :]

    return _by_notes(audio, steps, shifted)


def signalsmith_notes(audio: Audio, steps: Sequence[int]) -> Samples:
    """Shift each note of pYIN's as a whole, with signalsmith-stretch."""
    return _by_notes(audio, steps, lambda part, cents: signalsmith(part, audio.rate, cents))


def signalsmith(samples: Samples, rate: int, cents: float) -> Samples:
    """Shift a sound as a whole with signalsmith-stretch."""
    from python_stretch import Signalsmith

    stretch = Signalsmith.Stretch()
    stretch.preset(samples.shape[0], rate)
    stretch.setTransposeSemitones(cents / 100.0)
    return np.asarray(stretch.process(np.array(samples)), dtype=np.float32)


PEERS: Mapping[str, Peer] = {
    "x42 fat1, fast": fat1,
    "autotalent": autotalent,
    "pYIN frame snap, Praat PSOLA": praat_snap,
    "pYIN frame snap, WORLD": world_snap,
    "pYIN note shift, signalsmith": signalsmith_notes,
    "pYIN note shift, librosa": librosa_notes,
}


def missing(peer: Peer) -> bool:
    """Tell whether a peer is not installed here."""
    files = {autotalent: AUTOTALENT, fat1: FAT1}
    packages = {
        praat_snap: "parselmouth", world_snap: "pyworld", signalsmith_notes: "python_stretch",
    }  # fmt: skip
    if peer in files:
        return not files[peer].exists()
    return peer in packages and importlib.util.find_spec(packages[peer]) is None


@dataclass(frozen=True, eq=False)
class _Track:
    times: Array
    pitch: Array
    voiced: NDArray[np.bool_]
    seconds: float


@lru_cache(maxsize=2)
def _pyin(audio: Audio) -> _Track:
    before = time.process_time()
    sound = librosa.resample(audio.samples[0], orig_sr=audio.rate, target_sr=22_050)
    hop = round(_HOP_SECONDS * 22_050)
    hz, voiced, _ = librosa.pyin(
        sound, sr=22_050, hop_length=hop, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ,
        frame_length=1_024, resolution=0.1, fill_na=None,
    )  # fmt: skip
    pitch = 69.0 + 12.0 * np.log2(hz / 440.0)
    times = np.arange(pitch.size) * (hop / 22_050)
    spaced = np.arange(0.0, audio.seconds, _HOP_SECONDS)
    found = np.interp(spaced, times, voiced) > 0.5
    even = np.interp(spaced, times, pitch)
    return _Track(spaced, even, found, time.process_time() - before)


def _snapped(pitch: Array, steps: Sequence[int]) -> Array:
    return median_filter(nearest(pitch, np.array(steps)), _MEDIAN_FRAMES)


def _hz(pitch: Array) -> Array:
    return np.asarray(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _notes(track: _Track, steps: Sequence[int]) -> Iterator[tuple[float, float, float]]:
    """Find runs of frames that snap to one note: start, end, and how far it is, cents."""
    goal = np.where(track.voiced, _snapped(track.pitch, steps), 0.0)
    edges = np.flatnonzero(np.diff(goal, prepend=0.0, append=0.0))
    for first, last in itertools.pairwise(edges):
        start, end = first * _HOP_SECONDS, last * _HOP_SECONDS
        if goal[first] and end - start >= _SHORTEST_SECONDS:
            off = goal[first] - float(np.median(track.pitch[first:last]))
            yield start, end, 100.0 * off


def _by_notes(
    audio: Audio, steps: Sequence[int], shift: Callable[[Samples, float], Samples]
) -> Samples:
    """Shift each note apart, and fade it in and out of what stands around it."""
    out = np.array(audio.samples)
    fade = round(_FADE_SECONDS * audio.rate)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    for start, end, cents in _notes(_pyin(audio), steps):
        first, last = round(start * audio.rate), min(round(end * audio.rate), audio.frames)
        made = shift(np.array(audio.samples[:, first:last]), cents)[:, : last - first]
        share = np.ones(made.shape[1], dtype=np.float32)
        share[:fade] = ramp
        share[-fade:] = ramp[::-1]
        out[:, first : first + share.size] += share * (
            made - audio.samples[:, first : first + share.size]
        )
    return out
