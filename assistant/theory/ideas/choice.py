"""Which progressions to offer, best first: by mood, style, how common they are, and dice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import Family, Key
from assistant.theory.harmony.modes import in_mode
from assistant.theory.harmony.progression import Bar, Progression
from assistant.theory.ideas.library import Library

__all__ = ["Choice", "Wish", "choose", "chords_a_bar"]

_FAR_COST = 2.8  # a unit of valence and arousal: who names a mood wants that before all else
_TAG_GAIN = 1.2  # all wanted moods among its tags
_RARITY_COST = 1.6  # from the commonest to the rarest
_NEIGHBOUR_COST = 0.7  # of a style that was not asked for, and is not a plain one
_STRANGER_COST = 4.0  # the same where the metre speaks for other styles than pop
_PLAIN = ("pop",)
_BARE_COST = 1.2  # of power chords and bare diminished triads where no style asks for them
_CUT_COST = 4.0  # of a progression that has no room in the bars that are wanted
_DICE = 0.45  # scale of the Gumbel noise: how far chance may turn the order over
_DICE_IN_A_MOOD = 0.35  # the same where a mood is named, and the whole shelf is there to meet it
_MOST_CHANGES = 2


@dataclass(frozen=True)
class Wish:
    """What is wanted of a progression; ``None`` or empty is "anything".

    Parameters
    ----------
    place : tuple of (float, float) or None
        Valence and arousal.
    moods : mapping of str to float
        Weights by mood.
    style : str or None
        Where it should be at home.
    without : frozenset of str
        Styles that are not wanted.
    family : {"major", "minor"} or None
        Of the key.
    mode : str or None
        Of the key.
    surprise : float
        0.0 the commonest, 1.0 the rarest.
    density : float or None
        How often chords change: see `chords_a_bar`.
    bars : int or None
        Room for it; None for as much as it needs.
    plain : tuple of str
        Where it should be at home where no style is wanted.
    """

    place: tuple[float, float] | None = None
    moods: Mapping[str, float] | None = None
    style: str | None = None
    without: frozenset[str] = frozenset()
    family: Family | None = None
    mode: str | None = None
    surprise: float = 0.3
    density: float | None = None
    bars: int | None = None
    plain: tuple[str, ...] = _PLAIN


def chords_a_bar(density: float) -> float:
    """Say how many chords a bar a density means: 0.0 one in two bars, 0.5 one, 1.0 two."""
    return float(2.0 ** (2.0 * density - 1.0))


@dataclass(frozen=True, slots=True)
class Choice:
    """A progression to offer.

    Parameters
    ----------
    progression : Progression
        As on the shelf.
    bars : tuple of Bar
        In the mode that is wanted.
    place : tuple of (float, float)
        Its valence and arousal.
    distance : float
        From the mood that is wanted; 0.0 where none is.
    changes : int
        Substitutions to make so that it differs from one offered before.
    """

    progression: Progression
    bars: tuple[Bar, ...]
    place: tuple[float, float]
    distance: float
    changes: int = 0


def choose(library: Library, wish: Wish, rng: np.random.Generator) -> Iterator[Choice]:
    """Offer progressions.

    Parameters
    ----------
    library : Library
        The shelf.
    wish : Wish
        What is wanted.
    rng : numpy.random.Generator
        The dice: drawn once, so that the order does not depend on how many are taken.

    Yields
    ------
    Choice
        Those at home in the style, the same again with one and two substitutions, then the
        others in the same way.
    """
    rated, distances = _rate(library, wish)
    dice = _DICE if wish.place is None or wish.style else _DICE_IN_A_MOOD
    rated += dice * rng.gumbel(size=len(rated))
    order = np.argsort(-rated, kind="stable")
    fitting = order[_fitting(library, wish)[order]]
    homes = library.homes[fitting]
    home = homes == (wish.style or homes)
    for places, changes in product((fitting[home], fitting[~home]), range(_MOST_CHANGES + 1)):
        for place in places.tolist():
            progression = library.progressions[place]
            bars = _said_in(progression.bars, progression.family, wish.mode)
            if bars:
                valence, arousal = library.places[place].tolist()
                distance = float(distances[place])
                yield Choice(progression, bars, (valence, arousal), distance, changes)


def _fitting(library: Library, wish: Wish) -> NDArray[np.bool_]:
    """Find the progressions that are of the family, and of no style that is not wanted."""
    kept = ~np.isin(library.homes, list(wish.without))
    if wish.family is not None:
        kept &= library.minor == (wish.family == "minor")
    return kept


@lru_cache(maxsize=8192)
def _said_in(bars: tuple[Bar, ...], family: Family, mode: str | None) -> tuple[Bar, ...] | None:
    return in_mode(bars, Key(0, mode or family))


def _rate(library: Library, wish: Wish) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rate every progression, higher is better, and measure how far its mood is."""
    distances = np.zeros(len(library.progressions))
    rated = -_RARITY_COST * np.abs(library.rarity - wish.surprise)
    if wish.place is not None:
        distances = np.hypot(*(library.places - np.array(wish.place)).T)
        rated -= _FAR_COST * distances
    if wish.moods:
        weights = np.zeros(len(library.vocabulary.moods))
        names = list(library.vocabulary.moods)
        for mood, weight in wish.moods.items():
            for tag in library.vocabulary.tags[mood]:
                weights[names.index(tag)] += weight
        rated += _TAG_GAIN * (library.tags @ weights) / np.abs(weights).sum()
    if wish.style is None:
        cost = _NEIGHBOUR_COST if wish.plain == _PLAIN else _STRANGER_COST
        rated -= np.where(np.isin(library.homes, wish.plain), 0.0, cost)
        rated -= np.where(library.bare, _BARE_COST, 0.0)
    if wish.bars is not None:
        rated -= np.where(library.lengths > wish.bars, _CUT_COST, 0.0)
    return rated, distances
