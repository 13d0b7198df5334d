"""Written words into syllables, and which of them is stressed, by the spelling rules of a language.

The rules are data (`Orthography`, read from the shelf); this file only applies them: find the
letters that make a syllable, share out the consonants between them, look for a written accent,
else for the first pattern that tells the place of the stress.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

__all__ = ["EVEN", "STRONG", "WEAK", "Division", "Orthography", "divide", "read_orthographies",
           "spelt_out"]  # fmt: skip

WEAK, EVEN, STRONG = 0, 1, 2
"""Levels of stress; a word whose stress is not known is even throughout."""

_HYPHENS, _APOSTROPHES = "-\u2010", "'\u2019"
_JOINTS = _APOSTROPHES + _HYPHENS
_WHOLE = "*"  # one syllable a word
_SILENT = "\0"


@dataclass(frozen=True, slots=True)
class Division:
    """A word in syllables.

    Parameters
    ----------
    parts : tuple of str
        The syllables as they are written; together they are the word.
    stress : tuple of int
        `WEAK`, `EVEN` or `STRONG` for each.
    sure : bool
        Whether the place of the stress is known.
    mute : bool
        Whether the last syllable may be left unsung, as the e of the French *belle*.
    """

    parts: tuple[str, ...]
    stress: tuple[int, ...]
    sure: bool = True
    mute: bool = False


@dataclass(frozen=True)
class Orthography:
    """How a language is written.

    Parameters
    ----------
    code, name : str
        Such as ``"es"``, ``"Spanish"``.
    vowels : frozenset of str
        Letters that make a syllable.
    nuclei : frozenset of str
        Groups of vowels that make one syllable together.
    silent, hiatus : tuple of Pattern
        Letters that make none; places where a syllable ends between vowels.
    sonant : Pattern or None
        Consonants that make a syllable, as the r of the Czech *prst*.
    onsets : frozenset of str
        Groups of consonants that begin a syllable together.
    marks : frozenset of str
        Letters or accents that carry the stress.
    stress : tuple of (Pattern, int)
        Tried in turn: 1 is the first syllable, -1 the last, 0 means that spelling does not tell.
    mute : Pattern or None
        A last vowel that may be left unsung.
    phrasal : bool
        Whether stress belongs to the phrase rather than to the word.
    elides : bool
        Whether a vowel at the end of a word may share a note with one that begins the next.
    words : mapping of str to Division
        What the rules get wrong.
    function : frozenset of str
        Short words that are sung lightly.
    certainty : float
        Share of words that the rules get right.
    letters : frozenset of str
        Consonants of its own.
    speech : str
        What a speech program knows better: ``"all"``, ``"stress"`` or ``""``.
    links : bool
        Whether a consonant before an apostrophe is sung with the vowel after it: *del-l'a-mo-re*.
    common : frozenset of str
        Other words by which the language is known.
    absent : frozenset of str
        Letters of the alphabet that it does not write.
    """

    code: str
    name: str
    vowels: frozenset[str]
    nuclei: frozenset[str] = frozenset()
    silent: tuple[re.Pattern[str], ...] = ()
    hiatus: tuple[re.Pattern[str], ...] = ()
    sonant: re.Pattern[str] | None = None
    onsets: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    stress: tuple[tuple[re.Pattern[str], int], ...] = ()
    mute: re.Pattern[str] | None = None
    phrasal: bool = False
    elides: bool = False
    words: Mapping[str, Division] = field(default_factory=dict)
    function: frozenset[str] = frozenset()
    certainty: float = 0.5
    letters: frozenset[str] = frozenset()
    speech: str = ""
    links: bool = False
    common: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


def read_orthographies(page: Mapping[str, Any]) -> dict[str, Orthography]:
    """Read the page of spelling rules from the shelf.

    Parameters
    ----------
    page : mapping
        ``words/syllables``: a table for each language.

    Returns
    -------
    dict of str to Orthography
        By code.
    """
    clusters = frozenset(page["clusters"].split())
    languages = {code: table for code, table in page.items() if isinstance(table, Mapping)}
    return {code: _orthography(code, table, clusters) for code, table in languages.items()}


def _orthography(code: str, table: Mapping[str, Any], clusters: frozenset[str]) -> Orthography:
    words = [spelt_out(word) for word in table.get("words", "").split()]
    shared = table.get("clusters", True)
    return Orthography(
        code,
        table["name"],
        frozenset(table["vowels"]),
        frozenset(table.get("nuclei", "").split()),
        tuple(map(re.compile, table.get("silent", ()))),
        tuple(map(re.compile, table.get("hiatus", ()))),
        re.compile(table["sonant"]) if "sonant" in table else None,
        frozenset(table.get("onsets", "").split()) | (clusters if shared else frozenset()),
        frozenset(table.get("marks", "")),
        tuple((re.compile(pattern), place) for pattern, place in table["stress"]),
        re.compile(table["mute"]) if "mute" in table else None,
        table.get("phrasal", False),
        table.get("elides", False),
        {"".join(word.parts): word for word in words},
        frozenset(table["function"].split()),
        table["certainty"],
        frozenset(table.get("letters", "")),
        table.get("speech", ""),
        table.get("links", False),
        frozenset(table.get("common", "").split()),
        frozenset(table.get("absent", "")),
    )


def spelt_out(text: str) -> Division:
    """Read a word that somebody divided: ``"re-MEM-ber"``, or without capitals: stress unknown."""
    written = text.split("-")
    loud = [index for index, part in enumerate(written) if part.isupper()]
    sure = 0 < len(loud) < len(written) or len(written) == 1
    place = loud[0] if sure and loud else 0 if sure else None
    parts = tuple(part.lower() for part in written) if sure else tuple(written)
    return Division(parts, levels(len(parts), place), sure)


def levels(count: int, place: int | None) -> tuple[int, ...]:
    """Spread the stress over `count` syllables: every second one away from `place` is even."""
    if place is None:
        return (EVEN,) * count
    steps = (abs(index - place) for index in range(count))
    return tuple(STRONG if step == 0 else EVEN if step % 2 == 0 else WEAK for step in steps)


def divide(word: str, language: Orthography) -> Division:
    """Divide a word.

    Parameters
    ----------
    word : str
        Letters, with apostrophes and hyphens inside.
    language : Orthography
        Its rules.

    Returns
    -------
    Division
        No parts where there is nothing in it that sounds.
    """
    word = unicodedata.normalize("NFC", word)
    low = _lower(word)
    known = language.words.get(low.replace("\u2019", "'"))
    if known is not None:
        return Division(_cut(word, known.parts), known.stress, known.sure)
    shadow = _hushed(low, language)
    nuclei = _nuclei(shadow, low, language)
    if not nuclei:
        return Division((word,) if low.strip(_JOINTS) else (), (WEAK,) if word else ())
    cuts = [_border(low, one[1], two[0], language) for one, two in pairwise(nuclei)]
    parts = tuple(
        word[start:end] for start, end in zip((0, *cuts), (*cuts, len(word)), strict=True)
    )
    mute = bool(len(parts) > 1 and language.mute and language.mute.search(low))
    place = _stressed(low, nuclei[: len(parts) - mute], language)
    return Division(parts, levels(len(parts), place), place is not None, mute)


def _lower(word: str) -> str:
    """Lower the letters one by one, so that their places stay."""
    return "".join(letter.lower()[:1] for letter in word)


def _cut(word: str, parts: Sequence[str]) -> tuple[str, ...]:
    """Divide `word` as `parts` are, letter by letter; the case of the letters stays."""
    cut, start = [], 0
    for part in parts:
        cut.append(word[start : start + len(part)])
        start += len(part)
    return tuple(cut)


def _hushed(low: str, language: Orthography) -> str:
    """Cross out the letters that make no syllable."""
    shadow = list(low)
    for pattern in language.silent:
        for found in pattern.finditer(low):
            start, end = found.span(1 if pattern.groups else 0)
            shadow[start:end] = _SILENT * (end - start)
    return "".join(shadow)


def _nuclei(shadow: str, low: str, language: Orthography) -> list[tuple[int, int]]:
    """Find the letters that make the syllables, each as a span."""
    if _WHOLE in language.nuclei:
        spans = [at for at, letter in enumerate(shadow) if letter in language.vowels]
        return [(spans[0], spans[-1] + 1)] if spans else []
    borders = {found.end() for pattern in language.hiatus for found in pattern.finditer(low)}
    sonants = {found.start() for found in language.sonant.finditer(low)} if language.sonant else ()
    nuclei, at = [], 0
    while at < len(shadow):
        size = _size(shadow, at, borders, language) or int(at in sonants)
        end = at + size
        while size and end < len(shadow) and unicodedata.combining(shadow[end]):
            end += 1
        if size:
            nuclei.append((at, end))
        at = max(end, at + 1)
    return nuclei


def _size(shadow: str, at: int, borders: set[int], language: Orthography) -> int:
    """Count the letters of the nucleus that begins at `at`; 0 where none does."""
    longest = max(map(len, language.nuclei), default=1)
    for size in range(min(longest, len(shadow) - at), 1, -1):
        whole = not borders.intersection(range(at + 1, at + size))
        if whole and shadow[at : at + size] in language.nuclei:
            return size
    return int(shadow[at] in language.vowels)


def _border(low: str, start: int, end: int, language: Orthography) -> int:
    """Find where the next syllable begins, between two nuclei."""
    run = low[start:end]
    joint = max(run.rfind(sign) for sign in (_HYPHENS if language.links else _JOINTS))
    if joint >= 0:
        return start + joint + 1
    places = [at for at, letter in enumerate(run) if letter not in _APOSTROPHES]
    bare = "".join(run[at] for at in places)
    sizes = range(len(bare), 1, -1)
    size = next((size for size in sizes if bare[-size:] in language.onsets), min(1, len(bare)))
    return start + places[-size] if size else end


def _stressed(low: str, nuclei: Sequence[tuple[int, int]], language: Orthography) -> int | None:
    """Tell which syllable is stressed, counted from 0; None where spelling does not tell."""
    if len(nuclei) == 1:
        return 0
    marked = [
        index
        for index, (start, end) in enumerate(nuclei)
        if language.marks.intersection(low[start:end])
    ]
    if marked:
        return marked[-1]
    place = next((place for pattern, place in language.stress if pattern.search(low)), 0)
    if place == 0:
        return None
    place = max(-len(nuclei), min(len(nuclei), place))
    return place - 1 if place > 0 else place + len(nuclei)
