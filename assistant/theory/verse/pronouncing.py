"""One word to be sung: what the spelling rules and a speech program say of it, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.contract import Spoken
from assistant.theory.verse.scripts import graphemes, in_script
from assistant.theory.verse.syllables import (
    EVEN,
    STRONG,
    WEAK,
    Division,
    Orthography,
    divide,
    levels,
    spelt_out,
)

__all__ = ["Word", "pronounce"]

_BY_HAND, _AGREED, _HEARD, _SPREAD = 1.0, 0.97, 0.9, 0.5
_SIGNS, _ROUGHLY = 0.95, 0.7
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_NOT_BY_SOUND = "HIRAGANA"  # the Chinese characters of Japanese, which it spells out


@dataclass(frozen=True, slots=True)
class Word:
    """A word in syllables.

    Parameters
    ----------
    text : str
        As it was written.
    parts : tuple of str
        Its syllables.
    stress : tuple of int
        0 weak, 1 even, 2 strong, for each.
    certainty : float
        0.0 to 1.0; 0.0 where nothing told.
    mute : bool
        Whether the last syllable may be left unsung.
    light : bool
        Whether it is one of the short words that are sung lightly.
    breath : bool
        Whether a sign after it asks for a breath.
    joins : bool
        Whether its last vowel may share a note with the next word.
    """

    text: str
    parts: tuple[str, ...]
    stress: tuple[int, ...]
    certainty: float
    mute: bool = False
    light: bool = False
    breath: bool = False
    joins: bool = False


def pronounce(token: str, rules: Orthography, script: str, spoken: Spoken | None) -> Word:
    """Divide a word and find its stress.

    Parameters
    ----------
    token : str
        The word as it was written.
    rules : Orthography
        Of its language.
    script : str
        Writing system of the text.
    spoken : Spoken or None
        What a speech program says of it.

    Returns
    -------
    Word
        With a certainty of 0.0 where nothing told.
    """
    by_hand = "-" in token and any(part.isupper() for part in token.split("-"))
    if by_hand:
        written = spelt_out(token)
        return Word(token.replace("-", ""), written.parts, written.stress, _BY_HAND)
    scripted = in_script(token, script)
    if scripted is not None:
        return Word(
            token, scripted.parts, scripted.stress, _ROUGHLY if script == "DEVANAGARI" else _SIGNS
        )
    if script not in _ALPHABETS or token.isdigit():
        return _spread(token, None if script == _NOT_BY_SOUND else spoken)
    ruled = divide(token, rules)
    light = token.lower() in rules.function
    division, certainty = _agreed(ruled, spoken, rules, token)
    stress = division.stress if len(division.parts) > 1 or not light else (WEAK,)
    joins = rules.elides and token[-1].lower() in rules.vowels
    return Word(token, division.parts, stress, certainty, division.mute, light, joins=joins)


def _spread(token: str, spoken: Spoken | None) -> Word:
    """Divide a word in letters that tell nothing, such as Arabic or Thai ones."""
    if spoken is None:
        return Word(token, (token,), (EVEN,), 0.0)
    letters = graphemes(token)
    count = min(spoken.count, len(letters))
    cuts = [round(index * len(letters) / count) for index in range(count + 1)]
    parts = ("".join(letters[a:b]) for a, b in pairwise(cuts))
    return Word(token, tuple(parts), spoken.stress[:count], _SPREAD)


def _agreed(
    ruled: Division, spoken: Spoken | None, rules: Orthography, token: str
) -> tuple[Division, float]:
    """Put together what the rules and the speech program say about a word."""
    certainty = rules.certainty if ruled.sure or not rules.speech else rules.certainty * 0.8
    if token.lower() in rules.words or spoken is None:
        return ruled, _AGREED if token.lower() in rules.words else certainty
    if spoken.count == len(ruled.parts):
        heard = next((at for at, level in enumerate(spoken.stress) if level == STRONG), None)
        place = heard if heard is not None else _place(ruled)
        return replace(ruled, stress=levels(len(ruled.parts), place), sure=True), _AGREED
    if rules.speech == "all":
        parts = _recut(ruled.parts, spoken.count, rules)
        if len(parts) == spoken.count:
            return Division(parts, spoken.stress, sure=True), _HEARD
    return _moved(ruled, spoken), certainty


def _place(division: Division) -> int | None:
    return division.stress.index(STRONG) if STRONG in division.stress else None


def _moved(ruled: Division, spoken: Spoken) -> Division:
    """Keep the syllables of the rules; find among them the one that was heard as stressed."""
    if STRONG not in spoken.stress:
        return ruled
    from_start = spoken.stress.index(STRONG)
    from_end = len(ruled.parts) - spoken.count + from_start
    ruled_place = _place(ruled)
    place = ruled_place if ruled_place in {from_start, from_end} else max(0, from_end)
    count = len(ruled.parts)
    return replace(ruled, stress=levels(count, min(place, count - 1)))


def _recut(parts: Sequence[str], count: int, rules: Orthography) -> tuple[str, ...]:
    """Join or divide syllables until there are `count`, as far as the letters allow."""
    cut = list(parts)
    while len(cut) > count:
        sizes = [len(one) + len(two) for one, two in pairwise(cut)]
        at = sizes.index(min(sizes))
        cut[at : at + 2] = ["".join(cut[at : at + 2])]
    while len(cut) < count:
        at = max(range(len(cut)), key=lambda index: len(cut[index]))
        where = _seam(cut[at], rules)
        if where is None:
            break
        cut[at : at + 1] = [cut[at][:where], cut[at][where:]]
    return tuple(cut)


def _seam(part: str, rules: Orthography) -> int | None:
    """Find where a syllable can be divided: between two vowels."""
    vowels = [letter.lower() in rules.vowels for letter in part]
    pairs = (at for at in range(len(part) - 1, 0, -1) if vowels[at] and vowels[at - 1])
    return next(pairs, None)
