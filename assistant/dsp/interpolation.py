"""The points between two samples: filters that find them, and the higher of each two.

The gap between two samples is looked at as a whole. Phases p and factor - p are mirrored, so with
E the part made of sums of samples left and right of the gap and O the part made of differences,
they are E + O and E - O, and the higher of the two is |E| + |O|: half the work for the same bits.
"""

from __future__ import annotations

import math

import numpy as np
from numba import float32, njit, types, void
from numpy.typing import NDArray

from assistant.material import Samples

__all__ = ["between", "interpolator", "mirrored"]

TAPS = 48
KAISER_BETA = 7.5

_ROW = types.Array(types.float32, 1, "C", readonly=True)
_ROWS = types.Array(types.float32, 2, "C", readonly=True)


def interpolator(factor: int, taps: int = TAPS) -> NDArray[np.float64]:
    """Design the filters that find the points between two samples.

    Parameters
    ----------
    factor : int
        Points a sample, even.
    taps : int
        Samples a point is made of, even; half of them lie on each side.

    Returns
    -------
    ndarray of float64, shape (factor, taps)
        Row p gives the point ``p / factor`` after sample n from samples ``n - taps / 2 + 1`` to
        ``n + taps / 2``. Row 0 gives sample n itself; row ``factor - p`` is row p turned round;
        each row sums to 1.
    """
    half = taps // 2
    phases = np.arange(factor // 2 + 1)[:, None] / factor
    distance = np.arange(taps) - (half - 1) - phases
    window = np.i0(KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - (distance / half) ** 2)))
    rows = np.sinc(distance) * window
    rows /= rows.sum(axis=1, keepdims=True)
    rows[0] = np.arange(taps) == half - 1
    return np.concatenate([rows, rows[-2:0:-1, ::-1]])


def mirrored(factor: int) -> tuple[Samples, Samples]:
    """Split phases 1 to factor / 2 into the parts of E and O, from the gap outwards.

    An even number of rows, the last one all zeros where there would be one too few.
    """
    half = TAPS // 2
    phases = interpolator(factor)[1 : factor // 2 + 1]
    left, right = phases[:, half - 1 :: -1], phases[:, half:]
    blank = np.zeros((len(phases) % 2, half))
    even = np.concatenate([(left + right) / 2.0, blank])
    odd = np.concatenate([(left - right) / 2.0, blank])
    return even.astype(np.float32), odd.astype(np.float32)


@njit(void(_ROW, _ROWS, _ROWS, float32[:, ::1], float32[::1]), cache=True, nogil=True)
def between(window, even, odd, work, gaps):  # type: ignore[no-untyped-def]
    """Write the highest point of each gap; gap i lies after ``window[half - 1 + i]``.

    Two phases and two taps a side at a time: enough to keep the arithmetic units busy, few enough
    for the registers. Each loop runs over gaps, so it can be vectorised without reordering a sum.
    """
    half = even.shape[1]
    count = gaps.shape[0]
    e0, o0, e1, o1 = work[0], work[1], work[2], work[3]
    for i in range(count):
        gaps[i] = float32(0.0)
    for p in range(0, even.shape[0], 2):
        for i in range(count):
            e0[i] = o0[i] = e1[i] = o1[i] = float32(0.0)
        for j in range(0, half, 2):
            a, b = window[half - 1 - j :], window[half - 2 - j :]
            c, d = window[half + j :], window[half + j + 1 :]
            f0, g0, f1, g1 = even[p, j], even[p, j + 1], even[p + 1, j], even[p + 1, j + 1]
            u0, v0, u1, v1 = odd[p, j], odd[p, j + 1], odd[p + 1, j], odd[p + 1, j + 1]
            for i in range(count):
                near, far = a[i] + c[i], b[i] + d[i]
                e0[i] += f0 * near + g0 * far
                e1[i] += f1 * near + g1 * far
                near, far = a[i] - c[i], b[i] - d[i]
                o0[i] += u0 * near + v0 * far
                o1[i] += u1 * near + v1 * far
        for i in range(count):
            first = math.fabs(e0[i]) + math.fabs(o0[i])
            second = math.fabs(e1[i]) + math.fabs(o1[i])
            gaps[i] = max(gaps[i], first, second)
