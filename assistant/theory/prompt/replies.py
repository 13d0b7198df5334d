"""What is said back about the words of a prompt: how they were taken, and what is asked."""

from __future__ import annotations

import re

from assistant.theory.prompt.said import Said
from assistant.theory.prompt.understanding import Sense, Term
from assistant.theory.prompt.vocabulary import Meaning

__all__ = ["explained", "named", "question"]

_MOST_LANGUAGES = 2  # named
_NOUNS = frozenset({"percussion", "instrument", "meter"})  # "no drums", but "not happy"
_CHORDS = re.compile(r".*\b(?:triads|sevenths|ninths|chords)")
_NOTE = re.compile("[a-h][#♯♭b]?|[bd]m")
_HINTS = {
    "bar": "say how many, such as '8 bars'.", "bars": "say how many, such as '8 bars'.",
}  # fmt: skip


def explained(said: Said) -> str:
    """Say what a word was taken to mean.

    Parameters
    ----------
    said : Said
        The word, its sense and its weight.

    Returns
    -------
    str
        Such as ``"rainy as wistful"``, ``"regen as wistful (German for rain)"``, ``"no sevenths
        as triads in colour"`` or ``"not happy as away from joyful"``.
    """
    shown, meaning = _denied(said) if said.weight < 0 else (said.word, _described(said.meaning))
    origin = _origin(said.sense)
    if origin:
        return f"{shown} as {meaning} ({origin})"
    return shown if meaning == shown else f"{shown} as {meaning}"


def _denied(said: Said) -> tuple[str, str]:
    """Say a word with its "not", and what that asks for."""
    group, name = said.meaning.group, said.meaning.name
    noun = group in _NOUNS or _CHORDS.fullmatch(said.word)
    shown = f"no {said.word}" if noun else f"not {said.word}"
    if said.opposite:
        return shown, _described(said.opposite)
    if said.word == name:
        return shown, shown
    if group == "percussion":
        return shown, "no percussion"
    left_out = group in {"style", "instrument"}
    return shown, f"no {name}" if left_out else f"away from {_described(said.meaning)}"


def _described(meaning: Meaning) -> str:
    name = meaning.name
    described = {
        "heard": "left to the player", "surprise": f"{name} surprise",
        "colour": f"{name} in colour",
        "meter": f"{name} time", "percussion": f"{name} percussion", "density": f"{name} density",
        "register": f"{name} register", "complexity": f"{name} complexity",
    }  # fmt: skip
    return described.get(meaning.group, name)


def _origin(sense: Sense) -> str:
    """Name the language of a word, and the English word where that is not its meaning."""
    if not sense.languages or sense.languages == ("emoji",):
        return ""
    shown = " or ".join(sense.languages[:_MOST_LANGUAGES])
    more = len(sense.languages) - _MOST_LANGUAGES
    shown += f" or {more} more" if more > 0 else ""
    return shown if sense.english == sense.meaning.name else f"{shown} for {sense.english}"


def named(sense: Sense) -> str:
    """Name a sense: ``"fast (Swedish)"``."""
    origin = _origin(sense)
    return _described(sense.meaning) + (f" ({origin})" if origin else "")


def question(term: Term) -> str:
    """Ask what a word means: a plain sentence with the word and the answers there could be.

    Parameters
    ----------
    term : Term
        A word with no sense, or with several.

    Returns
    -------
    str
        Such as ``"'hot' could mean excited or romantic; say which."``.
    """
    word = f"'{term.word}'" if "'" not in term.word else f'"{term.word}"'  # joined emoji stay whole
    if term.senses:
        return f"{word} could mean {' or '.join(map(named, term.senses))}; say which."
    if _NOTE.fullmatch(term.word):
        return f"{word} is not known; where a key is meant, say 'in D' or 'D minor'."
    hint = _HINTS.get(term.word) or term.hint or "say it in another word."
    return f"{word} is not known; {hint}"
