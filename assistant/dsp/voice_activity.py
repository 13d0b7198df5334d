"""Where somebody speaks or sings, told by Silero VAD: a small net that knows voices.

Its weights (MIT) lie in its wheel; only the file is opened, as the package itself would load torch.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import resampled_mono
from assistant.dsp.truepeak import sample_peak
from assistant.material import Audio

__all__ = ["HOP_SECONDS", "Activity", "voice_activity"]

RATE_HZ = 16_000
HOP = 512
HOP_SECONDS = HOP / RATE_HZ
_CONTEXT = 64  # samples of the frame before, that each frame begins with
_STATE = (2, 1, 128)
_LOUDEST = 0.5  # that the net is given: it was trained on speech at a usual level


class Activity(NamedTuple):
    """What was heard of each frame of `HOP_SECONDS`; arrays of shape (frames,)."""

    voice: NDArray[np.float64]
    """How sure it is that somebody speaks or sings, 0.0 to 1.0."""
    power: NDArray[np.float64]
    """Mean square, against that of the loudest sample."""


def voice_activity(audio: Audio) -> Generator[float, None, Activity]:
    """Tell where there is a voice.

    Parameters
    ----------
    audio : Audio
        Finite; what does not fill the last frame is left out.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Activity
        Of each frame. Silence holds no voice.
    """
    peak = sample_peak(audio.samples)
    voices: list[float] = []
    powers: list[float] = []
    if peak == 0.0:
        return Activity(np.zeros(0), np.zeros(0))
    listener, rest = _Listener(), np.zeros(0, np.float32)
    for done, block in resampled_mono(audio, RATE_HZ):
        rest = np.concatenate([rest, block * np.float32(_LOUDEST / peak)])
        whole = rest.size // HOP * HOP
        for frame in rest[:whole].reshape(-1, HOP):
            voices.append(listener.hear(frame))
            powers.append(float(np.square(frame / _LOUDEST).mean(dtype=np.float64)))
        rest = rest[whole:]
        yield done
    return Activity(np.array(voices), np.array(powers))


class _Listener:
    """The net, and what it remembers of the frames before."""

    def __init__(self) -> None:
        self._state = np.zeros(_STATE, np.float32)
        self._before = np.zeros(_CONTEXT, np.float32)

    def hear(self, frame: NDArray[np.float32]) -> float:
        """Tell how sure it is that there is a voice in the next frame."""
        given = {
            "input": np.concatenate([self._before, frame])[None],
            "state": self._state,
            "sr": np.array(RATE_HZ, np.int64),
        }
        voice, self._state = _net().run(None, given)
        self._before = frame[-_CONTEXT:]
        return float(voice[0, 0])


@lru_cache(maxsize=1)
def _net() -> Any:
    """Open the net, on one thread."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    found = find_spec("silero_vad")
    if found is None or not found.submodule_search_locations:
        raise ImportError("silero-vad is not installed, though bandmate needs it")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone
    path = f"{found.submodule_search_locations[0]}/data/silero_vad.onnx"
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
