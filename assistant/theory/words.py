"""Words of a prompt: what each is taken to mean, and which are not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import SettingError
from assistant.theory.key import Key, read_key
from assistant.theory.vocabulary import Meaning, Vocabulary, longest, plain

__all__ = ["Reading", "read_prompt"]

_KEY = re.compile(
    r"\b(?:in|key of) (?:the key of )?([a-g](?: ?(?:#|♯|♭|b\b|sharp|flat))?)"
    r" ((?:harmonic |melodic )?(?:major|minor)|dorian|phrygian|lydian|mixolydian|locrian)\b"
)
_ARTICLE = re.compile(r" (?:key|mode|mood|scale|tonality|vein|way|song|tune|piece|vibe|feel)\b")
_BPM = re.compile(r"\b(\d{2,3}(?:\.\d+)?) ?bpm\b")
_NOT, _VERY, _SLIGHTLY = "not", "very", "slightly"
_WEIGHTS = {_VERY: 1.6, _SLIGHTLY: 0.5}
_OPPOSITE = -0.6  # what is not sad is rather, not wholly, glad
_SURPRISE = {"more": 0.3, "less": -0.2}
_SINGLE = ("mode", "meter")


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


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of the prompt with its meaning and its weight: below 0 after "not"."""

    word: str
    meaning: Meaning
    weight: float


def read_prompt(text: str, vocabulary: Vocabulary) -> Reading:
    """Read a prompt.

    Parameters
    ----------
    text : str
        Any words, such as ``"wistful, jazzy, rainy night in D minor"``.
    vocabulary : Vocabulary
        The words that are understood.

    Returns
    -------
    Reading
        What it asks for.

    Raises
    ------
    SettingError
        Where it asks for two modes or two metres.
    """
    key, rest = _take_key(plain(text))
    bpm, rest = _take_bpm(rest)
    unknown: list[str] = []
    said = list(_say(rest.split(), vocabulary, unknown))
    once = {group: _only(said, group) for group in _SINGLE}
    moods = _moods(said)
    wanted = [each for each in said if each.weight > 0]
    named = {group: [each.meaning.name for each in wanted if each.meaning.group == group]
             for group in ("style", "pace", "colour", "surprise")}  # fmt: skip
    understood = dict.fromkeys(_explained(each) for each in said)
    return Reading(
        _place(moods, vocabulary),
        moods,
        tuple(dict.fromkeys(named["style"])),
        frozenset(each.meaning.name for each in said if each.weight < 0
                  and each.meaning.group == "style"),
        once["mode"],
        once["meter"],
        named["colour"][0] if named["colour"] else None,
        vocabulary.paces[named["pace"][0]] if named["pace"] else 1.0,
        sum(_SURPRISE[name] for name in named["surprise"]),
        key,
        bpm,
        tuple(understood),
        tuple(dict.fromkeys(unknown)),
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


def _say(words: Sequence[str], vocabulary: Vocabulary, unknown: list[str]) -> Iterator[_Said]:
    """Walk through the words, the longest phrase first; "not" and "very" weigh the next one."""
    place, weight = 0, 1.0
    while place < len(words):
        count, meaning = longest(words, place, vocabulary)
        phrase = " ".join(words[place : place + count])
        place += count
        if meaning is None:
            unknown.append(phrase)
        elif meaning.group != "grammar":
            yield _Said(phrase, meaning, weight)
            weight = 1.0
        elif meaning.name == _NOT:
            weight = -abs(weight)
        else:
            weight *= _WEIGHTS.get(meaning.name, 1.0)


def _only(said: Sequence[_Said], group: str) -> str | None:
    """Find the one name of a group that is asked for."""
    names = dict.fromkeys(
        each.meaning.name for each in said if each.meaning.group == group and each.weight > 0
    )
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


def _explained(said: _Said) -> str:
    """Say what a word was taken to mean: ``"rainy as wistful"``."""
    word = f"not {said.word}" if said.weight < 0 else said.word
    if said.meaning.group == "heard":
        return f"{word} as left to the player"
    name = said.meaning.name
    described = {
        "surprise": f"{name} surprise", "colour": f"{name} in colour", "meter": f"{name} time",
    }  # fmt: skip
    meaning = described.get(said.meaning.group, name)
    return word if meaning == said.word else f"{word} as {meaning}"
