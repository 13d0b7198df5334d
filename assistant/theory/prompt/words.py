"""Words of a prompt: what each is taken to mean, and which are not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import dist
from typing import Any

from assistant.errors import SettingError
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.prompt.replies import explained, named, question
from assistant.theory.prompt.understanding import Sense, Shelves, Term, understand
from assistant.theory.prompt.vocabulary import TRAITS, Meaning, Vocabulary, plain

__all__ = ["Reading", "read_prompt"]

_KEY = re.compile(
    r"\b(?:in|key of) (?:the key of )?([a-g](?: ?(?:#|♯|♭|b\b|sharp|flat))?)"
    r" ((?:harmonic |melodic )?(?:major|minor)|dorian|phrygian|lydian|mixolydian|locrian)\b"
)
_ARTICLE = re.compile(r" (?:key|mode|mood|scale|tonality|vein|way|song|tune|piece|vibe|feel)\b")
_BPM = re.compile(r"\b(\d{2,3}(?:\.\d+)?) ?bpm\b")
_ENDING = re.compile(r"(?<=\w\w)(?:/-?\w{1,2}\b|\(-?\w{1,2}\))")  # "enojado/a", "nervoso(a)"
_SLASH = re.compile(r"(?<!\d)/|/(?!\d)")  # "sad/lonely", but not "6/8"
_NOT, _NOT_AFTER, _VERY, _SLIGHTLY = "not", "not after", "very", "slightly"
_WEIGHTS = {_VERY: 1.6, _SLIGHTLY: 0.5}
_OPPOSITE = -0.6  # what is not sad is rather, not wholly, glad
_SURPRISE = {"more": 0.3, "less": -0.2}
_SINGLE = ("mode", "meter")
_SETTLED = 0.35  # of valence and arousal: by how much one sense must lie nearer to the rest
_LEANING = {"low": -0.7, "quiet": -0.7, "high": 0.7, "loud": 0.7}


@dataclass(frozen=True)
class Reading:
    """What a prompt asks for; what it does not say is ``None`` or empty.

    Parameters
    ----------
    place : tuple of (float, float) or None
        Valence and arousal.
    moods : mapping of str to float
        Weight of each mood by name; below 0 where it is not wanted.
    styles : tuple of str
        In the order in which they are named.
    without : frozenset of str
        Styles that are not wanted.
    mode, meter, colour : str or None
        Such as ``"dorian"``, ``"3/4"``, ``"ninths"``.
    pace : float
        What to multiply the tempo by.
    surprise : float
        What to add to the surprise.
    key : Key or None
        Where one is named in full.
    bpm : float or None
        Quarter notes a minute.
    understood : tuple of str
        Each word with what it was taken to mean.
    unknown : tuple of str
        Words that mean nothing to us.
    density, register, complexity, loudness : float or None
        Few notes, low, simple, quiet -1.0 to many, high, complex, loud 1.0.
    percussion : {"none", "light", "full"} or None
        How much is drummed.
    articulation : {"staccato", "legato"} or None
        How notes are joined.
    instruments : tuple of str
        In the order in which they are named.
    ambiguous : mapping of str to tuple of str
        What a word could mean, where nothing settles it; it was left out.
    questions : tuple of str
        A sentence for each ambiguous and each unknown word.
    """

    place: tuple[float, float] | None = None
    moods: Mapping[str, float] | None = None
    styles: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    mode: str | None = None
    meter: str | None = None
    colour: str | None = None
    pace: float = 1.0
    surprise: float = 0.0
    key: Key | None = None
    bpm: float | None = None
    understood: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    density: float | None = None
    register: float | None = None
    complexity: float | None = None
    loudness: float | None = None
    percussion: str | None = None
    articulation: str | None = None
    instruments: tuple[str, ...] = ()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of the prompt with its sense and its weight: below 0 after "not"."""

    word: str
    sense: Sense
    weight: float

    @property
    def meaning(self) -> Meaning:
        return self.sense.meaning


def read_prompt(
    text: str, vocabulary: Vocabulary, shelves: Shelves | None = None, home: str = ""
) -> Reading:
    """Read a prompt.

    Parameters
    ----------
    text : str
        Any words, such as ``"wistful, jazzy, rainy night in D minor"``.
    vocabulary : Vocabulary
        The English words that are understood.
    shelves : callable or None
        Gives the languages of a script, see `languages.open_languages`; where None, English
        only is read.
    home : str
        Code of a language that the musician speaks, such as ``"de"``, which goes before others
        that know as many of the words.

    Returns
    -------
    Reading
        What it asks for.

    Raises
    ------
    SettingError
        Where it asks for two modes or two metres.
    """
    key, rest = _take_key(_SLASH.sub(" ", plain(_ENDING.sub("", text))))
    bpm, rest = _take_bpm(rest)
    terms = _settle(understand(rest.split(), vocabulary, shelves, home), vocabulary)
    said = list(_say(terms))
    moods = _moods(said)
    names = {group: _wanted(said, group) for group in ("style", "pace", "colour", "surprise")}
    doubtful = {term.word: term for term in terms if len(term.senses) != 1}
    return Reading(
        place=_place(moods, vocabulary),
        moods=moods,
        styles=tuple(dict.fromkeys(names["style"])),
        without=frozenset(
            each.meaning.name for each in said
            if each.weight < 0 and each.meaning.group == "style"
        ),
        mode=_only(said, "mode"),
        meter=_only(said, "meter"),
        colour=names["colour"][0] if names["colour"] else None,
        pace=vocabulary.paces[names["pace"][0]] if names["pace"] else 1.0,
        surprise=sum(_SURPRISE[name] for name in names["surprise"]),
        key=key,
        bpm=bpm,
        understood=tuple(
            dict.fromkeys(explained(each.word, each.sense, each.weight) for each in said)
        ),
        unknown=tuple(word for word, term in doubtful.items() if not term.senses),
        **_traits(said, vocabulary),
        ambiguous={word: tuple(named(each) for each in term.senses)
                   for word, term in doubtful.items() if term.senses},
        questions=tuple(question(term) for term in doubtful.values()),
    )  # fmt: skip


def _take_key(text: str) -> tuple[Key | None, str]:
    match = _KEY.search(text)
    if match is None:
        return None, text
    note, mode = match.groups()
    if note == "a" and _ARTICLE.match(text, match.end()):  # "in a minor key"
        return None, text
    return read_key(f"{note} {mode}"), text[: match.start()] + " " + text[match.end() :]


def _take_bpm(text: str) -> tuple[float | None, str]:
    match = _BPM.search(text)
    if match is None:
        return None, text
    return float(match[1]), text[: match.start()] + " " + text[match.end() :]


def _settle(terms: Sequence[Term], vocabulary: Vocabulary) -> list[Term]:
    """Take of a word that could mean several moods the one that lies near the other words."""
    moods = [term.senses[0].meaning.name for term in terms
             if len(term.senses) == 1 and term.senses[0].meaning.group == "mood"]  # fmt: skip
    if not moods:
        return list(terms)
    sides = zip(*(vocabulary.moods[name] for name in moods), strict=True)
    rest = [sum(side) / len(moods) for side in sides]
    return [_settled(term, rest, vocabulary) for term in terms]


def _settled(term: Term, rest: Sequence[float], vocabulary: Vocabulary) -> Term:
    if len(term.senses) < 2 or any(sense.meaning.group != "mood" for sense in term.senses):
        return term
    ranked = sorted(
        (dist(vocabulary.moods[sense.meaning.name], rest), place)
        for place, sense in enumerate(term.senses)
    )
    clear = ranked[1][0] - ranked[0][0] >= _SETTLED
    return replace(term, senses=(term.senses[ranked[0][1]],)) if clear else term


def _say(terms: Sequence[Term]) -> Iterator[_Said]:
    """Walk through the words; "not" and "very" weigh the next one, or the one before."""
    weight = 1.0
    last: _Said | None = None
    for sense, word in ((term.senses[0], term.word) for term in terms if len(term.senses) == 1):
        if sense.meaning.group != "grammar":
            if last:
                yield last
            last, weight = _Said(word, sense, weight), 1.0
        elif sense.meaning.name == _NOT_AFTER:
            last = replace(last, weight=-abs(last.weight)) if last else None
        elif sense.meaning.name == _NOT:
            weight = -abs(weight)
        else:
            weight *= _WEIGHTS.get(sense.meaning.name, 1.0)
    if last:
        yield last


def _wanted(said: Sequence[_Said], group: str) -> list[str]:
    return [each.meaning.name for each in said if each.weight > 0 and each.meaning.group == group]


def _only(said: Sequence[_Said], group: str) -> str | None:
    """Find the one name of a group that is asked for."""
    names = dict.fromkeys(_wanted(said, group))
    if len(names) > 1:
        seen = " and ".join(repr(name) for name in names)
        raise SettingError(f"prompt asks for {seen}; it takes one {group}.")
    return next(iter(names), None)


def _moods(said: Sequence[_Said]) -> dict[str, float]:
    moods: dict[str, float] = {}
    for each in said:
        if each.meaning.group == "mood":
            moods[each.meaning.name] = moods.get(each.meaning.name, 0.0) + each.weight
    return moods


def _place(moods: Mapping[str, float], vocabulary: Vocabulary) -> tuple[float, float] | None:
    """Average the moods; one that is not wanted pulls to its opposite."""
    total = sum(abs(weight) for weight in moods.values())
    if not total:
        return None
    pulls = {name: weight if weight > 0 else _OPPOSITE * -weight for name, weight in moods.items()}
    valence = sum(vocabulary.moods[name][0] * pull for name, pull in pulls.items())
    arousal = sum(vocabulary.moods[name][1] * pull for name, pull in pulls.items())
    return valence / total, arousal / total


def _traits(said: Sequence[_Said], vocabulary: Vocabulary) -> dict[str, Any]:
    """Collect what the words say besides: how dense, high, complex, loud; drums; instruments."""
    told: dict[str, list[tuple[str, float]]] = {group: [] for group in TRAITS}
    for each in said:
        own = (each.meaning,) if each.meaning.group in TRAITS else ()
        for meaning in vocabulary.traits.get(each.sense.english, own):
            told[meaning.group].append((meaning.name, each.weight))
    leanings = ("density", "register", "complexity", "loudness")
    wanted = {group: [name for name, weight in told[group] if weight > 0] for group in TRAITS}
    return {
        **{group: _leaning(told[group]) for group in leanings},
        "percussion": _percussion(told["percussion"]),
        "articulation": wanted["articulation"][-1] if wanted["articulation"] else None,
        "instruments": tuple(dict.fromkeys(wanted["instrument"])),
    }


def _leaning(told: Sequence[tuple[str, float]]) -> float | None:
    """Average what was said of a quantity, -1.0 to 1.0; what is not wanted leans the other way."""
    if not told:
        return None
    leanings = [
        _LEANING[name] * (weight if weight > 0 else -_OPPOSITE * weight) for name, weight in told
    ]
    return min(1.0, max(-1.0, sum(leanings) / len(leanings)))


def _percussion(told: Sequence[tuple[str, float]]) -> str | None:
    """Tell how much is drummed, by what was said last: "slightly" makes it light."""
    if not told:
        return None
    name, weight = told[-1]
    if weight < 0:
        return "none"
    return "light" if name == "full" and weight < 1.0 else name
