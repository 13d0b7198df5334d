"""Arabic and Hebrew words: where vowel points are written they tell the syllables, else nothing."""

from __future__ import annotations

from itertools import pairwise

from assistant.theory.verse.indic import graphemes
from assistant.theory.verse.syllables import EVEN, Division

__all__ = ["POINTED", "by_points"]

POINTED = frozenset({"ARABIC", "HEBREW"})
"""Writing systems that leave most vowels out, unless they are pointed."""

_ARABIC = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0670")
_HEBREW = frozenset("\u05b1\u05b2\u05b3\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05ba\u05bb\u05c7")
_VOWELS = _ARABIC | _HEBREW
_CLOSED = frozenset("\u0652\u05b0")  # sukun and sheva: no vowel
_DRAWN = frozenset("\u0627\u0648\u064a\u0649\u05d0\u05d5\u05d4\u05d9")  # may only draw a vowel out
_ALIF, _LAM = "\u0627", "\u0644"  # the article is often left without points
_FULL_VAV = ("\u05d5\u05bc", "\u05d5\u05b9")  # a vav that is nothing but the vowel before it


def by_points(word: str) -> Division | None:
    """Divide a word by its vowel points.

    Parameters
    ----------
    word : str
        Arabic or Hebrew.

    Returns
    -------
    Division or None
        None where the points do not tell every syllable; the stress is not known.
    """
    letters = graphemes(word)
    sounded = [bool(_VOWELS.intersection(letter)) for letter in letters]
    for at in range(1, len(letters)):
        if letters[at] in _FULL_VAV and not sounded[at - 1]:
            sounded[at - 1], sounded[at] = True, False
    if not any(sounded) or not all(_told(letters, sounded, at) for at in range(len(letters) - 1)):
        return None
    sounded[0] = sounded[0] or letters[0] == _ALIF
    starts = [at for at, sounds in enumerate(sounded) if sounds]
    edges = [0, *starts[1:], len(letters)]
    parts = tuple("".join(letters[start:end]) for start, end in pairwise(edges))
    return Division(parts, (EVEN,) * len(parts), sure=False)


def _told(letters: list[str], sounded: list[bool], at: int) -> bool:
    """Tell whether a letter before the last has a vowel, has none for sure, or draws one out."""
    if sounded[at] or _CLOSED.intersection(letters[at]) or letters[at] in _FULL_VAV:
        return True
    article = at < 2 and letters[0] == _ALIF and (at == 0 or letters[1] == _LAM)
    return article or (at > 0 and sounded[at - 1] and letters[at] in _DRAWN)
