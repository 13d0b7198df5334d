"""What is said back about the words of a prompt: how they were taken, and what is asked."""

from __future__ import annotations

from assistant.theory.prompt.understanding import Sense, Term
from assistant.theory.prompt.vocabulary import Meaning

__all__ = ["explained", "named", "question"]

_MOST_LANGUAGES = 2  # named


def explained(word: str, sense: Sense, weight: float) -> str:
    """Say what a word was taken to mean.

    Parameters
    ----------
    word : str
        As it stands in the prompt.
    sense : Sense
        What it was taken to mean.
    weight : float
        Below 0 after "not".

    Returns
    -------
    str
        Such as ``"rainy as wistful"`` or ``"regen as wistful (German for rain)"``.
    """
    said = f"not {word}" if weight < 0 else word
    meaning = _described(sense.meaning)
    origin = _origin(sense)
    if origin:
        return f"{said} as {meaning} ({origin})"
    return said if meaning == word else f"{said} as {meaning}"


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
    """Ask what a word means: a plain sentence with the word and the answers there could be."""
    if term.senses:
        return f"{term.word!r} could mean {' or '.join(map(named, term.senses))}; say which."
    hint = term.hint or "say it in another word."
    return f"{term.word!r} is not known; {hint}"
