"""The fundamental frequency of one voice, frame by frame, worked out block by block.

SwiftF0 (MIT; a small network whose weights lie in its wheel) where onnxruntime is installed, else
pYIN as librosa has it (Mauch and Dixon, "pYIN: a fundamental frequency estimator using
probabilistic threshold distributions", ICASSP 2014).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import resampled_mono
from assistant.material import Audio

__all__ = [
    "HIGHEST_HZ",
    "HOP",
    "HOP_SECONDS",
    "LOWEST_HZ",
    "RATE_HZ",
    "F0Track",
    "Tracker",
    "joined",
    "track",
]

Array = NDArray[np.float64]

RATE_HZ = 16_000
HOP = 256
HOP_SECONDS = HOP / RATE_HZ
LOWEST_HZ, HIGHEST_HZ = 46.875, 2093.75
"""What SwiftF0 can hear."""

VOICED = 0.5
"""Confidence from which a frame is voiced."""

_QUIETEST = 1e-7  # of full scale: -140 dB
_SILENT_DB = -60.0
_SWIFT_SAMPLES = 5 * RATE_HZ // 2  # that the network is given at once: 20 MB
# pYIN's own: a frame, and what stands around a block so that its edges do not matter
_PYIN_FRAME = 1024
_PYIN_SURE = 1.15  # of its probabilities: so that a sung frame is as certain as by the network
_PYIN_LOWEST_HZ, _PYIN_HIGHEST_HZ = 65.0, 1_600.0
_PYIN_AROUND = 32  # frames
_PYIN_BLOCK = 640  # frames


@dataclass(frozen=True, eq=False)
class F0Track:
    """The fundamental of each frame of a sound.

    Parameters
    ----------
    times : ndarray of float, shape (frames,)
        The middle of each frame in seconds, `hop_seconds` apart.
    hz : ndarray of float, shape (frames,)
        Fundamental, above 0.0 also where the frame is not voiced (there it says nothing).
    confidence : ndarray of float, shape (frames,)
        That the frame is voiced, 0.0 to 1.0; it is from 0.5 on.
    level_db : ndarray of float, shape (frames,)
        Level (RMS) of the frame in dBFS.
    hop_seconds : float
        From frame to frame.
    """

    times: Array
    hz: Array
    confidence: Array
    level_db: Array
    hop_seconds: float = HOP_SECONDS

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Which frames have a fundamental, shape (frames,)."""
        return np.asarray(self.confidence >= VOICED)

    @property
    def pitch(self) -> Array:
        """The fundamental as MIDI numbers with fractions, shape (frames,)."""
        return np.asarray(69.0 + 12.0 * np.log2(self.hz / 440.0), dtype=np.float64)


class _Detector(Protocol):
    """What works out the frames of a stream."""

    def push(self, samples: NDArray[np.float32]) -> F0Track:
        """Take a block, return the frames that are final."""

    def finish(self) -> F0Track:
        """Return the rest."""


class Tracker:
    """Tracks the fundamental of a stream.

    Memory does not grow with the length of the stream. Frames are the same however the stream is
    cut into blocks, to the last digits of a float32.
    """

    def __init__(self) -> None:
        model = _model()
        self._detector: _Detector = _Pyin() if model is None else _Swift(model)

    def push(self, samples: NDArray[np.float32]) -> F0Track:
        """Take a block.

        Parameters
        ----------
        samples : ndarray of float32, shape (frames,)
            Mono at `RATE_HZ`, finite.

        Returns
        -------
        F0Track
            The frames that are final; they follow those of the block before.
        """
        return self._detector.push(samples)

    def finish(self) -> F0Track:
        """Return the frames that were still waiting for what follows; once, at the end."""
        return self._detector.finish()


def track(audio: Audio, seconds: float | None = None) -> Generator[float, None, F0Track]:
    """Track the fundamental of a sound.

    Parameters
    ----------
    audio : Audio
        One voice; its channels are added up as `assistant.dsp.mono` does.
    seconds : float, optional
        How much of it, from the start.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    F0Track
        About 32 bytes a frame, 2 kB a second.
    """
    tracker = Tracker()
    parts: list[F0Track] = []
    frames = audio.frames if seconds is None else round(seconds * audio.rate)
    for done, block in resampled_mono(Audio(audio.samples[:, :frames], audio.rate), RATE_HZ):
        parts.append(tracker.push(block))
        yield done
    parts.append(tracker.finish())
    return joined(parts)


def joined(parts: Sequence[F0Track]) -> F0Track:
    """Join what a tracker returned, block after block."""
    columns = ("times", "hz", "confidence", "level_db")
    whole = [np.concatenate([getattr(part, each) for part in parts]) for each in columns]
    return F0Track(whole[0], whole[1], whole[2], whole[3])


@lru_cache(maxsize=1)
def _model() -> Any:
    """Open SwiftF0, on one thread; None where it or onnxruntime is missing."""
    try:
        import onnxruntime
        import swift_f0
    except ImportError:
        return None
    onnxruntime.set_default_logger_severity(3)  # errors alone
    onnxruntime.disable_telemetry_events()
    return swift_f0.SwiftF0(threads=1, spin=False)


class _Swift:
    """SwiftF0, which remembers as much of the stream as its next frames look back on."""

    def __init__(self, model: Any) -> None:
        self._stream = model.stream()

    def push(self, samples: NDArray[np.float32]) -> F0Track:
        """Take a block, return the frames that are final.

        Piece by piece: what the network works with grows with what it is given at once.
        """
        pieces = range(0, max(1, samples.size), _SWIFT_SAMPLES)
        return joined(
            [
                _as_track(self._stream.push(samples[at : at + _SWIFT_SAMPLES], RATE_HZ))
                for at in pieces
            ]
        )

    def finish(self) -> F0Track:
        """Return the rest."""
        return _as_track(self._stream.flush())


def _as_track(found: Any) -> F0Track:
    return F0Track(found.timestamps, found.pitch_hz, found.confidence, found.loudness_db)


class _Pyin:
    """PYIN over long blocks, each with some frames around it that are thrown away."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, dtype=np.float32)
        self._base = 0  # frame that the rest begins with
        self._told = 0  # frames

    def push(self, samples: NDArray[np.float32]) -> F0Track:
        """Take a block, return the frames that are final."""
        self._rest = np.concatenate((self._rest, samples))
        parts = [_nothing()]
        while self._base + self._rest.size // HOP >= self._told + _PYIN_BLOCK + _PYIN_AROUND:
            parts.append(self._frames(self._told + _PYIN_BLOCK))
        return joined(parts)

    def finish(self) -> F0Track:
        """Return the rest."""
        end = self._base + self._rest.size // HOP
        return self._frames(end) if end > self._told else _nothing()

    def _frames(self, end: int) -> F0Track:
        """Work out the frames up to one of them, and forget what is no longer needed."""
        import librosa

        first = self._told
        window = self._rest[: (end + _PYIN_AROUND - self._base) * HOP]
        hz, _, voiced = librosa.pyin(
            window, fmin=_PYIN_LOWEST_HZ, fmax=_PYIN_HIGHEST_HZ, sr=RATE_HZ,
            frame_length=_PYIN_FRAME, hop_length=HOP, fill_na=None,
        )  # fmt: skip
        level = librosa.feature.rms(y=window, frame_length=2 * HOP, hop_length=HOP)[0]
        level_db = 20.0 * np.log10(np.maximum(np.asarray(level, dtype=np.float64), _QUIETEST))
        inside = slice(first - self._base, end - self._base)
        sure = np.where(level_db[inside] < _SILENT_DB, 0.0, _PYIN_SURE * voiced[inside])
        times = np.asarray(np.arange(first, end) * HOP_SECONDS, dtype=np.float64)
        self._told = end
        keep = max(self._base, end - _PYIN_AROUND)
        self._rest = self._rest[(keep - self._base) * HOP :]
        self._base = keep
        return F0Track(times, hz[inside], np.minimum(sure, 1.0), level_db[inside])


def _nothing() -> F0Track:
    empty = np.zeros(0)
    return F0Track(empty, empty, empty, empty)
