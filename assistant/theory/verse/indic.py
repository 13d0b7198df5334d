"""Words in the scripts of India: each sign is a consonant with its vowel, so that signs tell.

A consonant without a vowel sign has an *a* of its own. In the north that *a* is not said at the
end of a word, nor between two sounded syllables; in the south it always is.
"""

from __future__ import annotations

import unicodedata

from assistant.theory.verse.syllables import STRONG, WEAK, Division

__all__ = ["INDIC", "graphemes", "in_aksharas"]

INDIC = {
    "DEVANAGARI": ("\u094d", "within"),
    "GURMUKHI": ("\u0a4d", "within"),
    "GUJARATI": ("\u0acd", "within"),
    "BENGALI": ("\u09cd", "end"),
    "TAMIL": ("\u0bcd", ""),
    "TELUGU": ("\u0c4d", ""),
    "KANNADA": ("\u0ccd", ""),
    "MALAYALAM": ("\u0d4d", ""),
    "SINHALA": ("\u0dca", ""),
}
"""By script: the sign that takes the vowel away, and where an unwritten one goes unsaid."""

_VOWELS = range(0x05, 0x15)  # letters that are vowels of themselves, counted within each script
_SINHALA_VOWELS = range(0x0D85, 0x0D97)
_CODAS = frozenset("\u09ce\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f")  # consonants that end a syllable
_DOTS = frozenset("\u093c\u09bc\u0a3c\u0abc")  # another consonant, not a vowel
_NASALS = frozenset("\u0902\u0982\u0a02\u0a70\u0a82")
_BLOCK = 0x80


def graphemes(word: str) -> list[str]:
    """Divide a word into letters, each with its accents, dependent signs and joiners."""
    signs: list[str] = []
    for sign in word:
        if signs and unicodedata.category(sign) in {"Mn", "Mc", "Me", "Lm", "Cf"}:
            signs[-1] += sign
        else:
            signs.append(sign)
    return signs


def in_aksharas(word: str, script: str) -> Division | None:
    """Divide a word of an Indic script.

    Parameters
    ----------
    word : str
        Its signs.
    script : str
        A key of `INDIC`.

    Returns
    -------
    Division or None
        None where there is no sign; the stress is a guess.
    """
    killer, unsaid = INDIC[script]
    letters = _clusters(graphemes(word), killer, joined=script != "TAMIL")
    if not letters:
        return None
    bare = [_is_bare(letter) for letter in letters]
    silent = {at for at, letter in enumerate(letters) if at and _is_coda(letter, killer)}
    last = len(letters) - 1
    if unsaid and last and bare[last]:
        silent.add(last)
    if unsaid == "within":
        silent |= _dropped(letters, bare, silent, killer)
    parts: list[str] = []
    for at, letter in enumerate(letters):
        if at in silent and parts:
            parts[-1] += letter
        else:
            parts.append(letter)
    return Division(tuple(parts), _by_weight(parts), sure=False)


def _clusters(letters: list[str], killer: str, *, joined: bool) -> list[str]:
    """Join consonants without a vowel between them, where the script writes them as one."""
    made: list[str] = []
    for letter in letters:
        open_ = bool(made) and joined and made[-1].rstrip("\u200c\u200d").endswith(killer)
        if open_ and not made[-1].endswith("\u200c"):
            made[-1] += letter
        else:
            made.append(letter)
    return made


def _is_coda(letter: str, killer: str) -> bool:
    """Tell whether a letter has no vowel at all and ends the syllable before it."""
    return letter in _CODAS or letter.rstrip("\u200c\u200d").endswith(killer)


def _is_bare(letter: str) -> bool:
    """Tell whether a letter is a consonant with nothing but its own *a*."""
    first = ord(letter[0])
    vowel = first in _SINHALA_VOWELS or (first < 0x0D80 and first % _BLOCK in _VOWELS)
    return not vowel and not set(letter[1:]) - _DOTS - {"\u200c", "\u200d"}


def _dropped(letters: list[str], bare: list[bool], silent: set[int], killer: str) -> set[int]:
    """Find the letters within a word whose *a* is not said: from the end, none next to another."""
    dropped: set[int] = set()
    for at in range(len(letters) - 2, 0, -1):
        after, before = letters[at + 1], letters[at - 1]
        sounded = at + 1 not in silent | dropped and killer not in after
        closed = bool(_NASALS.intersection(before))
        if bare[at] and sounded and not closed and at not in silent:
            dropped.add(at)
    return dropped


def _by_weight(parts: list[str]) -> tuple[int, ...]:
    """Stress the last long syllable before the end, as Hindi does, roughly."""
    heavy = [len(part) > 1 for part in parts]
    place = next((at for at in range(len(parts) - 2, -1, -1) if heavy[at]), 0)
    return tuple(STRONG if at == place else WEAK for at in range(len(parts)))
