"""What each word of a prompt could mean: in which language it is, and which English word it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import dist

from assistant.theory.prompt.languages import Language, Page, page_of
from assistant.theory.prompt.vocabulary import Meaning, Vocabulary, longest

__all__ = ["Sense", "Term", "understand"]

Shelves = Callable[[Page], tuple[Language, ...]]

_AFTER = "not after"  # a "not" that follows what it denies
_BORROWED = frozenset({"style", "meter", "instrument", "percussion"})  # said in every language
_SURE, _LIKELY, _SHARED = 1.0, 0.6, 0.9  # a word of the glossary, of the annotations, borrowed
_HOME = 0.5  # for the language that the musician is known to speak
_PLAINLY_ENGLISH = 2  # English words for each that is not, from which on no other is looked up
_NEAR = 0.75  # of valence and arousal: moods this near to each other are not asked about
_ALIKE = 0.75  # of difflib, for a question
_LONGEST_HINTED = 24  # signs
_BYWORD: Meaning = Meaning("grammar", _AFTER)


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a word could mean.

    Parameters
    ----------
    meaning : Meaning
        What it stands for.
    english : str
        The English word.
    languages : tuple of str
        Names of the languages in which it does; empty for English.
    """

    meaning: Meaning
    english: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of a prompt.

    Parameters
    ----------
    word : str
        As `plain` leaves it.
    senses : tuple of Sense
        What it could mean: one is understood, none is unknown, several are asked about.
    hint : str
        For an unknown word: what to ask.
    """

    word: str
    senses: tuple[Sense, ...] = ()
    hint: str = ""


def understand(
    words: Sequence[str], vocabulary: Vocabulary, shelves: Shelves | None, home: str = ""
) -> list[Term]:
    """Find what the words of a prompt could mean.

    The language of the words of a script is the one that knows most of them; English goes first.

    Parameters
    ----------
    words : sequence of str
        As `plain` leaves them.
    vocabulary : Vocabulary
        The English words.
    shelves : callable or None
        Gives the languages of a page; None where English only is read.
    home : str
        Code of a language that the musician speaks, such as ``"de"``; it settles what is even.

    Returns
    -------
    list of Term
        In the order of the prompt.
    """
    english = list(_english(words, vocabulary))
    unknown = [term.word for term in english if not term.senses]
    if shelves is None or not unknown:
        return [_missed(term, vocabulary) for term in english]
    terms: list[Term] = []
    for page, run in _runs(words):
        own = [word for word in words if page_of(word) == page]
        if page == "latin" and _plainly_english(own, vocabulary):
            terms += [_missed(term, vocabulary) for term in _english(run, vocabulary)]
        else:
            terms += _Reader(own, page, shelves(page), vocabulary, home).read(run)
    return terms


def _english(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[Term]:
    """Read words as English; one with accents only where it is written so."""
    place = 0
    while place < len(words):
        count, meaning = longest(words, place, vocabulary)
        phrase = " ".join(words[place : place + count])
        place += count
        could = vocabulary.ambiguous.get(phrase, ())
        if meaning is not None and (phrase.isascii() or phrase in vocabulary.words):
            yield Term(phrase, (Sense(meaning, phrase),))
        else:
            yield Term(phrase, tuple(Sense(each, each.name) for each in could))


def _plainly_english(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    terms = list(_english(words, vocabulary))
    known = [
        term for term in terms if term.senses and term.senses[0].meaning.group not in _BORROWED
    ]
    unknown = [term for term in terms if not term.senses]
    strange = any(not term.word.isascii() for term in unknown)
    return not strange and len(known) > _PLAINLY_ENGLISH * len(unknown)


def _runs(words: Sequence[str]) -> Iterator[tuple[Page, list[str]]]:
    """Cut the words where the script changes."""
    run: list[str] = []
    for word in words:
        if run and page_of(word) != page_of(run[0]):
            yield page_of(run[0]), run
            run = []
        run.append(word)
    if run:
        yield page_of(run[0]), run


class _Reader:
    """Reads the words of one script: it has found out in which language they are.

    Parameters
    ----------
    words : sequence of str
        All of that script.
    page : str
        The script.
    languages : tuple of Language
        Those that are written in it.
    vocabulary : Vocabulary
        The English words.
    home : str
        Code of a language that the musician speaks.
    """

    def __init__(
        self,
        words: Sequence[str],
        page: Page,
        languages: tuple[Language, ...],
        vocabulary: Vocabulary,
        home: str,
    ) -> None:
        self._languages = languages
        self._vocabulary = vocabulary
        scores = {each: _score(each, words, vocabulary) for each in languages}
        for each, score in scores.items():
            scores[each] = score + (_HOME if score and each.code == home else 0.0)
        best = max(scores.values(), default=0.0)
        english = sum(term.senses != () for term in _english(words, vocabulary))
        self._in_english = page == "latin" and 0 < english >= best
        self._main = [each for each in languages if best and scores[each] == best]

    def read(self, words: Sequence[str]) -> Iterator[Term]:
        """Find what each word could mean, the longest phrases first."""
        place = 0
        while place < len(words):
            count, found = self._at(words, place)
            yield from found
            place += count

    def _at(self, words: Sequence[str], place: int) -> tuple[int, list[Term]]:
        if self._in_english:
            term = next(_english(words[place:], self._vocabulary))
            return term.word.count(" ") + 1, [self._abroad(term)]
        cutter = next((each for each in self._main if not each.spaced), None)
        if cutter is not None:
            return 1, self._cut(words[place], cutter)
        count, senses = self._ask(self._main, words, place)
        phrase = " ".join(words[place : place + count])
        if senses:
            return count, [Term(phrase, senses)]
        term = next(_english(words[place:], self._vocabulary))
        if term.senses:
            return term.word.count(" ") + 1, [term]
        count, senses = self._ask(self._languages, words, place)
        phrase = " ".join(words[place : place + count])
        return count, [self._unknown(phrase) if not senses else Term(phrase, senses)]

    def _ask(
        self, languages: Sequence[Language], words: Sequence[str], place: int
    ) -> tuple[int, tuple[Sense, ...]]:
        """Ask languages for the longest phrase at a place: its length, and all that it could be."""
        found = [(each, *each.longest(words, place)) for each in languages]
        count = max((length for _, length, known in found if known), default=1)
        said = [(each, known) for each, length, known in found if known and length == count]
        return count, _senses(said, self._vocabulary)

    def _cut(self, text: str, cutter: Language) -> list[Term]:
        """Cut a text without spaces; what the language does not know may be English."""
        terms: list[Term] = []
        for piece, known in cutter.cut(text):
            others = [each for each in self._main if each is not cutter and not each.spaced]
            said = [(cutter, known)] if known else []
            said += [(each, found) for each in others if known and (found := each.find(piece))]
            senses = _senses(said, self._vocabulary)
            other = next(_english([piece], self._vocabulary))
            terms.append(Term(piece, senses) if senses else other)
        return [term if term.senses else self._unknown(term.word) for term in terms]

    def _abroad(self, term: Term) -> Term:
        """Look a word that is not English up elsewhere: one without accents is only asked about."""
        if term.senses:
            return term
        _, senses = self._ask(self._languages, [term.word], 0)
        if senses and not term.word.isascii():
            return Term(term.word, senses)
        if senses:
            where, stands = senses[0].languages[0], senses[0].english
            return Term(term.word, (), f"in {where} it stands for {stands!r}; is that meant?")
        return _missed(term, self._vocabulary)

    def _unknown(self, word: str) -> Term:
        known = [word for each in self._main for word in each.glossary]
        return _missed(Term(word), self._vocabulary, known)


def _score(language: Language, words: Sequence[str], vocabulary: Vocabulary) -> float:
    """Rate how much of a prompt a language knows, in words, or in signs where it has no spaces."""
    if not language.spaced:
        cuts = (cut for word in words for cut in language.cut(word))
        return float(sum(len(piece) for piece, known in cuts if known))
    score, place = 0.0, 0
    while place < len(words):
        count, found = language.longest(words, place)
        phrase = " ".join(words[place : place + count])
        if found:
            score += count * (_SURE if phrase in language.glossary else _LIKELY)
        elif (shared := vocabulary.words.get(phrase)) and shared.group in _BORROWED:
            score += _SHARED
        place += count
    return score


def _senses(
    said: Sequence[tuple[Language, tuple[str, ...]]], vocabulary: Vocabulary
) -> tuple[Sense, ...]:
    """Bring together what languages say; moods that lie near each other are one sense."""
    senses: list[Sense] = []
    for language, found in said:
        for english in found:
            meaning = vocabulary.words.get(english, _BYWORD)
            for n, kept in enumerate(senses):
                if _near(kept.meaning, meaning, vocabulary):
                    names = dict.fromkeys((*kept.languages, language.name))
                    senses[n] = Sense(kept.meaning, kept.english, tuple(names))
                    break
            else:
                senses.append(Sense(meaning, english, (language.name,)))
    telling = tuple(sense for sense in senses if sense.meaning.group != "grammar")
    return telling or tuple(senses[:1])


def _near(one: Meaning, other: Meaning, vocabulary: Vocabulary) -> bool:
    if one.group != "mood" or other.group != "mood":
        return one == other
    return dist(vocabulary.moods[one.name], vocabulary.moods[other.name]) <= _NEAR


def _missed(term: Term, vocabulary: Vocabulary, known: Iterable[str] = ()) -> Term:
    """Say which known word an unknown one is written like: to ask, never to take.

    A word with accents that is in no language is English without them, such as "cafe".
    """
    if term.senses:
        return term
    _, meaning = longest([term.word], 0, vocabulary)
    if meaning is not None:
        return Term(term.word, (Sense(meaning, term.word),))
    like = [word for word in known or vocabulary.words if word[0] == term.word[0]]
    close = get_close_matches(term.word[:_LONGEST_HINTED], like, n=1, cutoff=_ALIKE)
    return Term(term.word, (), f"did you mean {close[0]!r}?" if close else "")
