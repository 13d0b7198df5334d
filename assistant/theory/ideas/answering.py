"""Ideas that answer a song: what continues it, what fills bars of it, what carries its melody.

What the learned models do reaches this module as small protocols, so that it knows music alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import exp, hypot

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Bars
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import numeral_said
from assistant.theory.harmony.mood import Moods
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.choice import Wish, chords_a_bar
from assistant.theory.ideas.following import (
    Around,
    Drawn,
    bars_said,
    ends_well,
    follow,
)
from assistant.theory.ideas.habit import Habit, habit_of, rhythm_of
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.labelling import Labelling
from assistant.theory.ideas.learned import Path, Recollection, StyleModel
from assistant.theory.ideas.paths import first_as_asked
from assistant.theory.ideas.rubbing import Rubbing
from assistant.theory.ideas.song import Song

__all__ = ["Answerer", "Path", "StyleModel"]

_DRAWS = 256
_NAMED = 2  # bars of the song that are named
_DRAWN_FIT = 0.9
_TEMPER = 0.5  # of a geometric mean over dozens of chords: about as often as musicians agree
_NEW_SONG = Habit(longest=4, off=0.25, fewest=3)


@dataclass(frozen=True)
class Answerer:
    """Who answers, and what is wanted.

    Parameters
    ----------
    key : Key
        The key.
    model : StyleModel
        What was learned of the style.
    style : str
        Name of the style.
    songs : str
        What the model was learned from: ``"pop songs"``.
    moods : Moods
        What mood chords tend to have.
    wish : Wish
        Mood and surprise.
    """

    key: Key
    model: StyleModel
    style: str
    songs: str
    moods: Moods
    wish: Wish

    @property
    def labelling(self) -> Labelling:
        """The chords as the model knows them."""
        return Labelling(self.key, self.model)

    def begun(self, bars: int, ending: Ending, rng: np.random.Generator) -> Iterator[Idea]:
        """Begin a song.

        Parameters
        ----------
        bars : int
            How long it should be.
        ending : {"auto", "loop", "close"}
            How it should end.
        rng : numpy.random.Generator
            The dice.

        Yields
        ------
        Idea
            Best first, each unlike those before.
        """
        source = f"drawn from what was learned of {self.songs}"
        habit = replace(_NEW_SONG, fewest=min(_NEW_SONG.fewest, (bars + 1) // 2))
        if self.wish.density is not None:
            habit = habit.paced(chords_a_bar(self.wish.density))
        judge = ends_well(ending, self.key)
        home = self.labelling.at_home()
        for drawn in self._drawn([], bars, judge, rng, Around(habit=habit, strict=True), home):
            yield self._idea(drawn, self.style, source)

    def continued(
        self, song: Song, bars: int, ending: Ending, rng: np.random.Generator
    ) -> Iterator[Idea]:
        """Go on from the end of a song.

        Parameters
        ----------
        song : Song
            With chords.
        bars, ending, rng
            As for `begun`.

        Yields
        ------
        Idea
            The bars that follow; best first, each unlike those before.
        """
        spans = self.labelling.spans(song.bars)
        recent = [chord for bar in song.bars[-_NAMED:] for chord in bar]
        last = " ".join(dict.fromkeys(realise(chord, self.key).symbol for chord in recent))
        before = self.labelling.listen(spans).memory_says()
        around = Around(habit=self._habit(song))
        for drawn in self._drawn(spans, bars, ends_well(ending, self.key), rng, around):
            source = f"going on from your {last}{self._recalled(before, drawn.bars)}"
            idea = self._idea(drawn, "going on from your song", source)
            yield replace(idea, fit=drawn.odds**_TEMPER)

    def filled(
        self,
        song: Song,
        gaps: Sequence[Bars],
        ending: Ending,
        rng: np.random.Generator,
        *,
        in_rhythm: bool = False,
    ) -> Iterator[Idea]:
        """Write some bars of a song anew, to lead from what is before to what is after.

        Parameters
        ----------
        song : Song
            With chords; what is new keeps clear of its melody.
        gaps : sequence of Bars
            Which bars, counted from 1, in order and apart.
        ending : {"auto", "loop", "close"}
            How the song should end, where its last bar is new.
        rng : numpy.random.Generator
            The dice.
        in_rhythm : bool
            Whether chords should change where they did.

        Yields
        ------
        Idea
            The whole song; never with the bars that were there.
        """
        fresh = tuple(
            any(gap.first <= bar <= gap.last for gap in gaps)
            for bar in range(1, len(song.bars) + 1)
        )
        where = " and ".join(
            f"bar {gap.first}" if gap.first == gap.last else f"bars {gap.first} to {gap.last}"
            for gap in gaps
        )
        found = [self._in_gap(song, gap, ending, rng, in_rhythm=in_rhythm) for gap in gaps]
        for parts in zip(*found, strict=False):
            bars = list(song.bars)
            for gap, part in zip(gaps, parts, strict=True):
                bars[gap.first - 1 : gap.last] = part.bars
            if tuple(bars) != song.bars:
                whole = _together(tuple(bars), parts)
                idea = self._idea(whole, f"{where} anew", f"{where} written anew")
                yield replace(idea, fit=whole.odds**_TEMPER, fresh=fresh)

    def _in_gap(
        self, song: Song, gap: Bars, ending: Ending, rng: np.random.Generator, *, in_rhythm: bool
    ) -> Iterator[Drawn]:
        """Write the bars of one gap; where nothing is before it, the song is heard as a loop."""
        first, last = gap.first - 1, gap.last
        before, there, after = song.bars[:first], song.bars[first:last], song.bars[last:]
        if after:
            judge = self.labelling.leading_to(self.labelling.spans(after[:1])[0][0])
        else:
            judge = self._ending(ending, before[:1])
        rubs = Rubbing(song).of_labels(self.model.vocabulary, self.key) if song.melody else None
        around = Around(
            rhythm_of(there) if in_rhythm else (),
            self._habit(song),
            None if rubs is None else rubs[2 * first : 2 * last],
        )
        spans = self.labelling.spans(before or after)
        for drawn in self._drawn(spans, len(there), judge, rng, around):
            if drawn.bars != there:
                yield drawn

    def _ending(self, ending: Ending, start: Sequence[Bar]) -> Callable[[str, str], float]:
        """Make a judge of an end that leads back to the start of the song, not of the gap."""
        judge = ends_well(ending, self.key)
        if not start:
            return judge
        head = self.labelling.spans(start)[0][0]
        return lambda _start, end: judge(head, end)

    def _habit(self, song: Song) -> Habit:
        habit = habit_of(song.bars)
        density = self.wish.density
        return habit if density is None else habit.paced(chords_a_bar(density))

    def harmonised(self, paths: Sequence[Path], ending: Ending = "auto") -> Iterator[Idea]:
        """Carry a melody.

        Parameters
        ----------
        paths : sequence of Path
            From a harmoniser, best first.
        ending : {"auto", "loop", "close"}
            How the chords should end; those that do come first.

        Yields
        ------
        Idea
            As many bars as the paths have, each different.
        """
        seen: set[tuple[Bar, ...]] = set()
        for path in first_as_asked(paths, ending, self.key, self.wish.density):
            bars = bars_said(path.chords, self.key)
            if bars in seen:
                continue
            seen.add(bars)
            held = [label for label, _ in groupby(path.chords)]
            valence, arousal = self.moods.of(held, self.key.family).tolist()
            drawn = Drawn(bars, self.labelling.bits(held), (valence, arousal))
            idea = self._idea(drawn, "for your melody", "found for your melody")
            odds = min(1.0, exp(path.likelihood / len(path.chords)))
            yield replace(idea, fit=odds**_TEMPER)

    def _drawn(
        self,
        spans: Sequence[tuple[str, float]],
        bars: int,
        judge: Callable[[str, str], float],
        rng: np.random.Generator,
        around: Around,
        allowed: NDArray[np.bool_] | None = None,
    ) -> Iterator[Drawn]:
        draws = self.model.sample(
            self.labelling.listen(spans), _DRAWS, 2 * bars, rng, allowed=allowed
        )
        yield from follow(
            draws, self.model.vocabulary, self.moods, self.key, self.wish, bars, judge, around
        )

    def _recalled(self, before: Recollection, bars: Sequence[Bar]) -> str:
        """Say how often the song went this way before."""
        label = self.labelling.label(bars[0][0])
        times = before.followers.get(label, 0)
        if not times:
            return ""
        after, next_one = (
            " ".join(str(numeral_said(each, self.key)) for each in labels)
            for labels in (before.after[-_NAMED:], [label])
        )
        total = sum(before.followers.values())
        return f" (in your song {next_one} came after {after} {times} of {total} times)"

    def _idea(self, drawn: Drawn, title: str, source: str) -> Idea:
        wanted = self.wish.place
        distance = hypot(*np.subtract(drawn.place, wanted)) if wanted else 0.0
        return Idea(
            drawn.bars,
            self.key,
            self.style,
            title,
            source,
            place=drawn.place,
            distance=float(distance),
            fit=_DRAWN_FIT,
            bits=drawn.bits,
        )


def _together(bars: tuple[Bar, ...], parts: Sequence[Drawn]) -> Drawn:
    """Bring the draws for several gaps together: each weighs as many bars as it has."""
    weights = [len(part.bars) for part in parts]
    valence, arousal = np.average([part.place for part in parts], axis=0, weights=weights).tolist()
    bits, odds = (
        float(np.average(each, weights=weights))
        for each in ([part.bits for part in parts], [part.odds for part in parts])
    )
    return Drawn(bars, bits, (valence, arousal), odds)
