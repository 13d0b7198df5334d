"""A note taken apart: where it is held, its centre, its slow drift, and its vibrato.

What is held is fitted as a whole, by least squares: a line and a few slow cosines for the drift
(below 1.5 Hz), and sines at the rate of the vibrato, as deep as it is at each moment. So a vibrato
that is cut anywhere does not pull the centre, as it does a mean over a broken cycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.middles import median, quantile
from assistant.theory.intonation.vibrato import MOST_HZ, Vibrato, find_vibrato

__all__ = ["VOICED", "Parts", "split", "weights"]

Array = NDArray[np.float64]

VOICED = 0.5
"""Confidence from which a frame is voiced."""

_LEVEL_SPAN_DB = (15.0, 3.0)  # under its loudest frame: counts next to nothing, counts fully
_FAINT = 0.02
_SLIP = 250.0  # cents from the note: no singing but a slip of the tracker
_CORE = (0.15, 0.8)  # of a note: what is looked at first; more of a beginning is on its way
_NEAR = 20.0  # cents around the held pitch that are held too, and share of the vibrato's depth
_WIDER = 1.15
_PLAINLY = 1.05  # times as much is held by a level than by a line that slopes
_STANDING_SECONDS, _MOSTLY = 0.025, 0.7  # what is held stays near for as long, and share of it
_LONGEST_EDGE = 0.6  # of a note: scoop, or fall
_TAILS = (0.02, 0.035, 0.05)  # seconds in which a scoop dies away
_TAIL_SECONDS, _TAIL_LEAST = 0.25, 0.06  # in which it is looked for
_DRIFT_HZ = 1.5
_SWELL_HZ = 1.0  # how fast a vibrato grows and fades
_GROWN = 0.7  # quantile of its depths over a note
_SHORT_SECONDS = 0.12  # held for less: no drift is told
_PIECE_SECONDS = 8.0  # longer notes are taken apart piece by piece
_RIDGE = 3e-3  # of the weight of a note: holds what few frames cannot tell
_ALIKE_SECONDS = 0.05  # frames so close err alike
_LEAST_SPREAD = 1.0  # cents


@dataclass(frozen=True, eq=False)
class Parts:
    """A note taken apart.

    Parameters
    ----------
    first, last : int
        Frames of the note that are held: the first, and the one after the last.
    centre : float
        Mean of what is held, vibrato aside: MIDI number with a fraction.
    slow : ndarray of float, shape (frames of the note,)
        The drift from the centre, cents; beyond what is held it stands still.
    vibrato : ndarray of float, shape (frames of the note,)
        The vibrato around that, cents; 0.0 beyond what is held and where there is none.
    hz, depth : float
        Rate of the vibrato, and cents to each side; 0.0 where there is none.
    unrest : float
        Standard deviation of what is neither, cents.
    spread : float
        Standard error of the centre, cents.
    """

    first: int
    last: int
    centre: float
    slow: Array
    vibrato: Array
    hz: float
    depth: float
    unrest: float
    spread: float


def weights(confidence: Array, level_db: Array) -> Array:
    """Tell how much the frames of a note count.

    Parameters
    ----------
    confidence, level_db : ndarray of float, shape (frames,)
        That a frame is voiced, 0.0 to 1.0; and how loud it is.

    Returns
    -------
    ndarray of float, shape (frames,)
        0.0 where unvoiced, less where it is soft or unsure.
    """
    none, full = _LEVEL_SPAN_DB
    under = float(level_db.max()) - level_db
    loud = np.clip((none - under) / (none - full), _FAINT, 1.0)
    return np.where(confidence >= VOICED, confidence * loud, 0.0)


def split(pitch: Array, weight: Array, hop_seconds: float) -> Parts:
    """Take a note apart.

    Parameters
    ----------
    pitch : ndarray of float, shape (frames,)
        From its first frame to its last, one or more: MIDI numbers with fractions.
    weight : ndarray of float, shape (frames,)
        How much each frame counts, 0.0 or above.
    hop_seconds : float
        From frame to frame, about 5 ms.

    Returns
    -------
    Parts
        Of all frames; what is held is never empty.
    """
    middle = _middle(pitch, weight)
    cents = 100.0 * (pitch - middle)
    weight = np.where(np.abs(cents) < _SLIP, weight, 0.0)
    if not weight.any():
        weight = np.ones(pitch.size)
    core = _core(pitch.size)
    seen = find_vibrato(cents[core], weight[core], hop_seconds)
    first, last = _held(cents, weight, seen, core, hop_seconds)
    share, sung = weight[first:last], cents[first:last]
    seen = find_vibrato(sung, share, hop_seconds)
    slow, vibrato = _fitted(sung, share, hop_seconds, seen.hz)
    if first:
        scoop = float(cents[0]) - median(sung)
        sung = sung - _tail(sung - vibrato, share, scoop, hop_seconds)
        slow, vibrato = _fitted(sung, share, hop_seconds, seen.hz)
    rest = sung - slow - vibrato
    if not share.any():
        share = np.ones(last - first)
    centre = float(slow @ share / share.sum())
    strays = np.minimum(np.abs(rest), _SLIP)
    unrest = float(np.sqrt(strays**2 @ share / share.sum()))
    heard = max(1.0, share.sum() / share.max() * hop_seconds / _ALIKE_SECONDS)
    drift, wave = np.full(pitch.size, slow[-1] - centre), np.zeros(pitch.size)
    drift[:first], drift[first:last], wave[first:last] = slow[0] - centre, slow - centre, vibrato
    return Parts(
        first,
        last,
        middle + centre / 100.0,
        drift,
        wave,
        seen.hz,
        _depth(vibrato, seen.hz, hop_seconds),
        unrest,
        float(np.hypot(_LEAST_SPREAD, unrest / np.sqrt(heard))),
    )


def _middle(pitch: Array, weight: Array) -> float:
    """Take the median of the core, as the frames weigh."""
    core = _core(pitch.size)
    sung, share = pitch[core], weight[core]
    if not share.any():
        return median(pitch)
    order = sung.argsort()
    sums = share[order].cumsum()
    return float(sung[order][np.searchsorted(sums, 0.5 * sums[-1])])


def _core(frames: int) -> slice:
    first, last = round(_CORE[0] * frames), round(_CORE[1] * frames)
    return slice(first, last) if last - first >= 4 else slice(0, frames)


def _held(
    cents: Array, weight: Array, seen: Vibrato, core: slice, hop_seconds: float
) -> tuple[int, int]:
    """Find what is held: from where the pitch has come near its line until it leaves it."""
    size = cents.size
    lines = (seen.line(np.arange(size) - core.start), np.zeros(size))
    reach = _NEAR + _WIDER * seen.depth
    near, level = ((np.abs(cents - line) <= reach) & (weight > 0.0) for line in lines)
    if level.sum() > _PLAINLY * near.sum():  # what fell at its end did not drift before
        near = level
    stands = max(2, round(_STANDING_SECONDS / hop_seconds))
    if size < 2 * stands:
        return 0, size
    sums = np.concatenate(([0], near.cumsum()))
    runs = (sums[stands:] - sums[:-stands]) / stands > _MOSTLY
    places = np.flatnonzero(runs & near[: runs.size])
    if places.size == 0:
        return 0, size
    first, last = int(places[0]), int(places[-1]) + stands
    most = int(_LONGEST_EDGE * size)
    first, last = min(first, most), max(last, size - most)
    return (first, last) if last - first >= stands else (0, size)


def _depth(vibrato: Array, hz: float, hop_seconds: float) -> float:
    """Tell how deep a vibrato is once it has grown, cents to each side."""
    if not hz:
        return 0.0
    cycle = min(vibrato.size, max(2, round(1.0 / (hz * hop_seconds))))
    views = np.lib.stride_tricks.sliding_window_view(vibrato, cycle)
    return quantile(0.5 * (views.max(axis=1) - views.min(axis=1)), _GROWN)


def _tail(cents: Array, weight: Array, scoop: float, hop_seconds: float) -> Array:
    """Find what is left of a scoop where the note counts as held: it dies away exponentially."""
    size = min(cents.size, round(_TAIL_SECONDS / hop_seconds))
    none = np.zeros(cents.size)
    if size * hop_seconds < _TAIL_LEAST or not weight[:size].any():
        return none
    dying = _dying(hop_seconds, cents.size)
    lines = np.broadcast_to((np.ones(size), np.linspace(-1.0, 1.0, size)), (len(_TAILS), 2, size))
    columns = np.concatenate((lines, dying[:, None, :size]), axis=1)
    heavy = columns * weight[:size]
    ridge = np.diag([1e-9, 0.1, _RIDGE]) * weight[:size].sum()
    right = heavy @ cents[:size]
    fits = np.linalg.solve(heavy @ columns.transpose(0, 2, 1) + ridge, right[..., None])
    rest = cents[:size] - (fits.transpose(0, 2, 1) @ columns)[:, 0]
    best = int((rest**2 @ weight[:size]).argmin())
    tail = fits[best, 2] * dying[best]
    fits_in = tail[0] * scoop > 0.0 and abs(tail[0]) < abs(scoop)
    return tail if fits_in else none


def _dying(hop_seconds: float, frames: int) -> Array:
    """Return how scoops die away, a row for each of `_TAILS`."""
    ages = np.arange(frames) * hop_seconds
    return np.asarray(np.exp(-ages / np.array(_TAILS)[:, None]))


def _fitted(
    cents: Array, weight: Array, hop_seconds: float, vibrato_hz: float
) -> tuple[Array, Array]:
    """Fit drift and vibrato, piece by piece where a note is long."""
    most = round(_PIECE_SECONDS / hop_seconds)
    if cents.size <= most:
        return _fitted_piece(cents, weight, hop_seconds, vibrato_hz)
    step = most // 2
    starts = [*range(0, cents.size - most, step), cents.size - most]
    total, slow, quick = (np.zeros(cents.size) for _ in range(3))
    fade = np.minimum(np.arange(1, most + 1), np.arange(most, 0, -1)) / most
    for start in starts:
        inside = slice(start, start + most)
        parts = _fitted_piece(cents[inside], weight[inside], hop_seconds, vibrato_hz)
        total[inside] += fade
        slow[inside] += fade * parts[0]
        quick[inside] += fade * parts[1]
    return np.asarray(slow / total), np.asarray(quick / total)


def _fitted_piece(
    cents: Array, weight: Array, hop_seconds: float, vibrato_hz: float
) -> tuple[Array, Array]:
    if cents.size * hop_seconds < _SHORT_SECONDS:
        level = cents @ weight / weight.sum() if weight.any() else median(cents)
        return np.full(cents.size, level), np.zeros(cents.size)
    columns, count = _columns(cents.size, hop_seconds, min(vibrato_hz, MOST_HZ))
    ridge = _RIDGE * weight.sum() * np.r_[0.0, np.ones(len(columns) - 1)]
    square = (columns * weight) @ columns.T + np.diag(ridge + 1e-9)
    share = np.linalg.solve(square, (columns * weight) @ cents)
    return share[:count] @ columns[:count], share[count:] @ columns[count:]


@lru_cache(maxsize=4)  # the same note is fitted again once its scoop is known
def _columns(size: int, hop_seconds: float, vibrato_hz: float) -> tuple[Array, int]:
    """Return what is fitted to a note: drift, then vibrato; and how many are of the drift."""
    seconds = size * hop_seconds
    place = (np.arange(size) + 0.5) / size  # 0 to 1
    slow = np.cos(np.pi * np.arange(2, 1 + int(2.0 * seconds * _DRIFT_HZ))[:, None] * place)
    drift = np.concatenate(([np.ones(size), 2.0 * place - 1.0], slow))
    if not vibrato_hz:
        return drift, len(drift)
    turns = 2.0 * np.pi * vibrato_hz * seconds * place
    swells = np.cos(np.pi * np.arange(1 + int(2.0 * seconds * _SWELL_HZ))[:, None] * place)
    waves = swells[:, None] * np.stack((np.cos(turns), np.sin(turns)))
    return np.concatenate((drift, waves.reshape(-1, size))), len(drift)
