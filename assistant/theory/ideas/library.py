"""All that the shelf holds about harmony, read once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Shelf
from assistant.theory.harmony.colour import Colour, colour_named
from assistant.theory.harmony.mood import Moods
from assistant.theory.harmony.progression import Progression, Steps, flat, read_progressions
from assistant.theory.harmony.roman import Numeral
from assistant.theory.playing.comping import Book, read_comping
from assistant.theory.playing.rhythm import Pattern, read_patterns
from assistant.theory.prompt.languages import Language, Page, open_languages
from assistant.theory.prompt.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Library", "Style", "open_library"]

PAGES = ("styles/progressions", "styles/mood-progressions")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style is played like where nobody says.

    Parameters
    ----------
    slow, quick : float
        Ends of its tempo range, quarter notes a minute.
    meter : str
        Such as ``"4/4"``.
    swing : float
        Where the second eighth of a beat falls, 0.5 straight.
    colour : {"triads", "sevenths", "ninths", "dominants"}
        How it dresses plain triads.
    program, bass : int
        General MIDI programs of the chords and of the bass.
    learned : {"pop", "rock"}
        The songs that a model was learned from which are nearest to it.
    """

    slow: float
    quick: float
    meter: str
    swing: float
    colour: Colour
    program: int
    bass: int
    learned: str


@dataclass(frozen=True, eq=False)
class Library:
    """The shelf, read.

    Parameters
    ----------
    progressions : tuple of Progression
        All of them.
    minor : ndarray of bool, shape (progressions,)
        Whether its numerals count from natural minor.
    homes : ndarray of str, shape (progressions,)
        Its style.
    lengths : ndarray of int, shape (progressions,)
        How many bars each has.
    bare : ndarray of bool, shape (progressions,)
        Whether one of its chords is a power chord, or a diminished triad on its root.
    places : ndarray of float, shape (progressions, 2)
        Valence and arousal of each.
    tags : ndarray of float, shape (progressions, moods)
        1.0 where it is tagged with a mood, in the order of ``vocabulary.moods``.
    bits : ndarray of float, shape (progressions,)
        How unexpected each is, bits a chord.
    rarity : ndarray of float, shape (progressions,)
        The same as a rank, 0.0 the commonest to 1.0 the rarest.
    steps : Steps
        How common each step is.
    mood_of : Moods
        What mood chords tend to have.
    styles : mapping of str to Style
        By name.
    patterns : mapping of tuple of (str, str) to Pattern
        By style and metre.
    comping : Book
        What keys and guitar play.
    vocabulary : Vocabulary
        Words of a prompt.
    languages : callable
        The same in other languages, by script.
    """

    progressions: tuple[Progression, ...]
    minor: NDArray[np.bool_]
    homes: NDArray[np.str_]
    lengths: NDArray[np.int64]
    bare: NDArray[np.bool_]
    places: NDArray[np.float64]
    tags: NDArray[np.float64]
    bits: NDArray[np.float64]
    rarity: NDArray[np.float64]
    steps: Steps
    mood_of: Moods
    styles: Mapping[str, Style]
    patterns: Mapping[tuple[str, str], Pattern]
    comping: Book
    vocabulary: Vocabulary
    languages: Callable[[Page], tuple[Language, ...]]


def open_library(shelf: Shelf) -> Library:
    """Read the shelf.

    Parameters
    ----------
    shelf : callable
        See `assistant.contract.Shelf`; what it holds is taken to stay as it is.

    Returns
    -------
    Library
        The same object for the same shelf.

    Raises
    ------
    ValueError
        Where a page says something that cannot be: a bug of the shelf, not of the musician.
    """
    return _read(cast("Any", shelf))


@lru_cache(maxsize=4)
def _read(shelf: Any) -> Library:
    vocabulary = read_vocabulary(shelf("words/prompt"))
    progressions = tuple(each for page in PAGES for each in read_progressions(shelf(page)))
    steps = Steps(progressions)
    bits = np.array([steps.bits(flat(each.bars), each.family) for each in progressions])
    moods = list(vocabulary.moods)
    tags = np.zeros((len(progressions), len(moods)))
    for row, each in enumerate(progressions):
        tags[row, [moods.index(mood) for mood in each.moods]] = 1.0
    places = tags @ np.array(list(vocabulary.moods.values())) / tags.sum(axis=1, keepdims=True)
    return Library(
        progressions,
        np.array([each.family == "minor" for each in progressions]),
        np.array([each.style for each in progressions]),
        np.array([len(each.bars) for each in progressions]),
        np.array([any(map(_is_bare, flat(each.bars))) for each in progressions]),
        places,
        tags,
        bits,
        np.argsort(np.argsort(bits, kind="stable"), kind="stable") / max(1, len(bits) - 1),
        steps,
        Moods(progressions, places),
        {name: _style(row) for name, row in shelf("styles/styles")["styles"].items()},
        read_patterns(shelf("styles/rhythms")),
        read_comping(shelf("styles/rhythms")),
        vocabulary,
        partial(open_languages, shelf),
    )


def _is_bare(chord: Numeral) -> bool:
    return chord.kind == "5" or (chord.kind == "dim" and chord.inversion == 0)


def _style(row: Mapping[str, Any]) -> Style:
    slow, quick = row["tempo"]
    colour = colour_named(row["colour"])
    return Style(
        slow, quick, row["meter"], row["swing"], colour, row["program"], row["bass"],
        row["learned"],
    )  # fmt: skip
