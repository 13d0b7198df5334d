"""The three ways a correction is proposed in: as it was asked for, tight, and as an effect."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.theory.intonation.manner import HARD, Manner

__all__ = ["Way", "ways_of"]

_TIGHT_SURE, _EFFECT_SURE = 0.5, 0.0
_TIGHT = Manner(speed_ms=15.0, flex_cents=0.0, vibrato=80.0, drift=15.0, scoops=60.0)


@dataclass(frozen=True, slots=True)
class Way:
    """A manner of correcting, its name, and what it does in a few words.

    Parameters
    ----------
    title : str
        What it is called.
    manner : Manner
        How notes are moved.
    words : str
        The same in a few words.
    sure : float or None
        How sure it must be what a note was meant to be, to move it, 0.0 to 1.0; None for as sure
        as was asked.
    """

    title: str
    manner: Manner
    words: str
    sure: float | None = None


def ways_of(asked: Manner, confidence: float | None = None) -> tuple[Way, ...]:
    """Lay out the ways that are proposed.

    Parameters
    ----------
    asked : Manner
        As the settings say; the first way is just this.
    confidence : float, optional
        How sure it must be, where that is said: then it rules all ways. Else a tight one is
        content with less, and an effect leaves no note alone that has a target.

    Returns
    -------
    tuple of Way
        The one that was asked for, best first; those that would be the same are left out.
    """
    usual = asked == Manner()
    tight, effect = (None, None) if confidence is not None else (_TIGHT_SURE, _EFFECT_SURE)
    title = "Natural" if usual else "As asked"
    first = Way(title, asked, _said(asked), effect if asked == HARD else None)
    others = (
        Way("Tight", _TIGHT, "notes on their centres, with little drift and shorter scoops", tight),
        Way("Effect", HARD, "every moment on its note, no glide, drift or vibrato", effect),
    )
    return first, *(way for way in others if way.manner != asked)


def _said(manner: Manner) -> str:
    kept = [
        word
        for word, share in (
            ("vibrato", manner.vibrato),
            ("scoops", manner.scoops),
            ("drift", manner.drift),
        )
        if share >= 50.0
    ]
    half = "" if manner.strength >= 100.0 else f"{manner.strength:.0f} % of the way, "
    if not kept:
        return f"{half}nothing of the movement within a note kept"
    return f"{half}{' and '.join(kept[:2]) if len(kept) < 3 else 'vibrato, scoops and drift'} kept"
