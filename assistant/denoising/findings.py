"""What is wrong with a take: each fault with its places, its strength, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

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
