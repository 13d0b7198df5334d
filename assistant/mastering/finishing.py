"""The last steps of a master: its loudness, the grid of its file, and what codecs make of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from assistant.contract import Codec
from assistant.dsp.dither import Kind, on_grid, quantise
from assistant.dsp.drive import Drive, Master
from assistant.dsp.gain import with_gain
from assistant.mastering.codec_loop import Kept, keep_under
from assistant.mastering.lossy import Lossy, read
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Delivery", "Finished", "bits_of", "delivery_of", "finish"]

Bits: TypeAlias = Literal[16, 24, 32]
Make: TypeAlias = Callable[[], Generator[float, None, Master]]

_BITS: Mapping[str, Bits] = {"16": 16, "24": 24, "float": 32}
_DITHER: Mapping[str, Kind] = {"tpdf": "tpdf", "shaped": "shaped", "none": "none"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the file is to be.

    Parameters
    ----------
    bits : int
        16 or 24, or 32, which are floats.
    dither : str
        Kind of noise, where there is a grid.
    codecs : tuple of Lossy
        That its ceiling is to hold behind.
    seed : int
        Of the noise.
    said : bool
        Whether the depth was asked for; else it is that of the mix.
    """

    bits: Bits
    dither: Kind
    codecs: tuple[Lossy, ...] = ()
    seed: int = 0
    said: bool = False


@dataclass(frozen=True, eq=False)
class Finished:
    """A master as it is written.

    Parameters
    ----------
    master : Master
        The sound, and what the limiter did.
    kept : Kept
        What the codecs made of it.
    """

    master: Master
    kept: Kept


class _Maker:
    """Makes a master as it is written, each time with what the codecs have shown."""

    def __init__(
        self,
        drive: Drive,
        make: Make,
        delivery: Delivery,
        scratch: Scratch,
    ) -> None:
        self._drive, self._make = drive, make
        self._delivery, self._scratch = delivery, scratch
        self.master: Master | None = None

    def hold(self, decoded: Audio, highest_db: float, /) -> Generator[float, None, float]:
        """Hold the places where a decoded file goes too high."""
        return (yield from self._drive.hold(decoded, highest_db))

    def make(self, trim_db: float, /) -> Generator[float, None, Audio]:
        """Make it anew."""
        made = yield from part(self._make(), 0.0, 0.8)
        audio = with_gain(made.audio, -trim_db, self._scratch)
        if self._delivery.bits < 32:
            wanted = self._delivery
            dithering = quantise(audio, wanted.bits, wanted.dither, wanted.seed, self._scratch)
            audio = yield from part(dithering, 0.8, 0.2)
        self.master = replace(made, audio=audio)
        return audio


def bits_of(audio: Audio) -> Bits:
    """Tell the depth that a sound came in: that of the coarsest grid it lies on, or 32 for floats.

    Parameters
    ----------
    audio : Audio
        As it was read.

    Returns
    -------
    int
        16, 24 or 32.
    """
    if on_grid(audio, 16):
        return 16
    return 24 if on_grid(audio, 24) else 32


def delivery_of(bits: str, dither: str, codecs: str, mixes: Sequence[Audio], seed: int) -> Delivery:
    """Read what the file is to be.

    Parameters
    ----------
    bits : str
        ``"16"``, ``"24"`` or ``"float"``; else as deep as the deepest of the mixes.
    dither : str
        ``"tpdf"``, ``"shaped"`` or ``"none"``; else what is usual for the depth.
    codecs : str
        As `assistant.mastering.lossy.read` reads them.
    mixes : sequence of Audio
        As they came.
    seed : int
        Of the noise.

    Returns
    -------
    Delivery
        The file.
    """
    depth = _BITS.get(bits) or max(map(bits_of, mixes))
    kind = _DITHER.get(dither) or ("shaped" if depth == 16 else "tpdf")
    return Delivery(depth, kind, read(codecs), seed, bits in _BITS)


def finish(
    drive: Drive,
    make: Make,
    delivery: Delivery,
    tool: Codec | None,
    scratch: Scratch,
) -> Generator[float, None, Finished]:
    """Finish a master.

    Parameters
    ----------
    drive : Drive
        With the sound in it.
    make : callable
        Makes the master by it.
    delivery : Delivery
        What the file is to be.
    tool : Codec, optional
        What makes lossy files.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Finished
        Rounded with dither, and under full scale behind the codecs that could be asked.
    """
    maker = _Maker(drive, make, delivery, scratch)
    kept = yield from keep_under(maker, delivery.codecs, tool, scratch)
    if maker.master is None:
        raise RuntimeError("nothing was made")
    return Finished(maker.master, kept)
