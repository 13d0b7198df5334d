"""Where ideas come from: the shelf, what was learned, or the chords and the melody of the song."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol

import numpy as np

from assistant.settings import Bars
from assistant.theory.harmony.change import Change, change
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.answering import Answerer, Path
from assistant.theory.ideas.choice import Choice, choose
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.invention import invent
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import Song, Way
from assistant.theory.ideas.variation import vary
from assistant.theory.prompt.affect import affect_of

__all__ = ["PLAIN_STYLE", "Asked", "Finder"]

PLAIN_STYLE = "pop"
"""The style where nobody says."""

_EVERY_LEARNED = 3  # of new ideas one in so many is drawn from the learned model
_MINOR_SHARE = 0.35  # of ideas that are drawn where nobody says major or minor
_DICE_OF_MODELS = 1 << 20  # apart from those of the suggestions


class Asked(Protocol):
    """The settings that say what to find."""

    @property
    def bars(self) -> int:
        """Length of what is new."""

    @property
    def ending(self) -> Ending:
        """How it should end."""

    @property
    def within(self) -> Bars | None:
        """Bars to write anew."""

    @property
    def change(self) -> Change:
        """How the chords should differ."""


@dataclass(frozen=True, eq=False)
class Finder:
    """Who finds ideas.

    Parameters
    ----------
    plan : Plan
        What is asked for.
    song : Song or None
        What there is already.
    way : str
        What to do with it: one of `assistant.theory.ideas.song.WAYS`, but not ``"auto"``.
    library : Library
        The shelf.
    asked : Asked
        The settings.
    answerer : callable
        Makes the one who answers in a key, with what was learned.
    harmonise : callable
        Finds chords for the melody of a song, with dice.
    dice_of : callable
        Returns the dice of a number: `assistant.contract.Context.rng`.
    """

    plan: Plan
    song: Song | None
    way: Way
    library: Library
    asked: Asked
    answerer: Callable[[Key], Answerer]
    harmonise: Callable[[Song, np.random.Generator], Sequence[Path]]
    dice_of: Callable[[int], np.random.Generator]

    def ideas(self, dice: np.random.Generator) -> Iterator[Idea]:
        """Think of ideas.

        Parameters
        ----------
        dice : numpy.random.Generator
            For the order of what is on the shelf.

        Yields
        ------
        Idea
            Best first; the same one may come twice.
        """
        asked, song = self.asked, self.song
        rng = self.dice_of(_DICE_OF_MODELS)
        if self.way == "vary" and song:
            wanted = asked.change, asked.ending
            yield from vary(song.bars, song.key, wanted, self.plan.feel or PLAIN_STYLE, rng)
            return
        for idea in self._found(dice, rng):
            changed, done = change(idea.bars, idea.key, asked.change, rng)
            yield replace(idea, bars=changed, changes=(*idea.changes, *done))

    def _found(self, dice: np.random.Generator, rng: np.random.Generator) -> Iterator[Idea]:
        """Find what was asked for, before it is changed."""
        asked, song = self.asked, self.song
        if self.way == "new" or song is None:
            yield from self._new(choose(self.library, self.plan.wish, dice), rng)
        elif self.way == "continue":
            yield from self.answerer(song.key).continued(song, asked.bars, asked.ending, rng)
        elif self.way == "replace" and asked.within:
            yield from self.answerer(song.key).filled(song, asked.within, rng)
        else:
            yield from self.answerer(song.key).harmonised(self.harmonise(song, rng))

    def _new(self, choices: Iterator[Choice], rng: np.random.Generator) -> Iterator[Idea]:
        """Take ideas from the shelf, and now and then one from what was learned."""
        form = (self.asked.bars, self.asked.ending)
        drawn: Iterator[Idea] | None = None
        for n in count(1):
            if n % _EVERY_LEARNED == 0:
                drawn = drawn or self._begun(rng)
                idea = next(drawn, None)
                if idea:
                    yield idea
                    continue
            choice = next(choices, None)
            if choice is None:
                return
            yield invent(choice, self.plan, self.library, form, self.dice_of(n))

    def _begun(self, rng: np.random.Generator) -> Iterator[Idea]:
        """Draw new ideas from what was learned: in major or minor, the modes it does not know."""
        plan = self.plan
        if plan.wish.mode:
            return iter(())
        family = plan.wish.family
        if family is None and plan.reading.place:
            family = affect_of(plan.reading.place).family
        family = family or ("minor" if rng.random() < _MINOR_SHARE else "major")
        answerer = self.answerer(plan.key_for(family))
        return answerer.begun(self.asked.bars, self.asked.ending, rng)
