"""Tunings: Scala files (``.scl``), the one text format that synthesizers share.

Lines that begin with ``!`` are comments; then come a line of description, the number of steps, and
a step a line: cents where it has a point, else a ratio. The first note is not written, the last
step is the period, most often 2/1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from assistant.errors import FileError
from assistant.material import Temperament

__all__ = ["MAX_BYTES", "MAX_STEPS", "temperament_from_bytes"]

MAX_BYTES = 256 * 2**10
MAX_STEPS = 1200
PERIOD_RANGE_CENTS = (10.0, 12_000.0)

MAX_NAME = 120
_SAME_CENTS = 1e-6  # ratios of the same step, such as 3/2 and 6/4 folded, are told apart by less
_CENTS = re.compile(r"[+-]?(?:\d{1,12}\.\d{0,60}|\.\d{1,60})")
_RATIO = re.compile(r"(-?)(\d{1,300})(?:/(-?)(\d{1,300}))?")
_COUNT = re.compile(r"\s*(\d{1,9})(?:\s.*)?")
_BINARY = re.compile(r"[^\x09-\x0d\x1a\x20-\x7e\x85\xa0-\U0010ffff]")


def temperament_from_bytes(data: bytes) -> Temperament:
    """Read a Scala file.

    Parameters
    ----------
    data : bytes
        The whole file; anything.

    Returns
    -------
    Temperament
        Its steps in order of pitch, whatever their order in the file: a keyboard cares about that,
        a voice does not. Steps beyond the period, or below the first note, are brought within it;
        the same step twice counts once.

    Raises
    ------
    FileError
        With what was seen and what would be right.
    """
    lines = _lines(data)
    if len(lines) < 2:
        raise FileError("a .scl file has a line of description and a number of steps; it ends.")
    wanted = _count(lines[1])
    cents = [_cents(line, number) for number, line in enumerate(lines[2 : 2 + wanted], 1)]
    beyond = sum(_is_step(line) for line in lines[2 + wanted :])
    if len(cents) + beyond != wanted:
        raise FileError(f"it claims {wanted} steps and holds {len(cents) + beyond}.")
    return Temperament(_name(lines[0]), _ordered(cents))


def _lines(data: bytes) -> list[str]:
    """Decode the lines that are no comments."""
    if len(data) > MAX_BYTES:
        raise FileError(f"it is over {MAX_BYTES >> 10} kB; a .scl file has a line a step.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # what the format was born with
    if _BINARY.search(text):
        raise FileError("it is no text, as a .scl file is.")
    lines = re.split(r"\r\n|\r|\n", text.rstrip("\x1a \t\r\n"))
    return [line for line in lines if not line.startswith("!")]


def _count(line: str) -> int:
    match = _COUNT.fullmatch(line)
    count = int(match[1]) if match else 0
    if not 1 <= count <= MAX_STEPS:
        raise FileError(
            f"its second line is {_shown(line)}; a .scl file has its number of steps there, "
            f"1 to {MAX_STEPS}."
        )
    return count


def _cents(line: str, number: int) -> float:
    """Read a step; what follows it on its line is a remark."""
    word = (line.split() or [""])[0]
    if _CENTS.fullmatch(word):
        return float(word)
    ratio = _RATIO.fullmatch(word)
    if ratio is None:
        raise FileError(
            f"step {number} is {_shown(line)}; a step is cents with a point, such as 701.955, "
            "or a ratio, such as 3/2."
        )
    minus, above, minus_below, below = ratio.groups()
    if minus or minus_below or not int(above) or not int(below or 1):
        raise FileError(f"step {number} is {_shown(word)}; a ratio is above 0.")
    exact = Fraction(int(above), int(below or 1))
    return 1200.0 * (math.log2(exact.numerator) - math.log2(exact.denominator))


def _is_step(line: str) -> bool:
    word = (line.split() or [""])[0]
    return bool(_CENTS.fullmatch(word) or _RATIO.fullmatch(word))


def _ordered(cents: Sequence[float]) -> tuple[float, ...]:
    """Put the steps in order within the period, which is the last of them."""
    period = cents[-1]
    low, high = PERIOD_RANGE_CENTS
    if not low <= period <= high:
        raise FileError(
            f"its last step is {period:g} cents; that is the period, {low:g} to {high:g} cents, "
            "most often 2/1."
        )
    inside = sorted(one if 0.0 < one < period else one % period for one in cents[:-1])
    return (*_distinct(inside, period), period)


def _distinct(inside: Sequence[float], period: float) -> Iterator[float]:
    last = 0.0
    for one in inside:
        if one - last > _SAME_CENTS and period - one > _SAME_CENTS:
            yield one
            last = one


def _name(line: str) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in line).split()
    return " ".join(words)[:MAX_NAME].strip() or "a tuning without a name"


def _shown(text: str) -> str:
    return repr(text.strip()[:40])
