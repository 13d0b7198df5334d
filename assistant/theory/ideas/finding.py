"""Where ideas come from: the shelf, what was learned, or the chords and the melody of the song."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, count
from typing import Protocol
from zlib import crc32

import numpy as np

from assistant.settings import Bars
from assistant.theory.harmony.change import Change, Suits, any_suits, change
from assistant.theory.harmony.colour import Colour, colour_for, dress
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.ideas.answering import Answerer, Path
from assistant.theory.ideas.choice import Choice, Wish, choose
from assistant.theory.ideas.dressing import dressed
from assistant.theory.ideas.habit import rhythm_of
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.invention import LENGTH, invent
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.offering import after_others
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.rubbing import Rubbing
from assistant.theory.ideas.song import Song
from assistant.theory.ideas.variation import vary
from assistant.theory.ideas.ways import Way, gaps_of
from assistant.theory.prompt.affect import affect_of

__all__ = ["PLAIN_STYLE", "Asked", "Finder"]

PLAIN_STYLE = "pop"
"""The style where nobody says."""

_EVERY_LEARNED = 3  # of new ideas one in so many is drawn from the learned model
_NEAR_LEARNED = frozenset({"pop", "rock", "soul", "folk", "country"})  # what it was learned from
_TRIPLE, _IN_THREE = 3, ("folk", "classical")  # beats, and where songs in three are at home
_MINOR_SHARE = 0.35  # of ideas that are drawn where nobody says major or minor
_DICE_OF_MODELS = 1 << 20  # apart from those of the suggestions


class Asked(Protocol):
    """The settings that say what to find."""

    @property
    def bars(self) -> int | None:
        """Length of what is new; None for 8, or as a named form lasts."""

    @property
    def ending(self) -> Ending:
        """How it should end."""

    @property
    def within(self) -> Bars | None:
        """Bars to write anew."""

    @property
    def keep_bars(self) -> Bars | None:
        """Bars that must stay; the others are written anew."""

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
        rng = self.dice_of(_DICE_OF_MODELS + crc32(self._style.encode()))
        found = self._found(dice, rng)
        if self.way in {"vary", "voice"}:
            yield from found
            return
        as_they_were: list[Idea] = []
        for idea in found:
            made, changed = self._made_over(idea, rng)
            if changed or self.way == "new":
                yield made
            else:
                as_they_were.append(made)
        yield from as_they_were

    @property
    def _style(self) -> str:
        """The style of the chords that is asked for; ``""`` where none is."""
        return self.plan.wish.style or self.plan.feel or ""

    @property
    def _wish(self) -> Wish:
        """What is wanted of a progression: that it has room, and is at home where nobody says."""
        metre = self.plan.meter
        triple = metre is not None and metre.numerator == _TRIPLE
        wish = replace(self.plan.wish, bars=self.asked.bars)
        return replace(wish, plain=_IN_THREE) if triple else wish

    def _made_over(self, idea: Idea, rng: np.random.Generator) -> tuple[Idea, bool]:
        """Dress and change the bars that are new, as far as the melody of the song lets them.

        Returns
        -------
        Idea
            The idea then.
        bool
            Whether it could be changed as was asked; those that could not come last.
        """
        suits = self._suits(idea)
        bars, done = change(self._coloured(idea, suits), idea.key, self.asked.change, rng, suits)
        as_asked = bool(done) or self.asked.change == "none"
        if bars == idea.bars:
            return idea, as_asked
        made = replace(idea, bars=bars, changes=(*idea.changes, *done))
        if idea.bits is None:
            return made, as_asked
        new = [bar for place, bar in enumerate(bars) if idea.is_fresh(place)]
        return replace(made, bits=self.answerer(idea.key).labelling.bits_of(new)), as_asked

    def _suits(self, idea: Idea) -> Suits:
        """Tell what may stand where: only what is new changes, and rubs no longer than it did."""

        def suits(place: int, was: Bar, instead: Bar) -> bool:
            return idea.is_fresh(place) and self._clear(place, was, instead)

        return suits

    @cached_property
    def _clear(self) -> Suits:
        """Tell what may stand under the melody of the song."""
        song = self.song
        under = song and song.melody and self.way in {"harmonise", "replace", "vary"}
        return Rubbing(song).suits if song and under else any_suits

    def _found(self, dice: np.random.Generator, rng: np.random.Generator) -> Iterator[Idea]:
        """Find what was asked for, before it is changed."""
        asked, song = self.asked, self.song
        if self.way == "new" or song is None:
            yield from self._new(choose(self.library, self._wish, dice), rng)
        elif self.way == "vary":
            yield from self._varied(song, rng)
        elif self.way == "voice":
            yield from self._voiced(song)
        elif self.way == "continue":
            bars = asked.bars or LENGTH
            ideas = self.answerer(song.key).continued(song, bars, asked.ending, rng)
            yield from after_others(ideas, lambda idea: _again(song.bars, idea.bars))
        elif self.way == "replace":
            gaps, in_rhythm = gaps_of(asked, len(song.bars)), "rhythm" in asked.keep
            answerer = self.answerer(song.key)
            yield from answerer.filled(song, gaps, asked.ending, rng, in_rhythm=in_rhythm)
        else:
            paths = self.harmonise(song, rng)
            yield from self.answerer(song.key).harmonised(paths, asked.ending)

    def _coloured(self, idea: Idea, suits: Suits) -> tuple[Bar, ...]:
        """Dress the chords that are new: as was said, or under a melody as the style does."""
        if self.asked.complexity is None:
            colour = self._colour(self._style)
            if self.way != "harmonise" or colour is None:
                return idea.bars
            return dressed(idea.bars, idea.key, colour, suits)
        plain = tuple(
            dress((bar,), idea.key, "triads")[0] if idea.is_fresh(place) else bar
            for place, bar in enumerate(idea.bars)
        )
        return dressed(plain, idea.key, colour_for(self.asked.complexity), suits)

    def _colour(self, style: str) -> Colour | None:
        """Tell how chords are dressed that come from no style."""
        return self.plan.colour or (self.library.styles[style].colour if style else None)

    def _varied(self, song: Song, rng: np.random.Generator) -> Iterator[Idea]:
        """Change the chords of the song; where their rhythm is kept, then others in it."""
        asked = self.asked
        wanted = asked.change, asked.ending
        style = self.plan.feel or PLAIN_STYLE
        whole = Idea(song.bars, song.key, style, "", "")
        suits = self._suits(whole)
        ideas = vary(song.bars, song.key, wanted, style, rng, suits)
        if "rhythm" not in asked.keep:
            yield from (replace(idea, bars=self._coloured(idea, suits)) for idea in ideas)
            return
        if asked.change == "none" and asked.ending == "auto":
            gaps = (Bars(1, len(song.bars)),)
            answerer = self.answerer(song.key)
            ideas = chain(ideas, answerer.filled(song, gaps, "auto", rng, in_rhythm=True))
        for idea in ideas:
            bars = self._coloured(idea, suits)
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
        near = not self._style or self._style in _NEAR_LEARNED
        drawn = self._begun(rng) if near else iter(())
        for n in count(1):
            if n % _EVERY_LEARNED == 0:
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
            return
        family = plan.wish.family
        if family is None and plan.reading.place:
            family = affect_of(plan.reading.place).family
        family = family or ("minor" if rng.random() < _MINOR_SHARE else "major")
        answerer = self.answerer(plan.key_for(family))
        colour = self._colour(self._style)
        for idea in answerer.begun(self.asked.bars or LENGTH, self.asked.ending, rng):
            rich = dress(idea.bars, idea.key, colour) if colour else idea.bars
            yield replace(idea, bars=rich)


def _again(song: Sequence[Bar], bars: Sequence[Bar]) -> bool:
    """Tell whether some bars are the song, or its end, once more."""
    looped = all(bar == song[at % len(song)] for at, bar in enumerate(bars))
    return looped or tuple(bars) == tuple(song[-len(bars) :])
