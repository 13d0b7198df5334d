"""Trackers of the fundamental beside each other, on synthetic singing with exact truth."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import librosa
import numpy as np
from numpy.typing import NDArray

from assistant.dsp.f0 import F0Track, track
from assistant.dsp.f0_fine import refine
from assistant.material import Audio
from assistant.steps import result
from bench.pitch_cases import REPORTED, Truth, spoiled, take
from bench.report import publish, table

__all__ = ["TRACKERS", "conditions", "score", "trackers_section"]

Array = NDArray[np.float64]
Tracker: TypeAlias = Callable[[Audio], "Tracked"]

_LOWEST_HZ, _HIGHEST_HZ = 65.0, 1_100.0
_HOP_SECONDS = 0.01
_NOTES = 36
_ROOM = "room"  # whose tails have a pitch although nobody sings: not in VFA
_NEAR_CENTS = (50.0, 25.0)


@dataclass(frozen=True, eq=False)
class Tracked:
    """What a tracker found: seconds, Hz (0.0: no guess), and which frames it says are voiced."""

    times: Array
    hz: Array
    voiced: NDArray[np.bool_]


def swift(audio: Audio) -> Tracked:
    """Track by the network alone, 16 ms apart."""
    return _tracked(result(track(audio)))


def fine(audio: Audio) -> Tracked:
    """Track as the stage does, refined, 5 ms apart."""
    return _tracked(result(refine(audio, result(track(audio)))))


def _tracked(found: F0Track) -> Tracked:
    return Tracked(found.times, found.hz, found.voiced)


def praat(audio: Audio) -> Tracked:
    """Track with Praat's autocorrelation, as it comes."""
    parselmouth = importlib.import_module("parselmouth")

    sound = parselmouth.Sound(audio.samples[0].astype(np.float64), audio.rate)
    heard = sound.to_pitch_ac(
        time_step=_HOP_SECONDS, pitch_floor=_LOWEST_HZ, pitch_ceiling=_HIGHEST_HZ
    )
    hz = np.asarray(heard.selected_array["frequency"], dtype=np.float64)
    return Tracked(np.asarray(heard.xs()), hz, hz > 0.0)


def pyin(audio: Audio) -> Tracked:
    """Track with librosa's pYIN, as it comes."""
    rate = 22_050
    sound = librosa.resample(audio.samples[0], orig_sr=audio.rate, target_sr=rate)
    hop = round(_HOP_SECONDS * rate)
    hz, voiced, _ = librosa.pyin(
        sound, sr=rate, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ, hop_length=hop, fill_na=None
    )
    return Tracked(np.arange(hz.size) * hop / rate, hz, voiced)


TRACKERS: Mapping[str, Tracker] = {
    "bandmate, fine": fine,
    "swift-f0 alone": swift,
    "Praat AC": praat,
    "librosa.pyin": pyin,
}


def conditions(seeds: range = REPORTED) -> Iterator[tuple[str, Truth, Audio]]:
    """Sing in the clear, in noise, and in a room; one of the voices is breathy."""
    whole = {"clean": (None, False), "SNR 20 dB": (20.0, False), "SNR 10 dB": (10.0, False),
             "SNR 0 dB": (0.0, False), _ROOM: (None, True)}  # fmt: skip
    for place, (name, (snr_db, room)) in enumerate(whole.items()):
        for seed in (seeds[place], seeds[place + 3]):
            made = take("good", seed, _NOTES)
            yield name, made, spoiled(made.audio, seed, snr_db, room)


def score(truth: Truth, found: Tracked) -> tuple[Array, NDArray[np.bool_], NDArray[np.bool_]]:
    """Compare with the truth, every 5 ms.

    Returns
    -------
    tuple of ndarray
        Cents off where there is voice (inf where nothing was guessed), whether each of these was
        said to be voiced, and whether each frame without voice was.
    """
    places = np.clip(np.searchsorted(found.times, truth.times), 1, found.times.size - 1)
    closer = truth.times - found.times[places - 1] < found.times[places] - truth.times
    places = places - closer
    known = found.hz > 0.0
    octaves = np.full(truth.times.size, np.inf)
    if known.any():
        between = np.interp(truth.times, found.times[known], np.log2(found.hz[known]))
        octaves = np.where(known[places], between, np.inf)
    cents = np.asarray(1_200.0 * np.abs(octaves - np.log2(truth.hz)))
    said = found.voiced[places]
    return cents[truth.voiced], said[truth.voiced], said[~truth.voiced]


def trackers_section() -> None:
    """Run and publish."""
    cases = list(conditions())
    rows: list[list[object]] = []
    for name, tracker in TRACKERS.items():
        tracker(cases[0][2])  # what is loaded once is not charged
        parts, spent = [], 0.0
        by_kind: dict[str, list[float]] = {}
        for kind, truth, audio in cases:
            before = time.process_time()
            found = tracker(audio)
            spent += time.process_time() - before
            cents, said, false = score(truth, found)
            parts.append((cents, said, false[: 0 if kind == _ROOM else None]))
            by_kind.setdefault(kind, []).append(float(np.mean(parts[-1][0] < _NEAR_CENTS[0])))
        cents, said, false = (np.concatenate(each) for each in zip(*parts, strict=True))
        sounded = sum(audio.seconds for _, _, audio in cases)
        rows.append([
            name, *[float(np.mean(cents < near)) for near in _NEAR_CENTS],
            float(np.mean(said)), float(np.mean(false)), float(np.median(cents[said])),
            round(sounded / spent), *[float(np.mean(each)) for each in by_kind.values()],
        ])  # fmt: skip
    kinds = [f"RPA 50, {kind}" for kind in dict.fromkeys(kind for kind, _, _ in cases)]
    seconds = round(sum(audio.seconds for _, _, audio in cases))
    publish(
        "Trackers",
        f"{seconds} s of synthetic singing with exact truth, every 5 ms. RPA: share of voiced"
        " frames within 50 (25) cents, voiced or not by the tracker's word; VR: voiced frames"
        " found; VFA: unvoiced frames taken for voiced, the room aside, whose tails have a pitch;"
        " median error in cents where both are voiced.\n\n"
        + table(["", "RPA 50", "RPA 25", "VR", "VFA", "median cents", "x real time", *kinds], rows),
    )
