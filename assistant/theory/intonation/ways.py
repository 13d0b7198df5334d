"""The three ways a correction is proposed in: as it was asked for, tight, and as an effect."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.theory.intonation.manner import HARD, Manner

__all__ = ["Way", "ways_of"]

_TIGHT = Manner(speed_ms=15.0, flex_cents=0.0, vibrato=80.0, drift=15.0, scoops=60.0)


@dataclass(frozen=True, slots=True)
class Way:
    """A manner of correcting, its name, and what it does in a few words."""

    title: str
    manner: Manner
    words: str


def ways_of(asked: Manner) -> tuple[Way, ...]:
    """Lay out the ways that are proposed.

    Parameters
    ----------
    asked : Manner
        As the settings say; the first way is just this.

    Returns
    -------
    tuple of Way
        The one that was asked for, best first; those that would be the same are left out.
    """
    usual = asked == Manner()
    first = Way("Natural" if usual else "As asked", asked, _said(asked))
    others = (
        Way("Tight", _TIGHT, "every note on its centre, with little drift and shorter scoops"),
        Way("Effect", HARD, "every moment on its note, with no glide, no drift and no vibrato"),
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
