"""The words of other languages: each stands for an English word of the vocabulary.

The shelf holds them by script, so that a prompt only waits for those that it can be written in:
``words/glossary/<page>`` was written by hand, ``words/annotations/<page>`` was made of the Unicode
CLDR names of emoji (see ``training/words.py``). Words are matched whole: exactly, or without
accents where that merges nothing; scripts without spaces are cut into the longest known words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, cast, get_args

from assistant.contract import Shelf

__all__ = ["PAGES", "Language", "Page", "fold", "open_languages", "page_of"]

Page = Literal["latin", "cyrillic", "arabic", "devanagari", "han", "other", "emoji"]
PAGES: tuple[Page, ...] = get_args(Page)

_PAGE_OF_SCRIPT: Mapping[str, Page] = {
    "LATIN": "latin", "FULLWIDTH": "latin", "CYRILLIC": "cyrillic", "ARABIC": "arabic",
    "DEVANAGARI": "devanagari", "CJK": "han", "HIRAGANA": "han", "KATAKANA": "han",
    "KATAKANA-HIRAGANA": "han",
}  # fmt: skip
_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my", "emoji"})
_LONGEST_PHRASE = 4  # words
_LONGEST_WORD = 16  # signs, in scripts without spaces

# Accents, vowel points, nukta, tatweel, joiners, and what varies an emoji; not the marks that
# tell words of a script apart, such as virama, the voicing of kana and the tones of Thai.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u200c\u200d"
    "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
)
_VARIED = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_DRESSED = re.compile("\u200d[♀♂➡\U0001f9b0-\U0001f9b3]")  # whom it shows, and looking where
# One emoji: flags are two letters, people and hearts may be joined, each with its variation.
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|.[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
    "(?:\u200d.[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*)*",
    re.DOTALL,
)
_ALIKE = tuple(zip("łđøıħŧƙɗɓəىةیکےہھ", "ldoihtkdbeيهيكيهه", strict=True))  # noqa: RUF001

# What is written onto a word: articles and "and" before it, particles after it.
_BEFORE = {"ar": ("ال", "وال", "و"), "he": ("ה", "ו", "וה")}  # noqa: RUF001
_AFTER = {
    "ko": ("은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "로", "으로", "도", "하고")
}
_SHORTEST_STEM = 2  # signs


@dataclass(frozen=True, eq=False)
class Language:
    """A language of the shelf; its tables are made when a word of it may be asked for.

    Parameters
    ----------
    code, name : str
        Such as ``"de"`` and ``"German"``.
    written, made : str
        Rows such as ``"rain: regen, regnerisch"``: an English word and what stands for it, written
        by hand and made of emoji names.
    """

    code: str
    name: str
    written: str
    made: str

    @cached_property
    def glossary(self) -> Mapping[str, tuple[str, ...]]:
        """English words by the word of the language that stands for them, written by hand."""
        return _table(self.written)

    @cached_property
    def annotations(self) -> Mapping[str, tuple[str, ...]]:
        """The same, made of emoji names."""
        return _table(self.made)

    @cached_property
    def folded(self) -> Mapping[str, tuple[str, ...]]:
        """The same of both, by words without accents; without those that this would merge."""
        written, made = (_table(rows) for rows in self._rows)
        exact = {fold(word): found for word, found in {**self.annotations, **self.glossary}.items()}
        table = {**made, **written}
        return {word: found for word, found in table.items() if found == exact[word]}

    @cached_property
    def _rows(self) -> tuple[str, str]:
        return fold(self.written) + "\n", fold(self.made) + "\n"

    @property
    def spaced(self) -> bool:
        """Whether words are written with spaces between them."""
        return self.code not in _UNSPACED

    def find(self, word: str) -> tuple[str, ...]:
        """Return the English words that a word or phrase stands for; none where it is unknown."""
        forms = [form for form in self._forms(word) if self._holds(form)]
        if not forms:
            return ()
        exact = self._known(word)
        return exact or next(filter(None, map(self.folded.get, forms)), ())

    def longest(self, words: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
        """Find the longest phrase at a place that is known: how many words, and what it is."""
        for count in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            found = self.find(" ".join(words[place : place + count]))
            if found:
                return count, found
        return 1, ()

    def cut(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Cut text without spaces into known words, the longest first, and what lies between."""
        if self.code == "emoji":
            yield from ((emoji, self._emoji(emoji)) for emoji in _EMOJI.findall(text))
            return
        place = start = 0
        while place < len(text):
            ends = range(min(len(text), place + _LONGEST_WORD), place, -1)
            end = next((end for end in ends if self._known(text[place:end])), 0)
            if not end:
                place += 1
                continue
            if start < place:
                yield text[start:place], ()
            yield text[place:end], self._known(text[place:end])
            place = start = end
        if start < place:
            yield text[start:], ()

    def _holds(self, form: str) -> bool:
        """Tell whether a word stands in the rows, without making tables of them."""
        ends = f" {form},", f" {form}\n"
        return any(end in rows for rows in self._rows for end in ends)

    def _emoji(self, emoji: str) -> tuple[str, ...]:
        """Find one emoji: of several joined as they are, else, where that only dresses it, bare."""
        joined = _VARIED.sub("", emoji)
        return self._known(joined) or self._known(_DRESSED.sub("", joined))

    def _known(self, word: str) -> tuple[str, ...]:
        return self.glossary.get(word) or self.annotations.get(word) or ()

    def _forms(self, word: str) -> Iterator[str]:
        bare = _fold_word(word)
        yield bare
        for before in _BEFORE.get(self.code, ()):
            if bare.startswith(before) and len(bare) - len(before) >= _SHORTEST_STEM:
                yield bare[len(before) :]
        for after in map(fold, _AFTER.get(self.code, ())):
            if bare.endswith(after) and len(bare) - len(after) >= _SHORTEST_STEM:
                yield bare[: -len(after)]


def fold(text: str) -> str:
    """Take accents, vowel points and other optional marks away.

    Parameters
    ----------
    text : str
        Text as `assistant.theory.prompt.vocabulary.plain` leaves it.

    Returns
    -------
    str
        The same letters, decomposed.
    """
    for letter, instead in _ALIKE:
        text = text.replace(letter, instead)
    return _DROPPED.sub("", unicodedata.normalize("NFD", text))


_fold_word = lru_cache(maxsize=4096)(fold)  # the same words are asked of every language


def page_of(word: str) -> Page:
    """Tell by its first letter on which page of the shelf a word is looked up."""
    letter = next((sign for sign in word if sign.isalpha()), "")
    if not letter:
        return "emoji" if any(unicodedata.category(sign) == "So" for sign in word) else "other"
    return _PAGE_OF_SCRIPT.get(unicodedata.name(letter, "").partition(" ")[0], "other")


def open_languages(shelf: Shelf, page: Page) -> tuple[Language, ...]:
    """Read the languages of a page.

    Parameters
    ----------
    shelf : callable
        See `assistant.contract.Shelf`; what it holds is taken to stay as it is.
    page : {"latin", "cyrillic", "arabic", "devanagari", "han", "other", "emoji"}
        Which script.

    Returns
    -------
    tuple of Language
        In the order of the glossary, then those that only have annotations.
    """
    return _read(cast("Any", shelf), page)


@lru_cache(maxsize=32)
def _read(shelf: Any, page: Page) -> tuple[Language, ...]:
    glossary = shelf(f"words/glossary/{page}")
    annotations = shelf(f"words/annotations/{page}") if page != "emoji" else {}
    codes = [code for code, entry in {**glossary, **annotations}.items() if isinstance(entry, dict)]
    return tuple(_language(code, glossary.get(code), annotations.get(code)) for code in codes)


def _language(code: str, written: Any, made: Any) -> Language:
    name = (written or made)["name"]
    return Language(code, name, *((entry or {}).get("words", "") for entry in (written, made)))


def _table(rows: str) -> dict[str, tuple[str, ...]]:
    """Turn rows round: the English words that a word stands for."""
    table: dict[str, tuple[str, ...]] = {}
    for row in rows.strip().splitlines():
        english, _, listed = row.partition(": ")
        for word in listed.split(", "):
            found = table.get(word, ())
            if english not in found:
                table[word] = (*found, english)
    return table
