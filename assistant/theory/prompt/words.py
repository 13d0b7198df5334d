"""Words of a prompt: what each is taken to mean, and which are not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import dist
from typing import Any

from assistant.errors import SettingError
from assistant.theory.harmony.key import Key
from assistant.theory.prompt.figures import take_bars, take_bpm
from assistant.theory.prompt.keys import KeysRead, take_keys
from assistant.theory.prompt.reading import Reading
from assistant.theory.prompt.replies import explained, named, question
from assistant.theory.prompt.said import Said, only, pace_of, say, wanted
from assistant.theory.prompt.understanding import Shelves, Term, understand
from assistant.theory.prompt.vocabulary import TRAITS, Vocabulary, longest, plain, shown

__all__ = ["Reading", "read_prompt"]

_ENDING = re.compile(r"(?<=\w\w)(?:/-?\w{1,2}\b|\(-?\w{1,2}\))")  # "enojado/a", "nervoso(a)"
_SLASH = re.compile(r"(?<!\d)/|/(?!\d)")  # "sad/lonely", but not "6/8"
_OPPOSITE = -0.6  # what is not sad is rather, not wholly, glad
_SURPRISE = {"more": 0.3, "less": -0.2}
_SETTLED = 0.35  # of valence and arousal: by how much one sense must lie nearer to the rest
_LEANING = {"low": -0.7, "quiet": -0.7, "high": 0.7, "loud": 0.7}
_APART = 1.4  # of valence and arousal: moods as far as this pull apart


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
        Where what it asks for contradicts itself: two keys, modes, metres, tempos or lengths,
        slow and fast, a style that is not wanted as well.
    """
    bare = _ENDING.sub("", text)
    keys = take_keys(bare, lambda word: _is_telling(word, vocabulary))
    bars, bars_said, rest = take_bars(_SLASH.sub(" ", plain(keys.rest)))
    bpm, rest = take_bpm(rest)
    terms = _settle(understand(rest.split(), vocabulary, shelves, home), vocabulary)
    terms = _as_written(terms, bare)
    told = say(terms)
    moods = _moods(told)
    names = {group: wanted(told, group) for group in ("style", "colour", "surprise")}
    doubtful = {term.word: term for term in terms if len(term.senses) != 1}
    key, mode = _key_and_mode(keys, only(told, "mode"))
    open_ended = [each for each in told if _leaves_open(each, told)]
    understood = [explained(each) for each in told if each not in open_ended]
    return Reading(
        place=_place(moods, vocabulary),
        moods=moods,
        styles=tuple(dict.fromkeys(names["style"])),
        without=frozenset(
            each.meaning.name for each in told
            if each.weight < 0 and each.meaning.group == "style"
        ),
        mode=mode,
        meter=only(told, "meter"),
        colour=names["colour"][0] if names["colour"] else None,
        pace=pace_of(told, vocabulary),
        surprise=sum(_SURPRISE[name] for name in names["surprise"]),
        key=key,
        bpm=bpm,
        bars=bars,
        understood=tuple(dict.fromkeys((*_keys_said(keys, key), *bars_said, *understood))),
        unknown=tuple(word for word, term in doubtful.items() if not term.senses),
        **_traits(told, vocabulary),
        ambiguous=dict(keys.ambiguous) | {
            word: tuple(named(each) for each in term.senses)
            for word, term in doubtful.items() if term.senses
        },
        questions=(
            *keys.questions, *(_which(each) for each in open_ended),
            *(question(term) for term in doubtful.values()),
        ),
        remarks=tuple(_pulling_apart(moods, vocabulary)),
    )  # fmt: skip


def _is_telling(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a word means something in English, and more than "with"."""
    _, meaning = longest([word], 0, vocabulary)
    return meaning is not None and meaning.group != "grammar"


def _as_written(terms: Sequence[Term], text: str) -> list[Term]:
    """Give words back as they were written: without case, but with the last sigma of Greek."""
    written = {plain(word): word for word in shown(_SLASH.sub(" ", text)).split()}
    return [
        replace(term, word=" ".join(written.get(word, word) for word in term.word.split()))
        for term in terms
    ]


def _key_and_mode(keys: KeysRead, mode: str | None) -> tuple[Key | None, str | None]:
    """Bring a key and a mode together: "in D, dorian" is D dorian."""
    key = keys.key
    if key is None or mode is None:
        return key, mode
    if keys.lone or key.mode == Key(0, mode).family:
        return Key(key.tonic, mode), None
    if mode in {key.mode, key.family}:
        return key, None
    raise SettingError(f"prompt asks for '{key}' and for {mode!r}; say one of them.")


def _keys_said(keys: KeysRead, key: Key | None) -> Iterator[str]:
    """Say which words were taken as the key."""
    for said in keys.said:
        yield f"{said} as the key" + ("" if said.lower() == str(key).lower() else f" {key}")


def _leaves_open(said: Said, told: Sequence[Said]) -> bool:
    """Tell whether a word only says which mode or metre is not wanted, and no other does."""
    group = said.meaning.group
    return group in {"mode", "meter"} and said.wanted is None and not wanted(told, group)


def _which(said: Said) -> str:
    group = said.meaning.group
    return f"'not {said.word}' leaves the {group} open; say the one that is wanted."


def _pulling_apart(moods: Mapping[str, float], vocabulary: Vocabulary) -> Iterator[str]:
    """Say where moods that lie far apart were brought together."""
    asked = [mood for mood, weight in moods.items() if weight > 0]
    pairs = [pair for pair in combinations(asked, 2)
             if dist(*(vocabulary.moods[mood] for mood in pair)) >= _APART]  # fmt: skip
    place = _place(moods, vocabulary)
    if not pairs or place is None:
        return
    near = min(vocabulary.moods, key=lambda mood: dist(vocabulary.moods[mood], place))
    one, other = pairs[0]
    yield (
        f"{one.capitalize()} and {other} pull apart: together they were taken as valence"
        f" {place[0]:+.2f}, arousal {place[1]:+.2f}, near {near}; say one of them where that is"
        " not meant"
    )


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


def _moods(said: Sequence[Said]) -> dict[str, float]:
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


def _traits(said: Sequence[Said], vocabulary: Vocabulary) -> dict[str, Any]:
    """Collect what the words say besides: how dense, high, complex, loud; drums; instruments."""
    told: dict[str, list[tuple[str, float]]] = {group: [] for group in TRAITS}
    for each in said:
        own = (each.meaning,) if each.meaning.group in TRAITS else ()
        for meaning in vocabulary.traits.get(each.sense.english, own):
            told[meaning.group].append((meaning.name, each.weight))
    leanings = ("density", "register", "complexity", "loudness")
    joined = wanted(said, "articulation")
    return {
        **{group: _leaning(told[group]) for group in leanings},
        "percussion": _percussion(told["percussion"]),
        "articulation": joined[-1] if joined else None,
        "instruments": tuple(
            dict.fromkeys(name for name, weight in told["instrument"] if weight > 0)
        ),
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
