"""Ideas that answer a song: what continues it, what fills bars of it, what carries its melody.

What the learned models do reaches this module as small protocols, so that it knows music alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import exp, hypot, log2
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Bars
from assistant.theory.harmony.customs import Customs
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import label_of, numeral_said
from assistant.theory.harmony.mood import Moods
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, realise
from assistant.theory.ideas.choice import Wish, chords_a_bar
from assistant.theory.ideas.following import (
    Drawn,
    Draws,
    bars_said,
    ends_well,
    follow,
    rhythm_of,
    spans_of,
)
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.song import Song

__all__ = ["Answerer", "Path", "StyleModel"]

_DRAWS = 256
_PULL = 0.3  # what a bit of surprise at the first chord after a gap costs
_UNSEEN = 1e-3  # share of the changes that a change never seen is given
_HEARD = 64  # chords of the song that a model listens to
_NAMED = 2  # bars of the song that are named
_DRAWN_FIT = 0.9


class Recollection(Protocol):
    """What followed here before in the song."""

    @property
    def after(self) -> Sequence[str]:
        """The last chords, as many as have stood together before."""

    @property
    def followers(self) -> Mapping[str, int]:
        """How often each chord followed them."""


class StyleModel(Customs, Protocol):
    """A model of one style: see `assistant.models.next_chord.NextChord`."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """The chords it knows."""

    def listen(self, labels: Sequence[str], beats: Sequence[float] | None, mode: str, /) -> Any:
        """Hear a song until now."""

    def sample(
        self,
        song: Any,
        count: int,
        length: int,
        rng: np.random.Generator,
        /,
        *,
        allowed: NDArray[np.bool_] | None,
    ) -> Draws:
        """Let a song go on in many ways, with the chords of the vocabulary that are allowed."""


class Path(Protocol):
    """A harmonisation: see `assistant.models.paths.Path`."""

    @property
    def chords(self) -> Sequence[str]:
        """A label for each half of a bar."""

    @property
    def likelihood(self) -> float:
        """Logarithm of its probability, nats."""


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
        home = self._at_home()
        for drawn in self._drawn([], bars, ends_well(ending, self.key), rng, home):
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
        spans = self._spans(song.bars)
        recent = [chord for bar in song.bars[-_NAMED:] for chord in bar]
        last = " ".join(dict.fromkeys(realise(chord, self.key).symbol for chord in recent))
        before = self._listen(spans).memory_says()
        for drawn in self._drawn(spans, bars, ends_well(ending, self.key), rng):
            source = f"going on from your {last}{self._recalled(before, drawn.bars)}"
            yield self._idea(drawn, "going on from your song", source)

    def filled(
        self, song: Song, gap: Bars, rng: np.random.Generator, *, in_rhythm: bool = False
    ) -> Iterator[Idea]:
        """Write some bars of a song anew, to lead from what is before to what is after.

        Parameters
        ----------
        song : Song
            With chords.
        gap : Bars
            Which bars, counted from 1.
        rng : numpy.random.Generator
            The dice.
        in_rhythm : bool
            Whether chords should change where they did.

        Yields
        ------
        Idea
            The whole song; never with the bars that were there.
        """
        first, last = gap.first - 1, gap.last
        before, there, after = song.bars[:first], song.bars[first:last], song.bars[last:]
        onward = self._spans(after[:1])[0][0] if after else ""
        judge = self._leading_to(onward) if onward else ends_well("auto", self.key)
        where = f"bar {gap.first}" if len(there) == 1 else f"bars {gap.first} to {gap.last}"
        rhythm = rhythm_of(there) if in_rhythm else ()
        for drawn in self._drawn(self._spans(before), len(there), judge, rng, rhythm=rhythm):
            if drawn.bars != there:
                whole = replace(drawn, bars=(*before, *drawn.bars, *after))
                idea = self._idea(whole, f"{where} anew", f"{where} written anew")
                yield replace(idea, fresh=(first, last))

    def harmonised(self, paths: Sequence[Path]) -> Iterator[Idea]:
        """Carry a melody.

        Parameters
        ----------
        paths : sequence of Path
            From a harmoniser, best first.

        Yields
        ------
        Idea
            As many bars as the paths have, each different.
        """
        seen: set[tuple[Bar, ...]] = set()
        for path in self._at_pace(paths):
            bars = bars_said(path.chords, self.key)
            if bars in seen:
                continue
            seen.add(bars)
            held = [label for label, _ in groupby(path.chords)]
            valence, arousal = self.moods.of(held, self.key.family).tolist()
            drawn = Drawn(bars, self._bits(held), (valence, arousal))
            idea = self._idea(drawn, "for your melody", "found for your melody")
            yield replace(idea, fit=min(1.0, exp(path.likelihood / len(path.chords))))

    def _at_pace(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Put those first whose chords change about as often as is wanted."""
        if self.wish.density is None:
            return paths
        wanted = chords_a_bar(self.wish.density)

        def far(path: Path) -> float:
            changes = len(list(groupby(path.chords)))
            return abs(log2(2.0 * changes / len(path.chords) / wanted))

        return sorted(paths, key=far)

    def _drawn(
        self,
        spans: Sequence[tuple[str, float]],
        bars: int,
        judge: Callable[[str, str], float],
        rng: np.random.Generator,
        allowed: NDArray[np.bool_] | None = None,
        rhythm: Sequence[int] = (),
    ) -> Iterator[Drawn]:
        draws = self.model.sample(self._listen(spans), _DRAWS, 2 * bars, rng, allowed=allowed)
        yield from follow(
            draws, self.model.vocabulary, self.moods, self.key, self.wish, bars, judge, rhythm
        )

    def _at_home(self) -> NDArray[np.bool_]:
        """Tell which chords leave no doubt about the key: all but tonics of the other family."""
        numerals = [numeral_said(label, self.key) for label in self.model.vocabulary]
        minor = self.key.family == "minor"
        return np.array([
            numeral.degree != 1 or numeral.accidental != 0 or numeral.lower == minor
            for numeral in numerals
        ])  # fmt: skip

    def _listen(self, spans: Sequence[tuple[str, float]]) -> Any:
        recent = spans[-_HEARD:]
        labels, beats = [label for label, _ in recent], [length for _, length in recent]
        return self.model.listen(labels, beats, self.key.family[:3])

    def _spans(self, bars: Sequence[Bar]) -> list[tuple[str, float]]:
        return spans_of(bars, lambda bar: [self._label(chord) for chord in bar])

    def _label(self, chord: Numeral) -> str:
        """Label a chord as the model knows it: a quality that it never met as its plain triad."""
        label = label_of(realise(chord, self.key), self.key)
        if label in self.model.vocabulary:
            return label
        kind = "dim" if chord.diminished else "min" if chord.lower else "maj"
        return f"{label.partition(':')[0]}:{kind}"

    def _leading_to(self, onward: str) -> Callable[[str, str], float]:
        """Make a judge of how well a draw leads to the chord after a gap."""

        def judge(_start: str, end: str) -> float:
            if end == onward:
                return _PULL * log2(_UNSEEN) / 2.0
            share = self.model.followers(end).get(onward)
            return _PULL * log2(max(_UNSEEN, share.times if share else 0.0))

        return judge

    def _bits(self, labels: Sequence[str]) -> float:
        """Tell how unusual the changes between chords are, bits a chord."""
        shares = [self.model.followers(before).get(after) for before, after in pairwise(labels)]
        bits = [-log2(max(_UNSEEN, share.times if share else 0.0)) for share in shares]
        return sum(bits) / max(1, len(bits))

    def _recalled(self, before: Recollection, bars: Sequence[Bar]) -> str:
        """Say how often the song went this way before."""
        label = self._label(bars[0][0])
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
