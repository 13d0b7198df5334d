"""A sound seen: time to the right, pitch upwards, and how strong it is there as a colour.

The picture is a PNG inside the page (RFC 2083), made here: a page asks for nothing from anywhere.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio

__all__ = ["LOWEST_HZ", "RANGE_DB", "Picture", "levels_db", "picture"]

Picture = NDArray[np.float32]
"""Levels in dB under full scale of a sine, shape (rows, columns), the highest row first."""

ROWS, COLUMNS = 192, 960
LOWEST_HZ = 30.0
WINDOW_SECONDS = 0.06
RANGE_DB = (-110.0, -20.0)
SHADES = 64
MARK_ROWS = 4
_PER_COLUMN = 4  # windows that are looked at, at most, so that hours take seconds
# From black over violet and orange to a pale yellow: lightness rises all the way.
_COLOURS = (
    (0.0, (4, 4, 12)), (0.2, (42, 16, 84)), (0.4, (120, 28, 109)), (0.6, (203, 65, 73)),
    (0.8, (248, 148, 34)), (1.0, (252, 253, 191)),
)  # fmt: skip
_MARK = (90, 200, 255)


def levels_db(audio: Audio) -> Generator[float, None, Picture]:
    """Look at a sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped; only as much is read as is seen.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        The strongest of what falls on each point, of all channels.
    """
    size = 1 << round(math.log2(WINDOW_SECONDS * audio.rate))
    window = np.hanning(size).astype(np.float32)
    rows = _rows(audio.rate, size)
    seen = np.full((ROWS, COLUMNS), -math.inf, dtype=np.float32)
    starts = np.linspace(0, max(0, audio.frames - size), COLUMNS * _PER_COLUMN).astype(int)
    for column, begun in enumerate(starts.reshape(COLUMNS, _PER_COLUMN)):
        for start in dict.fromkeys(begun.tolist()):
            piece = np.zeros((audio.channels, size), np.float32)
            given = audio.samples[:, start : start + size]
            piece[:, : given.shape[1]] = given
            power = np.square(np.abs(np.fft.rfft(piece * window))).max(axis=0)
            strongest = np.maximum.reduceat(power, rows[:-1])
            db = 10.0 * np.log10(strongest * (4.0 / window.sum() ** 2) + 1e-20)
            np.maximum(seen[:, column], db[::-1], out=seen[:, column])
        if column % 32 == 0:
            yield column / COLUMNS
    yield 1.0
    return seen


def picture(seen: Picture, spans: Sequence[tuple[float, float]] = ()) -> str:
    """Draw what was seen.

    Parameters
    ----------
    seen : ndarray of float32, shape (rows, columns)
        From `levels_db`.
    spans : sequence of (float, float)
        Stretches that are marked along the top, as shares of the whole, 0.0 to 1.0.

    Returns
    -------
    str
        An ``img`` element.
    """
    low, high = RANGE_DB
    share = np.clip((seen - low) / (high - low), 0.0, 1.0)
    shades = np.rint(share * (SHADES - 1)).astype(np.uint8)
    width = shades.shape[1]
    for first, last in spans:
        begun = min(int(first * width), width - 1)
        shades[:MARK_ROWS, begun : max(begun + 1, math.ceil(last * width))] = SHADES
    data = base64.b64encode(_png(shades)).decode("ascii")
    return f'<img class="seen" alt="" src="data:image/png;base64,{data}">'


def _rows(rate: int, size: int) -> NDArray[np.int64]:
    """Return the first bin of each row, and the end: even steps of pitch, one bin each at least."""
    highest = rate / 2.0
    edges = LOWEST_HZ * (highest / LOWEST_HZ) ** (np.arange(ROWS + 1) / ROWS)
    bins = np.floor(edges * size / rate).astype(np.int64)
    return np.minimum(bins, size // 2)


def _png(shades: NDArray[np.uint8]) -> bytes:
    height, width = shades.shape
    lines = np.zeros((height, 1 + width), np.uint8)  # each begins with its filter: none
    lines[:, 1:] = shades
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", _palette()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _palette() -> bytes:
    """Return the colour of each shade, and that of marks."""
    places, shares = [place for place, _ in _COLOURS], np.linspace(0.0, 1.0, SHADES)
    columns = [np.interp(shares, places, [colour[n] for _, colour in _COLOURS]) for n in range(3)]
    return np.stack(columns, axis=1).astype(np.uint8).tobytes() + bytes(_MARK)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
