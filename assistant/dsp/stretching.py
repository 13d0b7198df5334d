"""Transposing what is not one voice: chords, choirs, whole mixes; as long as before.

By signalsmith-stretch (python-stretch, MIT), else by librosa's phase vocoder. Both want all of a
sound at once, so a long one is done in blocks that overlap; neighbours are joined where they agree
best, or where it is quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples

__all__ = ["FARTHEST_CENTS", "transpose", "transposer"]

FARTHEST_CENTS = 1200.0

_BLOCK_SECONDS = 60.0
_OVERLAP_SECONDS = 4.0
_EDGE_SECONDS = 0.3  # of a block, to each side: there it is not what it would be further in
_FADE_SECONDS = 0.03
_TOGETHER = 2  # channels that signalsmith-stretch takes
_SEED = 1


def transposer() -> str:
    """Name what transposes: ``"signalsmith-stretch"``, or ``"librosa"`` where it is missing."""
    return "signalsmith-stretch" if find_spec("python_stretch") else "librosa"


def transpose(
    audio: Audio, cents: float, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Audio]:
    """Move all that sounds by the same interval, formants too.

    Parameters
    ----------
    audio : Audio
        Any sound, finite.
    cents : float
        How far, -1200.0 to 1200.0; 0.0 gives the same samples.
    scratch : callable
        Makes the array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done, rising to 1.0.

    Returns
    -------
    Audio
        As long as the input; nothing begins earlier or later.

    Raises
    ------
    ValueError
        Where it is to go farther.
    """
    if not abs(cents) <= FARTHEST_CENTS:
        raise ValueError(f"A sound can be transposed by {FARTHEST_CENTS} cents, not {cents}.")
    out = scratch(audio.samples.shape)
    blocks = _moved(audio, cents) if cents else audio.blocks(round(_BLOCK_SECONDS * audio.rate))
    done = 0
    for start, block in blocks:
        end = start + block.shape[1]
        if start < done:
            _join(out[:, start:done], block[:, : done - start], audio.rate)
        out[:, done:end] = block[:, done - start :]
        done = end
        yield done / audio.frames
    yield 1.0
    return Audio(out, audio.rate)


def _moved(audio: Audio, cents: float) -> Iterator[tuple[int, Samples]]:
    """Walk through a sound in blocks that overlap, each transposed by itself."""
    size, overlap = round(_BLOCK_SECONDS * audio.rate), round(_OVERLAP_SECONDS * audio.rate)
    margin = round(_EDGE_SECONDS * audio.rate)
    shift = _signalsmith if transposer() == "signalsmith-stretch" else _librosa
    for start in range(0, max(1, audio.frames - overlap), size):
        block = audio.samples[:, start : start + size + overlap]
        padded = np.pad(block, ((0, 0), (margin, margin)))
        moved = [shift(np.ascontiguousarray(padded[first : first + _TOGETHER]), audio.rate, cents)
                 for first in range(0, audio.channels, _TOGETHER)]  # fmt: skip
        yield start, np.vstack(moved)[:, margin : margin + block.shape[1]]


def _signalsmith(samples: Samples, rate: int, cents: float) -> Samples:
    from python_stretch import Signalsmith

    stretch = Signalsmith.Stretch(_SEED)
    stretch.preset(samples.shape[0], rate)
    stretch.setTransposeFactor(2.0 ** (cents / 1200.0))
    return np.asarray(stretch.process(samples), dtype=np.float32)


def _librosa(samples: Samples, rate: int, cents: float) -> Samples:
    import librosa

    moved = librosa.effects.pitch_shift(samples, sr=rate, n_steps=cents / 100.0, res_type="soxr_hq")
    return np.asarray(moved, dtype=np.float32)


def _join(before: Samples, after: Samples, rate: int) -> None:
    """Go over from one sound to the next, in place, where that is heard least.

    Parameters
    ----------
    before, after : ndarray of float32, shape (channels, frames)
        What overlaps; the first one takes the result.
    """
    edge, fade = round(_EDGE_SECONDS * rate), round(_FADE_SECONDS * rate)
    edge = min(edge, max(0, (before.shape[1] - fade) // 2))
    fade = min(fade, before.shape[1] - 2 * edge)
    inside = slice(edge, before.shape[1] - edge)
    first = _sums(before[:, inside], before[:, inside], fade)
    second = _sums(after[:, inside], after[:, inside], fade)
    both = _sums(before[:, inside], after[:, inside], fade)
    loud = first + second
    place = int(np.argmin(loud - 2.0 * both))  # the power of what differs
    like = 2.0 * both[place] / loud[place] if loud[place] > 0.0 else 1.0
    start = edge + place
    share = (np.arange(fade) + 0.5) / fade
    # what is unlike adds up by power: the louder in the middle, the less they have in common
    power = share**2 + (1.0 - share) ** 2 + 2.0 * share * (1.0 - share) * max(0.0, like)
    into, out_of = share / np.sqrt(power), (1.0 - share) / np.sqrt(power)
    here = slice(start, start + fade)
    before[:, here] = before[:, here] * out_of + after[:, here] * into
    before[:, start + fade :] = after[:, start + fade :]


def _sums(one: Samples, other: Samples, width: int) -> NDArray[np.float64]:
    """Add up products of samples over each window of a width."""
    products = np.einsum("cf,cf->f", one.astype(np.float64), other.astype(np.float64))
    total = np.concatenate(([0.0], np.cumsum(products)))
    return np.asarray(total[width:] - total[:-width], dtype=np.float64)
