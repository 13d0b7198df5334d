"""One word to be sung: what the spelling rules and a speech program say of it, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.contract import Spoken
from assistant.theory.verse.indic import INDIC
from assistant.theory.verse.scripts import in_script
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
from assistant.theory.verse.vowel_points import POINTED

__all__ = ["Word", "pronounce"]

_BY_HAND, _AGREED, _HEARD, _WHOLE = 1.0, 0.97, 0.9, 0.6
_SIGNS, _POINTS, _ROUGHLY, _AT_ODDS = 0.95, 0.85, 0.7, 0.5
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "GEORGIAN"})
_KANJI = frozenset({"HIRAGANA", "CJK"})
_NOT_BY_SOUND = _KANJI | {"HANGUL", "THAI", "MYANMAR"}
"""Scripts whose words a speech program spells out, or says but brokenly."""


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


def pronounce(
    token: str, rules: Orthography, script: str, spoken: Spoken | None, *, parted: bool = False
) -> Word:
    """Divide a word and find its stress.

    Parameters
    ----------
    token : str
        The word as it was written.
    rules : Orthography
        Of its language.
    script : str
        Writing system of the word.
    spoken : Spoken or None
        What a speech program says of it.
    parted : bool
        Whether words of this script are written with hyphens: one without has one syllable then,
        where its letters do not tell another number.

    Returns
    -------
    Word
        With a certainty of 0.0 where nothing told.
    """
    loud = any(part.isupper() for part in token.split("-"))
    if "-" in token and (loud or script not in _ALPHABETS):
        written = spelt_out(token)
        return Word(token.replace("-", ""), written.parts, written.stress, _BY_HAND)
    if any(sign.isdigit() for sign in token):
        return Word(token, (token,), (EVEN,), 0.0)
    if script not in _ALPHABETS:
        return _by_signs(token, script, spoken, parted=parted and script not in _KANJI)
    ruled = divide(token, rules)
    light = token.lower() in rules.function
    division, certainty = _agreed(ruled, spoken, rules, token)
    stress = division.stress if len(division.parts) > 1 or not light else (WEAK,)
    joins = rules.elides and token[-1].lower() in rules.vowels
    return Word(token, division.parts, stress, certainty, division.mute, light, joins=joins)


def _by_signs(token: str, script: str, spoken: Spoken | None, *, parted: bool) -> Word:
    """Divide a word in signs that are syllables; one in letters that tell nothing stays whole."""
    heard = None if script in _NOT_BY_SOUND else spoken
    scripted = in_script(token, script)
    if scripted is None:
        whole = parted or (heard is not None and heard.count == 1)
        return Word(token, (token,), (EVEN,), _WHOLE if whole else 0.0)
    certainty = _ROUGHLY if script in INDIC else _POINTS if script in POINTED else _SIGNS
    if heard is not None:
        certainty = _HEARD if heard.count == len(scripted.parts) else _AT_ODDS
    return Word(token, scripted.parts, scripted.stress, certainty)


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
