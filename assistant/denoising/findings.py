"""What is wrong with a take: each fault with its places, its strength, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.reports.words import clock

__all__ = ["MAX_SPANS", "Finding", "Kind", "Span"]

Kind: TypeAlias = Literal[
    "clipping", "clicks", "hum", "noise", "sibilance", "plosives", "reverberation"
]
Span: TypeAlias = tuple[float, float]
"""From where to where, in seconds."""

MAX_SPANS = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault.

    Parameters
    ----------
    kind : str
        What it is.
    spans : tuple of (float, float)
        Where, in seconds, in order; the first `MAX_SPANS` of them. Empty where it is everywhere.
    strength : float
        How strong it is.
    unit : str
        Of the strength, such as ``"dB"``.
    confidence : float
        How sure it is, 0.0 to 1.0.
    why : str
        A sentence with the number in it, in a musician's words.
    """

    kind: Kind
    spans: tuple[Span, ...]
    strength: float
    unit: str
    confidence: float
    why: str

    def where(self, most: int) -> str:
        """Say where: a few places by their times, the others by their number.

        Parameters
        ----------
        most : int
            How many are told by their times, from 1.
        """
        if not self.spans:
            return "all through"
        times = dict.fromkeys(clock(first) for first, _ in self.spans)
        named = list(times)[:most]
        begun = sum(clock(first) in named for first, _ in self.spans)
        more = len(self.spans) - begun
        return "at " + ", ".join(named) + (f" and {more} more" if more > 0 else "")
