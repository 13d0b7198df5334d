"""How a message is written down: its arguments, its form, its row in the docs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["PREFIX", "Argument", "Word", "argument_rows", "word_rows"]

PREFIX = "/bandmate/"

Kind: TypeAlias = Literal["id", "name", "path", "text", "whole", "number", "maybe", "fact", "any"]

_TAGS: dict[Kind, str] = {
    "id": "s",
    "name": "s",
    "path": "s",
    "text": "s",
    "whole": "i",
    "number": "f",
    "maybe": "f/s",
    "fact": "f/i/s",
    "any": "*",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a message.

    Parameters
    ----------
    name : str
        What forms, errors and the docs call it.
    kind : str
        ``id``, ``name``, ``path`` and ``text`` are OSC strings (a long text may be cut, the others
        are not), ``whole`` is an int32, ``number`` a float32, ``maybe`` a float32 or ``""`` where
        there is none, ``fact`` a string or either number, ``any`` a string, number, flag or nil.
    about : str
        What it says, with its unit.
    low, high : int
        Ends of the range of a whole number; both belong to it.
    choices : tuple of str
        The only words it can be, where they are few.
    """

    name: str
    kind: Kind
    about: str
    low: int = 0
    high: int = 2**31 - 1
    choices: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """How a form shows it: its name, or its choices."""
        return "|".join(self.choices) or self.name


@dataclass(frozen=True, slots=True)
class Word:
    """One message.

    Parameters
    ----------
    name : str
        What follows ``/bandmate/``.
    required, optional : tuple of Argument
        In order.
    repeated : tuple of Argument
        What may follow any number of times, together.
    about : str
        What it means.
    """

    name: str
    required: tuple[Argument, ...]
    about: str
    optional: tuple[Argument, ...] = ()
    repeated: tuple[Argument, ...] = ()

    @property
    def address(self) -> str:
        """Its OSC address."""
        return PREFIX + self.name

    @property
    def form(self) -> str:
        """How it is written: ``/bandmate/accept id n [move]...``."""
        parts = [self.address, *(argument.form for argument in self.required)]
        parts += [f"[{argument.form}]" for argument in self.optional]
        if self.repeated:
            parts.append(f"[{' '.join(argument.form for argument in self.repeated)}]...")
        return " ".join(parts)

    @property
    def tags(self) -> str:
        """Its OSC type tags, written like its form: ``s i [i]...``."""
        parts = [_TAGS[argument.kind] for argument in self.required]
        parts += [f"[{_TAGS[argument.kind]}]" for argument in self.optional]
        if self.repeated:
            parts.append(f"[{' '.join(_TAGS[argument.kind] for argument in self.repeated)}]...")
        return " ".join(parts)


def word_rows(title: str, words: Iterable[Word]) -> list[str]:
    """Render messages as the rows of a Markdown table under a title."""
    rows = [f"| {title} | types | |", "|---|---|---|"]
    for word in words:
        form = word.form.replace("|", "\\|")
        rows.append(f"| `{form}` | `{word.tags}` | {word.about} |")
    return rows


def argument_rows(words: Iterable[Word]) -> list[str]:
    """Render what the arguments of messages say as the rows of a Markdown table, by name."""
    found = {
        (argument.name, argument.about)
        for word in words
        for argument in (*word.required, *word.optional, *word.repeated)
    }
    rows = [f"| `{name}` | {about} |" for name, about in sorted(found)]
    return ["| argument | says |", "|---|---|", *rows]
