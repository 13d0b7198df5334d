"""The form of a tune: its phrases, which of them come back, and where each comes to rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Measure

__all__ = ["Form", "Phrase", "forms", "phrases"]

_PHRASE_SLOTS = 32  # two bars of 4/4: what is sung in a breath
_SECTION = 4  # phrases

_FORMS: dict[int, tuple[tuple[str, float], ...]] = {
    1: (("a", 1.0),),
    2: (("aa", 2.0), ("ab", 1.0)),
    3: (("aab", 2.0), ("aba", 2.0), ("abb", 1.0)),
    4: (("aaba", 3.0), ("abac", 3.0), ("aabc", 2.0), ("abab", 1.5), ("aaab", 1.0), ("abcb", 0.5)),
}
_SECTIONS: dict[int, tuple[tuple[str, float], ...]] = {
    1: (("A", 1.0),),
    2: (("AA", 1.0), ("AB", 1.0)),
    3: (("AAB", 1.0), ("ABA", 1.0)),
    4: (("AABA", 2.0), ("ABAB", 1.0)),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is sung in a breath: from one slot to before another, and where its last bar begins."""

    start: int
    end: int
    last_bar: int

    @property
    def slots(self) -> int:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Form:
    """An order of phrases.

    Parameters
    ----------
    letters : str
        One a phrase: ``"aaba"``.
    sources : tuple of int
        The phrase each repeats; -1 for a new one.
    weight : float
        How often it is taken.
    """

    letters: str
    sources: tuple[int, ...]
    weight: float


def phrases(bars: Sequence[Measure]) -> tuple[Phrase, ...]:
    """Part some bars into phrases of about two bars of 4/4.

    Parameters
    ----------
    bars : sequence of Measure
        At least one.

    Returns
    -------
    tuple of Phrase
        In order; the last may be shorter, and none is a lone bar where there are more than two.
    """
    length = np.median([bar.end - bar.start for bar in bars])
    size = 2 ** max(0, round(float(np.log2(_PHRASE_SLOTS / length))))
    edges = list(range(0, len(bars), size))
    if len(edges) > 1 and size > 1 and len(bars) - edges[-1] == 1 and len(bars) > 3:
        edges[-1] -= 1 if size > 2 else 0
    ends = [*edges[1:], len(bars)]
    return tuple(
        Phrase(bars[first].start, bars[end - 1].end, bars[end - 1].start)
        for first, end in zip(edges, ends, strict=True)
    )


@lru_cache(maxsize=64)
def forms(count: int) -> tuple[Form, ...]:
    """List the forms for so many phrases.

    Parameters
    ----------
    count : int
        At least 1.

    Returns
    -------
    tuple of Form
        With weights that sum to 1.0.
    """
    found = dict(_FORMS.get(count) or _long(count))
    total = sum(found.values())
    return tuple(
        Form(letters, _sources(letters), weight / total) for letters, weight in found.items()
    )


def _long(count: int) -> tuple[tuple[str, float], ...]:
    """Join sections of four phrases; what is left over closes as the last section does."""
    sections = -(-count // _SECTION)
    plans = _SECTIONS.get(sections) or (("AABA" * sections, 1.0), ("ABAB" * sections, 1.0))
    found: list[tuple[str, float]] = []
    for plan, often in plans:
        for inner, weight in _FORMS[_SECTION]:
            shift = {letter: place * len(set(inner)) for place, letter in enumerate("AB")}
            joined = "".join(
                chr(ord(letter) + shift[section]) for section in plan[:sections] for letter in inner
            )
            found.append((joined[:count], often * weight))
    return tuple(found)


def _sources(letters: str) -> tuple[int, ...]:
    return tuple(
        letters.index(letter) if letters.index(letter) < place else -1
        for place, letter in enumerate(letters)
    )


def table(found: Sequence[Form]) -> NDArray[np.int16]:
    """Lay the sources of some forms out, shape (forms, phrases)."""
    return np.array([form.sources for form in found], dtype=np.int16)
