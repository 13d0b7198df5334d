"""The words that are understood, by what they stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "TRAITS",
    "Meaning",
    "Vocabulary",
    "longest",
    "plain",
    "read_vocabulary",
    "shown",
]

_LONGEST_PHRASE = 3  # words
_KEPT = frozenset("'&/#♯♭\u200d")  # the last joins emoji and letters
_APOSTROPHE = "\u2019"
_ENDINGS = (
    ("ily", "y"), ("iness", "y"), ("ies", "y"), ("ier", "y"), ("ness", ""), ("fully", ""),
    ("ly", ""), ("ful", ""), ("ish", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"),
    ("es", ""), ("est", ""), ("er", ""), ("er", "e"), ("y", ""), ("y", "e"), ("s", ""),
)  # fmt: skip
_MIN_STEM = 3

TRAITS = ("density", "register", "complexity", "loudness", "percussion", "articulation",
          "instrument")  # fmt: skip
"""What a word may say besides what it means: "simple" is triads, and of little complexity."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for.

    Parameters
    ----------
    group : str
        ``mood style mode meter pace colour surprise heard grammar`` or one of `TRAITS`.
    name : str
        Which of that group.
    """

    group: str
    name: str


@dataclass(frozen=True)
class Vocabulary:
    """The words that are understood.

    Parameters
    ----------
    words : mapping of str to Meaning
        By word or phrase, lower case, hyphens as spaces.
    moods : mapping of str to tuple of (float, float)
        Valence and arousal, -1.0 to 1.0.
    tags : mapping of str to tuple of str
        Moods that progressions are tagged with, for a mood.
    paces : mapping of str to float
        What to multiply the tempo by.
    traits : mapping of str to tuple of Meaning
        What a word says besides.
    ambiguous : mapping of str to tuple of Meaning
        What a word could mean that does not say which.
    """

    words: Mapping[str, Meaning]
    moods: Mapping[str, tuple[float, float]]
    tags: Mapping[str, tuple[str, ...]]
    paces: Mapping[str, float]
    traits: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    ambiguous: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)


def read_vocabulary(page: Mapping[str, Any]) -> Vocabulary:
    """Read a page of words from the shelf.

    Parameters
    ----------
    page : mapping
        Tables ``mood style mode meter pace colour surprise heard grammar``, each with lists of
        words by name, or tables that hold such a list as ``words``; then those of `TRAITS`, whose
        words may have a meaning already, and ``ambiguous``: lists of moods by word.

    Returns
    -------
    Vocabulary
        The words.

    Raises
    ------
    ValueError
        Where a word is given two meanings.
    """
    words: dict[str, Meaning] = {}
    traits: dict[str, tuple[Meaning, ...]] = {}
    for word, meaning in _entries(page):
        if meaning.group in TRAITS:
            traits[word] = (*traits.get(word, ()), meaning)
            words.setdefault(word, meaning)
        elif words.setdefault(word, meaning) != meaning:
            raise ValueError(f"{word!r} has two meanings")
    moods = page["mood"]
    return Vocabulary(
        words,
        {name: (float(mood["valence"]), float(mood["arousal"])) for name, mood in moods.items()},
        {name: (name, *mood.get("tags", ())) for name, mood in moods.items()},
        {name: float(pace["factor"]) for name, pace in page["pace"].items()},
        traits,
        {
            word: tuple(Meaning("mood", name) for name in names)
            for word, names in page.get("ambiguous", {}).items()
        },
    )


def _entries(page: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Walk through the words of a page, those of `TRAITS` last."""
    groups = [group for group, names in page.items() if isinstance(names, dict)]
    for group in sorted(groups, key=TRAITS.__contains__):
        for name, entry in page[group].items() if group != "ambiguous" else ():
            for word in entry["words"] if isinstance(entry, dict) else entry:
                yield plain(word), Meaning(group, name)


def plain(text: str) -> str:
    """Fold case, widths, hyphens and punctuation.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Words with one space between them; letters of every script are kept.
    """
    return _words(unicodedata.normalize("NFKC", text).casefold())


def shown(text: str) -> str:
    """Cut text into the same words as `plain`, to be said back: in lower case, as it is written.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Words with one space between them; "ß" and the last sigma of Greek stay.
    """
    return _words(unicodedata.normalize("NFKC", text).lower())


def _words(text: str) -> str:
    signs = (sign if _in_word(sign) else " " for sign in text.replace(_APOSTROPHE, "'"))
    return " ".join("".join(signs).split())


def _in_word(sign: str) -> bool:
    """Tell whether a sign is part of a word: no punctuation, no space, no control sign."""
    return sign in _KEPT or unicodedata.category(sign)[0] not in "PZC"


def longest(words: Sequence[str], place: int, vocabulary: Vocabulary) -> tuple[int, Meaning | None]:
    """Find the longest phrase at a place that means something.

    Parameters
    ----------
    words : sequence of str
        Words as `plain` leaves them.
    place : int
        Where the phrase begins.
    vocabulary : Vocabulary
        The words that are understood.

    Returns
    -------
    tuple of (int, Meaning or None)
        How many words it has, and what it means; one word and None where it is not understood.
        A single word is also found without its accents and without an English ending.
    """
    for count in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
        meaning = vocabulary.words.get(" ".join(words[place : place + count]))
        if meaning:
            return count, meaning
    forms = (vocabulary.words.get(form) for form in _forms(words[place]))
    return 1, next((meaning for meaning in forms if meaning), None)


def _forms(word: str) -> Iterator[str]:
    """Guess the word behind a form of it: without accents, without English endings."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word)
                   if not unicodedata.combining(sign))  # fmt: skip
    yield bare
    for ending, instead in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _MIN_STEM:
            yield bare[: -len(ending)] + instead
