"""What a number meant before it travelled as a float32."""

from __future__ import annotations

import struct

__all__ = ["shortest"]

_FLOAT = struct.Struct(">f")


def shortest(number: float) -> float:
    """Undo what float32 did to a number: -1.1 arrives as -1.10000002384 and is meant as -1.1.

    Parameters
    ----------
    number : float
        Finite.

    Returns
    -------
    float
        The number of fewest digits that is the same float32; `number` itself where it is whole,
        or is no float32.
    """
    if number.is_integer():
        return number  # among them all that are too large for float32
    packed = _FLOAT.pack(number)
    if _FLOAT.unpack(packed)[0] != number:
        return number
    shorter = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next(short for short in shorter if _FLOAT.pack(short) == packed)
