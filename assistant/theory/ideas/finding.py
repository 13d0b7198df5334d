"""Where ideas come from: the shelf, what was learned, or the chords and the melody of the song."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Protocol

import numpy as np

from assistant.settings import Bars
from assistant.theory.harmony.change import Change, change
from assistant.theory.harmony.colour import colour_for, dress
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.ideas.answering import Answerer, Path
from assistant.theory.ideas.choice import Choice, choose
from assistant.theory.ideas.following import rhythm_of
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.invention import invent
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import Song
from assistant.theory.ideas.variation import vary
from assistant.theory.ideas.ways import Way
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

    @property
    def complexity(self) -> float | None:
        """How many notes they should have, 0.0 to 1.0."""

    @property
    def keep(self) -> Collection[str]:
        """What of the song must stay."""


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
        What to do with it: one of `assistant.theory.ideas.ways.WAYS`, but not ``"auto"``.
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
        asked = self.asked
        rng = self.dice_of(_DICE_OF_MODELS)
        for idea in self._found(dice, rng):
            if self.way in {"vary", "voice"}:
                yield idea
                continue
            changed, done = change(self._coloured(idea), idea.key, asked.change, rng)
            yield replace(idea, bars=changed, changes=(*idea.changes, *done))

    def _found(self, dice: np.random.Generator, rng: np.random.Generator) -> Iterator[Idea]:
        """Find what was asked for, before it is changed."""
        asked, song = self.asked, self.song
        if self.way == "new" or song is None:
            yield from self._new(choose(self.library, self.plan.wish, dice), rng)
        elif self.way == "vary":
            yield from self._varied(song, rng)
        elif self.way == "voice":
            yield from self._voiced(song)
        elif self.way == "continue":
            yield from self.answerer(song.key).continued(song, asked.bars, asked.ending, rng)
        elif self.way == "replace" and asked.within:
            in_rhythm = "rhythm" in asked.keep
            yield from self.answerer(song.key).filled(song, asked.within, rng, in_rhythm=in_rhythm)
        else:
            yield from self.answerer(song.key).harmonised(self.harmonise(song, rng))

    def _coloured(self, idea: Idea) -> tuple[Bar, ...]:
        """Dress the chords that are new, where it was said how."""
        if self.asked.complexity is None:
            return idea.bars
        first, last = idea.fresh or (0, len(idea.bars))
        plain = dress(idea.bars[first:last], idea.key, "triads")
        dressed = dress(plain, idea.key, colour_for(self.asked.complexity))
        return (*idea.bars[:first], *dressed, *idea.bars[last:])

    def _varied(self, song: Song, rng: np.random.Generator) -> Iterator[Idea]:
        """Change the chords of the song; where their rhythm is kept, then others in it."""
        asked = self.asked
        wanted = asked.change, asked.ending
        ideas = vary(song.bars, song.key, wanted, self.plan.feel or PLAIN_STYLE, rng)
        if "rhythm" not in asked.keep:
            yield from (replace(idea, bars=self._coloured(idea)) for idea in ideas)
            return
        if asked.change == "none" and asked.ending == "auto":
            whole = Bars(1, len(song.bars))
            ideas = chain(ideas, self.answerer(song.key).filled(song, whole, rng, in_rhythm=True))
        for idea in ideas:
            bars = self._coloured(idea)
            if rhythm_of(bars) == rhythm_of(song.bars):
                yield replace(idea, bars=bars)

    def _voiced(self, song: Song) -> Iterator[Idea]:
        """Leave the chords as they are, to be played as one style and then another would."""
        first = self.plan.feel or PLAIN_STYLE
        for style in (first, *(name for name in self.library.styles if name != first)):
            source = f"your own chords, as {style} plays them"
            yield Idea(song.bars, song.key, style, f"your chords as {style}", source)

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
