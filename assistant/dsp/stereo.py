"""How wide a sound is, band by band, and what is left of it in mono.

All of it follows from three sums over the spectra of left and right: the energy of each, and what
they share. With the middle half the sum of left and right, and the side half their difference,
both channels together carry twice the energy of the middle and of the side, and one loudspeaker
in mono carries the middle alone.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.kweighting import k_weighting
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["BASS_HZ", "EDGES_HZ", "Image", "Width", "front_pair", "picture"]

Sums: TypeAlias = NDArray[np.float64]  # shape (3, bins): left, right, shared

BASS_HZ = 120.0
EDGES_HZ = (20.0, BASS_HZ, 500.0, 2000.0, 6000.0, 20_000.0)
FRAME_SECONDS = 0.17
BATCH = 8  # frames transformed at once
MONO_DB = -40.0  # a side so far below the middle is none
SILENT_DB = -60.0  # a channel so far below the loudest is silent
FAINT_DB = -30.0  # and one so far below tells nothing by its polarity
OPPOSED = -0.5  # correlation: what is wide by reverb or by effects stays above
BLOCK_FRAMES = 1 << 16
NOTHING_DB = -120.0  # stands for no energy at all

# Front left and right as a stereo programme made from more channels has them (ITU-R BS.775): the
# centre and the surrounds 3 dB down, the low-frequency channel left out. Order of WAV and FLAC.
_DOWN = math.sqrt(0.5)
_TO_LEFT = {
    3: (1.0, 0.0, _DOWN),
    4: (1.0, 0.0, _DOWN, 0.0),
    5: (1.0, 0.0, _DOWN, _DOWN, 0.0),
    6: (1.0, 0.0, _DOWN, 0.0, _DOWN, 0.0),
    7: (1.0, 0.0, _DOWN, 0.0, 0.5, _DOWN, 0.0),
    8: (1.0, 0.0, _DOWN, 0.0, _DOWN, 0.0, _DOWN, 0.0),
}
_TO_RIGHT = {
    3: (0.0, 1.0, _DOWN),
    4: (0.0, 1.0, 0.0, _DOWN),
    5: (0.0, 1.0, _DOWN, 0.0, _DOWN),
    6: (0.0, 1.0, _DOWN, 0.0, 0.0, _DOWN),
    7: (0.0, 1.0, _DOWN, 0.0, 0.5, 0.0, _DOWN),
    8: (0.0, 1.0, _DOWN, 0.0, 0.0, _DOWN, 0.0, _DOWN),
}


@dataclass(frozen=True, slots=True)
class Width:
    """The stereo image of one band, or of all of the sound.

    Parameters
    ----------
    low_hz, high_hz : float
        Where the band begins and ends.
    level_db : float
        Energy of left and right, against that of the whole sound; -120 where there is none.
    correlation : float
        1.0 where left and right are the same, 0.0 where they have nothing in common, -1.0 where
        one is the other upside down; 1.0 in silence.
    side_db : float
        Level of the side against the middle, -120 to 120.
    mono_loss_db : float
        By how much the band falls, against left and right together, when they are summed: 0 where
        they are the same, 3 where they have nothing in common, at most 120.
    balance_db : float
        Level of the right against the left, -120 to 120.
    """

    low_hz: float
    high_hz: float
    level_db: float
    correlation: float
    side_db: float
    mono_loss_db: float
    balance_db: float


@dataclass(frozen=True, slots=True)
class Image:
    """The stereo image of a sound.

    Parameters
    ----------
    whole : Width
        Weighted as loudness is (BS.1770), so that the mono loss and the balance are in LU.
    bands : tuple of Width
        Not weighted; the first one is the bass, up to 120 Hz. Those that begin at or above half
        the rate are missing.
    channels : int
        Of the sound. With one there is nothing but middle; with more than two, the image is that
        of the stereo programme made from them.
    silent : tuple of int
        Channels, from 0, in which there is no sound, or next to none beside the others.
    opposed : tuple of (int, int, float), optional
        Of all pairs of channels the one that correlates least, and how, where that is so little
        that one of the two is probably upside down; left and right as loudness weights them.
    """

    whole: Width
    bands: tuple[Width, ...]
    channels: int
    silent: tuple[int, ...] = ()
    opposed: tuple[int, int, float] | None = None

    @property
    def bass(self) -> Width:
        """The image under 120 Hz."""
        return self.bands[0]

    @property
    def is_mono(self) -> bool:
        """Whether left and right are as good as the same."""
        return self.whole.side_db < MONO_DB


def picture(audio: Audio) -> Generator[float, None, Image]:
    """Measure the stereo image of a whole sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read once, in blocks.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Image
        Means over the whole, so that what is loud counts.
    """
    frame = window_frames(FRAME_SECONDS, audio.rate)
    window = np.hanning(frame + 1)[:-1]
    sums = np.zeros((3, frame + 2))  # of real and imaginary parts, side by side
    shared = yield from part(_shared(audio), 0.0, 0.1)
    for done, frames in _frames(audio, frame):
        left, right = np.fft.rfft(frames * window).view(np.float64)
        for n, (one, other) in enumerate([(left, left), (right, right), (left, right)]):
            sums[n] += np.einsum("fb,fb->b", one, other)
        yield 0.1 + 0.9 * done
    hertz = np.arange(frame // 2 + 1, dtype=np.float64) * (audio.rate / frame)
    image = _image(sums.reshape(3, -1, 2).sum(axis=2), hertz, audio)
    if audio.channels == 2:
        product = math.sqrt(shared[0, 0] * shared[1, 1])
        shared[0, 1] = shared[1, 0] = image.whole.correlation * product
    return replace(image, silent=_silent(shared), opposed=_opposed(shared))


def front_pair(block: Samples) -> NDArray[np.float64]:
    """Return left and right of a block, whatever number of channels it has.

    Parameters
    ----------
    block : ndarray of float32, shape (channels, frames)
        One channel is both; of more than two the stereo programme is made (BS.775).

    Returns
    -------
    ndarray of float64, shape (2, frames)
        Left and right.
    """
    channels = block.shape[0]
    if channels <= 2:
        return np.broadcast_to(block, (2, block.shape[1])).astype(np.float64, order="C")
    return np.asarray(np.array([_TO_LEFT[channels], _TO_RIGHT[channels]]) @ block)


def _frames(audio: Audio, frame: int) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Walk through frames that overlap by half, shape (2, some, frame); the ends are silent."""
    half = frame // 2
    count = -(-audio.frames // half) + 1
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        start, stop = (first - 1) * half, last * half
        block = front_pair(audio.samples[:, max(start, 0) : stop])
        silence = max(-start, 0), max(stop - audio.frames, 0)
        rows = np.pad(block, ((0, 0), silence))
        yield last / count, np.lib.stride_tricks.sliding_window_view(rows, frame, 1)[:, ::half]


def _shared(audio: Audio) -> Generator[float, None, Sums]:
    """Sum up what each two channels share, shape (channels, channels)."""
    shared = np.zeros((audio.channels, audio.channels))
    for start, block in audio.blocks(BLOCK_FRAMES):
        rows = block.astype(np.float64)
        shared += rows @ rows.T
        yield min(1.0, (start + BLOCK_FRAMES) / audio.frames)
    return shared


def _silent(shared: Sums) -> tuple[int, ...]:
    """Find channels far below the loudest, where there is one that sounds."""
    energy = np.diagonal(shared)
    least = energy.max(initial=0.0) * 10.0 ** (SILENT_DB / 10.0)
    return tuple(int(channel) for channel in np.flatnonzero(energy < least))


def _opposed(shared: Sums) -> tuple[int, int, float] | None:
    """Find the pair that correlates least, where that is less than chance and width explain."""
    energy = np.diagonal(shared)
    loud = energy > energy.max(initial=0.0) * 10.0 ** (FAINT_DB / 10.0)
    pairs = np.triu(np.outer(loud, loud), 1)
    if not pairs.any():
        return None
    product = np.sqrt(np.where(pairs, np.outer(energy, energy), 1.0))
    least = np.where(pairs, shared / product, 1.0)
    one, other = np.unravel_index(int(np.argmin(least)), least.shape)
    correlation = float(least[one, other])
    return (int(one), int(other), correlation) if correlation < OPPOSED else None


def _image(sums: Sums, hertz: NDArray[np.float64], audio: Audio) -> Image:
    top = audio.rate / 2.0
    total = float(sums[0].sum() + sums[1].sum())
    weighted = sums * _loudness_weights(hertz, audio.rate)
    whole = _width(weighted.sum(axis=1), (0.0, top), float(weighted[:2].sum()))
    bands = []
    for low, high in pairwise(EDGES_HZ):
        if low < top:
            inside = (hertz >= low) & (hertz < high)
            bands.append(_width(sums[:, inside].sum(axis=1), (low, min(high, top)), total))
    return Image(whole, tuple(bands), audio.channels)


def _loudness_weights(hertz: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Return how much each frequency counts towards loudness."""
    turn = np.exp(-2j * np.pi * np.outer(hertz / rate, np.arange(3)))
    weights = np.ones_like(hertz)
    for section in k_weighting(rate):
        weights *= np.abs(turn @ section[:3]) ** 2 / np.abs(turn @ [1.0, *section[3:]]) ** 2
    return weights


def _width(sums: NDArray[np.float64], edges_hz: tuple[float, float], total: float) -> Width:
    """Read one band's three sums."""
    left, right, shared = map(float, sums)
    both = left + right
    product = math.sqrt(left * right)
    shared = min(max(shared, -product), product)
    middle, side = both / 2.0 + shared, both / 2.0 - shared  # of both loudspeakers together
    return Width(
        *edges_hz,
        level_db=_ratio_db(both, total) if both else NOTHING_DB,
        correlation=shared / product if product > 0.0 else float(both == 0.0),
        side_db=_ratio_db(side, middle) if both else NOTHING_DB,
        mono_loss_db=_ratio_db(both, middle),
        balance_db=_ratio_db(right, left),
    )


def _ratio_db(over: float, under: float) -> float:
    """Return a ratio of energies in dB, within 120; 0 between nothing and nothing."""
    least = 10.0 ** (NOTHING_DB / 10.0)
    if over == under:
        return 0.0
    ratio = min(max(over / under if under else math.inf, least), 1.0 / least)
    return 10.0 * math.log10(ratio)
