"""Reverberation taken out: what of a sound can be told from what went before it is its echo.

Weighted prediction error: Nakatani, Yoshioka, Kinoshita, Miyoshi and Juang, "Speech dereverberation
based on variance-normalized delayed linear prediction" (IEEE TASLP 18(7), 2010), as the library
nara-wpe has it (MIT; Drude, Heymann, Boeddeker and Haeb-Umbach, ITG 2018). The first reflections,
and the tail of what sounds just now, stay: they are part of a voice.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from assistant.dsp.short_spectra import OVERLAP, Spectra
from assistant.dsp.short_time import changed
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Scratch

__all__ = ["without_reverb"]

WINDOW_SECONDS = 0.032
STRETCH_SECONDS = 12.0  # over which a room is the same, and a filter can be learned
TAPS, DELAY, ROUNDS = 10, 3, 3  # in windows; the delay spares what a voice does by itself
_SILENCE = 1e-10


def without_reverb(audio: Audio, scratch: Scratch) -> Generator[float, None, Audio]:
    """Take reverberation out.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped. Several channels help each other, and keep their places.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long, and not a frame late.
    """
    size = window_frames(WINDOW_SECONDS, audio.rate)
    windows = round(STRETCH_SECONDS * audio.rate * OVERLAP / size)
    out = scratch(audio.samples.shape)
    yield from changed([audio.samples], size, _Room(), out, windows)
    return Audio(out, audio.rate)


class _Room:
    """What predicts the echoes of each stretch, and what came before it."""

    def __init__(self) -> None:
        self._before: Spectra | None = None

    def __call__(self, spectra: Sequence[Spectra]) -> Spectra:
        from nara_wpe.wpe import wpe_v8

        heard = spectra[0]
        whole = heard if self._before is None else np.concatenate([self._before, heard], axis=1)
        self._before = heard[:, -(TAPS + DELAY) :]
        # Without noise as low as this, silence would have no inverse.
        powers = np.abs(whole).max(axis=(0, 1))
        made = np.array(whole.transpose(2, 0, 1), dtype=np.complex128)
        for bin_ in np.flatnonzero(powers > _SILENCE):
            made[bin_] = wpe_v8(made[bin_], taps=TAPS, delay=DELAY, iterations=ROUNDS)
        made = made.transpose(1, 2, 0)[:, whole.shape[1] - heard.shape[1] :]
        return np.asarray(np.where(np.isfinite(made), made, heard), dtype=np.complex64)
