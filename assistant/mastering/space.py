"""The stereo image of a master: what is wrong with it in mono, and the little that is done.

Only the side is filtered, by a symmetric filter that is centred: nothing comes later, and where
there is no side nothing changes at all. What is lost in mono cannot be brought back so, for mono
is the middle and the middle stays; but bass whose sides are gone sounds the same in both, and the
limiter no longer works for what half of the listeners never hear.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.linear_phase import convolve, kernel
from assistant.dsp.stereo import Image, Width
from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["WidthMove", "advise", "apply", "balance_words", "mono_words"]

MOST_DB = 2.0  # of a change of width
BASS_DB = -24.0  # of the sides of the bass
BASS_LOSS_DB = (
    1.5,
    9.0,
)  # less does no harm; where more is lost there is little bass in the middle
HEARD_DB = -30.0  # a band so far below the whole is left alone
WIDE_DB, NARROW_DB = 1.0, -20.0  # side against middle, above the bass
LEAST_DB = 0.5  # of a change that is worth making
UPSIDE_DOWN_DB = 12.0  # more side than that is a fault, and no matter of taste
NO_WIDTH_DB = -28.0  # a narrower band is meant to stand in the middle
WIDENED_FROM_HZ = 500.0
UNRELATED_LOSS_DB = 3.3  # what sides that have nothing in common lose, and a little for chance
WIDENING_LOSS_DB = 1.5  # what loses more in mono is not widened

UNEVEN_LU = 1.5  # a side that is louder by so much is heard

SLOPE_OCTAVES = 1.0
BLOCK_FRAMES = 1 << 18
NOTHING = 1e-10  # -200 dB: the dust of a transform, which would keep silence from being silent


@dataclass(frozen=True, slots=True)
class WidthMove:
    """A change of the level of the side in one band.

    Parameters
    ----------
    low_hz, high_hz : float
        Where the band begins and ends; the slopes are an octave wide.
    gain_db : float
        Of the side.
    why : str
        What was measured, and what is done about it.
    """

    low_hz: float
    high_hz: float
    gain_db: float
    why: str


def advise(image: Image, amount: float = 1.0) -> tuple[WidthMove, ...]:
    """Decide from measurement what to do about the width.

    Parameters
    ----------
    image : Image
        From `assistant.dsp.stereo.picture`.
    amount : float
        0.0 to 1.0; scales each move.

    Returns
    -------
    tuple of WidthMove
        Lowest first; empty where nothing speaks for any, as in a mono mix or where a channel is
        silent, and where the sound has more than two channels.
    """
    if amount <= 0.0 or image.channels != 2 or image.is_mono or image.silent:
        return ()
    found = [_bass(image.bass, amount)]
    found += [_width(band, image, amount) for band in image.bands[1:]]
    return tuple(move for move in found if move)


def apply(
    audio: Audio, moves: Sequence[WidthMove], scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Audio]:
    """Change the width.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped.
    moves : sequence of WidthMove
        From `advise`.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        What is added to the left is taken from the right, so that the middle stays. The sound
        itself where there is no move, or other than two channels.
    """
    if not moves or audio.channels != 2:
        yield 1.0
        return audio
    side = scratch((1, audio.frames))
    for start, block in audio.blocks(BLOCK_FRAMES):
        side[0, start : start + block.shape[1]] = (block[0] - block[1]) * np.float32(0.5)
    change = scratch((1, audio.frames))
    taps = kernel(lambda hertz: side_gain_db(moves, hertz), audio.rate)
    taps[len(taps) // 2] -= 1.0  # what the filter adds to the side, and no more
    yield from part(convolve(Audio(side, audio.rate), taps, taps, change), 0.0, 0.9)
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        added = np.where(np.abs(change[0, span]) < NOTHING, np.float32(0.0), change[0, span])
        np.add(block[0], added, out=out[0, span])
        np.subtract(block[1], added, out=out[1, span])
        yield 0.9 + 0.1 * span.stop / audio.frames
    return Audio(out, audio.rate)


def side_gain_db(moves: Sequence[WidthMove], hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell what moves do to the side.

    Parameters
    ----------
    moves : sequence of WidthMove
        They add up.
    hertz : ndarray of float64
        Where to tell it.

    Returns
    -------
    ndarray of float64
        In dB.
    """
    gain = np.zeros_like(hertz)
    for move in moves:
        inside = 1.0 - _risen(hertz, move.high_hz)
        if move.low_hz > 20.0:
            inside = inside * _risen(hertz, move.low_hz)
        gain += move.gain_db * inside
    return gain


def mono_words(image: Image) -> str:
    """Say how the sound does in mono.

    Parameters
    ----------
    image : Image
        From `assistant.dsp.stereo.picture`.

    Returns
    -------
    str
        One sentence with the numbers.
    """
    whole, bass = image.whole, image.bass
    if image.silent:
        return _silent_words(image)
    if image.channels == 1 or image.is_mono:
        return "The sound is mono: left and right are the same."
    if image.channels == 2 and whole.side_db > UPSIDE_DOWN_DB:
        return "Next to nothing is left in mono: one channel is the other upside down. Flip one."
    told = f"{whole.mono_loss_db:z.1f} LU are lost in mono"
    if bass.level_db > HEARD_DB:
        told += f", {bass.mono_loss_db:z.1f} dB of the bass"
    told += f"; left and right correlate at {whole.correlation:z.2f}"
    if image.opposed is not None:
        one, other, correlation = image.opposed
        pair = f"{_channel(image, one)} and {_channel(image, other)}"
        if image.channels > 2:
            told += f", {pair} at {correlation:z.2f}"
        return f"Parts cancel in mono: {told}. See whether {pair} have the same polarity."
    verdicts = (WIDENING_LOSS_DB, "Safe in mono"), (UNRELATED_LOSS_DB, "Wide, but whole in mono")
    fitting = (words for most_db, words in verdicts if whole.mono_loss_db <= most_db)
    return f"{next(fitting, 'Very wide, and less in mono')}: {told}."


def balance_words(image: Image) -> str:
    """Say whether one side is louder.

    Parameters
    ----------
    image : Image
        From `assistant.dsp.stereo.picture`.

    Returns
    -------
    str
        One sentence with the number; nothing is done about it, for it may be meant.
    """
    louder = image.whole.balance_db
    if image.silent:
        return _silent_words(image)
    if abs(louder) < UNEVEN_LU:
        return f"Left and right are as loud as each other, within {max(abs(louder), 0.1):.1f} LU."
    return f"The {'right' if louder > 0.0 else 'left'} is {abs(louder):.1f} LU louder."


def _silent_words(image: Image) -> str:
    """Say which channels hold no sound; nothing is put there."""
    if image.channels == 2:
        side = _channel(image, *image.silent)
        return f"The {side} channel is silent, and left so: check the export."
    *most, last = (_channel(image, channel) for channel in image.silent)
    told = f"{', '.join(most)} and {last} are" if most else f"{last} is"
    return f"{told[0].upper()}{told[1:]} silent, and left so: check the export."


def _channel(image: Image, channel: int) -> str:
    """Name a channel: by its side where there are two, else by its number."""
    return ("left", "right")[channel] if image.channels == 2 else f"channel {channel + 1}"


def _bass(bass: Width, amount: float) -> WidthMove | None:
    """Take the sides out of a bass that mono would thin out."""
    low, high = BASS_LOSS_DB
    if bass.level_db < HEARD_DB or not low <= bass.mono_loss_db <= high:
        return None
    done = "go into the middle" if amount == 1.0 else f"come down by {-amount * BASS_DB:.1f} dB"
    why = (
        f"Under {bass.high_hz:.0f} Hz the sides {done}: {bass.mono_loss_db:z.1f} dB of the bass"
        f" are lost in mono, for left and right correlate at {bass.correlation:z.2f} there."
    )
    return WidthMove(bass.low_hz, bass.high_hz, amount * BASS_DB, why)


def _width(band: Width, image: Image, amount: float) -> WidthMove | None:
    """Narrow a band that is more side than middle; widen one that is much narrower than others."""
    if band.level_db < HEARD_DB:
        return None
    where = f"{band.low_hz:.0f} to {band.high_hz:.0f} Hz"
    if WIDE_DB + LEAST_DB < band.side_db < UPSIDE_DOWN_DB:
        gain_db = -amount * min(MOST_DB, band.side_db - WIDE_DB)
        why = (
            f"{-gain_db:.1f} dB less side from {where}: it is {band.side_db:.1f} dB over the"
            f" middle, and {band.mono_loss_db:z.1f} dB are lost in mono."
        )
        return WidthMove(band.low_hz, band.high_hz, gain_db, why)
    narrow = NO_WIDTH_DB < band.side_db < NARROW_DB - LEAST_DB and band.low_hz >= WIDENED_FROM_HZ
    if not narrow or image.whole.mono_loss_db > WIDENING_LOSS_DB:
        return None
    gain_db = amount * min(MOST_DB, NARROW_DB - band.side_db)
    why = (
        f"{gain_db:.1f} dB more side from {where}: it is {-band.side_db:.1f} dB under the middle,"
        f" and in mono only {image.whole.mono_loss_db:z.1f} LU are lost."
    )
    return WidthMove(band.low_hz, band.high_hz, gain_db, why)


def _risen(hertz: NDArray[np.float64], edge_hz: float) -> NDArray[np.float64]:
    """Return a step from 0 to 1 over an octave around an edge, half way up at it."""
    octaves = np.log2(hertz.clip(1.0) / edge_hz) / SLOPE_OCTAVES
    return np.asarray(0.5 + 0.5 * np.sin(math.pi * octaves.clip(-0.5, 0.5)))
