"""Words set to a rhythm: heavy syllables on heavy beats, lines that end long, room to breathe.

A line is laid out by dynamic programming over the sixteenths of its bars: each syllable has a
place that suits its stress, each step to the next a length that suits the pace. Leanings drawn by
lot for the places of a bar give other rhythms, the same in every bar, as a tune has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.material import Meter
from assistant.theory.verse.accents import BEAT, accents
from assistant.theory.verse.lyrics import Line, Lyrics, Word
from assistant.theory.verse.pacing import SIXTEENTH_S, Pace, Room, room_of, share_out
from assistant.theory.verse.syllables import STRONG, WEAK

__all__ = ["Declamation", "Syllable", "declaim", "set_lyrics"]

_PLACES = {
    STRONG: np.array([6.0, 4.0, 0.3, 0.0, 0.0]),
    1: np.array([0.9, 0.2, 0.0, 0.1, 0.3]),
    WEAK: np.array([0.3, 0.0, 0.6, 1.1, 1.6]),
}
_LIGHT = 0.6
_UNEVEN = 0.35  # a step of an odd number of sixteenths
_LEANING = 0.5
_FOREVER = 1e9


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable in its place.

    Parameters
    ----------
    text : str
        As it was written.
    word_index : int
        Which word of all it belongs to.
    stress : int
        0 weak, 1 even, 2 strong.
    start, length : int
        In sixteenths from the first bar line; below 0 is an upbeat to the first bar.
    begins_word, ends_word : bool
        Whether it is the first, the last of its word.
    line : int
        Which line it belongs to.
    ends_line : bool
        Whether it is the last of its line.
    notes : int
        How many notes there is time for: 1, or more for a melisma.
    """

    text: str
    word_index: int
    stress: int
    start: int
    length: int
    begins_word: bool
    ends_word: bool
    line: int = 0
    ends_line: bool = False
    notes: int = 1


@dataclass(frozen=True)
class Declamation:
    """The rhythm of the words.

    Parameters
    ----------
    syllables : tuple of Syllable
        In order of start; none begins before the one before has ended.
    meter : Meter
        Of the bars.
    bars : int
        How many there are.
    bpm : float
        Quarter notes a minute.
    cost : float
        How much was given up, a syllable; less is better.
    said : tuple of str
        What the musician is to know.
    """

    syllables: tuple[Syllable, ...]
    meter: Meter
    bars: int
    bpm: float
    cost: float
    said: tuple[str, ...] = ()

    @cached_property
    def stressed(self) -> int:
        """Number of strong syllables; none where nothing tells the stress."""
        return sum(one.stress == STRONG for one in self.syllables)

    @cached_property
    def on_beat(self) -> float:
        """Share of the strong syllables that fall on a beat, 0.0 to 1.0."""
        weights = accents(self.meter)
        strong = [one for one in self.syllables if one.stress == STRONG]
        kept = sum(weights[one.start % len(weights)] >= BEAT for one in strong)
        return kept / len(strong) if strong else 1.0

    @cached_property
    def fastest(self) -> float:
        """Syllables a second where they follow each other most quickly."""
        starts = [one.start for one in self.syllables]
        steps = [later - start for start, later in pairwise(starts)]
        return self.bpm / SIXTEENTH_S / min(steps) if steps else 0.0

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What is written below each syllable; ``"-"`` at its end where the word goes on."""
        texts = ((one.text.rstrip("-"), one.ends_word) for one in self.syllables)
        return tuple(text if ends else f"{text}-" for text, ends in texts)


@dataclass(frozen=True, slots=True)
class _Mood:
    """What a rhythm leans towards: the weights of a bar, likings for its places, its pace."""

    weights: NDArray[np.int_]
    leaning: NDArray[np.float64]
    stretch: float
    pace: Pace

    @property
    def bar(self) -> int:
        return len(self.weights)


def set_lyrics(
    lyrics: Lyrics,
    meter: Meter,
    pace: Pace,
    bars: int = 0,
    count: int = 1,
    rng: np.random.Generator | None = None,
) -> list[Declamation]:
    """Set words to several rhythms.

    Parameters
    ----------
    lyrics : Lyrics
        The words.
    meter : Meter
        Of all bars.
    pace : Pace
        Tempo and density.
    bars : int
        How many there are; 0 for as many as the words want.
    count : int
        How many rhythms, at most; fewer where the words leave no more choice.
    rng : numpy.random.Generator, optional
        Dice for all but the first, plainest one.

    Returns
    -------
    list of Declamation
        All different; the plainest first, then by cost.

    Raises
    ------
    SettingError
        Where the words do not fit into the bars.
    """
    plain = declaim(lyrics, meter, pace, bars)
    found = {tuple(one.start for one in plain.syllables): plain}
    dice = rng or np.random.default_rng(0)
    for _ in range(3 * (count - 1)):
        if len(found) >= count:
            break
        other = declaim(lyrics, meter, pace, bars, dice)
        found.setdefault(tuple(one.start for one in other.syllables), other)
    return [plain, *sorted(list(found.values())[1:], key=lambda one: one.cost)]


def declaim(
    lyrics: Lyrics,
    meter: Meter,
    pace: Pace,
    bars: int = 0,
    rng: np.random.Generator | None = None,
) -> Declamation:
    """Set words to one rhythm: the plainest, or one that the dice lean towards.

    Parameters
    ----------
    lyrics, meter, pace, bars, rng
        As for `set_lyrics`.

    Returns
    -------
    Declamation
        The same for the same words, bars and dice.

    Raises
    ------
    SettingError
        Where the words do not fit into the bars.
    """
    weights = np.array(accents(meter))
    share = share_out(lyrics.lines, len(weights), pace, bars)
    mood = _Mood(weights, np.zeros(len(weights)), 1.0, pace)
    if rng is not None:
        leaning = rng.normal(0.0, _LEANING, len(weights))
        mood = _Mood(weights, leaning, float(rng.uniform(0.75, 1.1)), pace)
    placed, cost = _lay_all(lyrics.lines, share, mood)
    tight = {share[one.line] for one in placed if not _held(one, weights)}
    if tight and not bars:  # lines as long as one whose stress misses the beats want more room
        share = [size * 2 if size in tight else size for size in share]
        placed, cost = _lay_all(lyrics.lines, share, mood)
    total = max(bars, sum(share))
    ended = _lengthened(placed, total * len(weights), pace)
    said = tuple(_remarks(bars, sum(share)))
    return Declamation(ended, meter, total, pace.bpm, cost / max(1, len(placed)), said)


def _lay_all(
    lines: Sequence[Line], share: Sequence[int], mood: _Mood
) -> tuple[list[Syllable], float]:
    """Lay out all lines, each in its share of the bars; the lengths are left open."""
    placed: list[Syllable] = []
    total = 0.0
    first = 0
    for index, (line, later) in enumerate(zip(lines, (*lines[1:], None), strict=True)):
        last = placed[-1].start if placed else None
        size = share[index] * mood.bar
        starts, cost = _lay_out(line, room_of(line, first, size, last, later, mood.pace), mood)
        placed += _syllables(line, starts, index, placed[-1].word_index + 1 if placed else 0)
        first += size
        total += cost
    return placed, total


def _held(one: Syllable, weights: NDArray[np.int_]) -> bool:
    """Tell whether a syllable is on a beat, if it is a strong one."""
    return one.stress != STRONG or bool(weights[one.start % len(weights)] >= BEAT)


def _remarks(bars: int, used: int) -> list[str]:
    if bars <= used:
        return []
    left = f"The last {bars - used} bars are" if bars > used + 1 else "The last bar is"
    return [f"{left} left without words."]


def _lay_out(line: Line, room: Room, mood: _Mood) -> tuple[list[int], float]:
    """Find the starts of the syllables of a line, and what they cost."""
    grid = np.arange(-room.before, room.size - room.reserve)
    weight, lean = mood.weights[grid % mood.bar], mood.leaning[grid % mood.bar]
    even = 0.85 * (room.size - room.reserve) / line.count
    usual = max(mood.pace.shortest, even) * mood.stretch
    shares = [_places(word, at) for word in line.words for at in range(len(word.parts))]
    steps = _steps(line, usual, mood.pace, len(grid))
    early = np.where(grid < 0, -0.05 * grid, 0.12 * grid) / usual
    best = shares[0][weight] + lean + early
    back: list[NDArray[np.int_]] = []
    for share, step in zip(shares[1:], steps, strict=True):
        reached = np.full((len(step), len(grid)), _FOREVER)
        for gap in range(1, len(step)):
            reached[gap, gap:] = best[:-gap] + step[gap]
        back.append(reached.argmin(axis=0))
        best = reached.min(axis=0) + share[weight] + lean
    best = best + 0.4 * np.log2((room.size - grid) / (2.2 * usual)) ** 2
    place = int(best.argmin())
    cost = float(best[place])
    starts = [place]
    for gaps in reversed(back):
        starts.append(starts[-1] - int(gaps[starts[-1]]))
    return [room.first + int(grid[at]) for at in reversed(starts)], cost


def _places(word: Word, at: int) -> NDArray[np.float64]:
    """Cost of a syllable on each weight of place."""
    cost = _PLACES[word.stress[at]]
    return cost * _LIGHT if len(word.parts) == 1 and word.stress[at] == WEAK else cost


def _steps(line: Line, usual: float, pace: Pace, size: int) -> list[NDArray[np.float64]]:
    """Cost of each distance from a syllable to the next, for every syllable but the last."""
    gaps = np.arange(min(size, max(6 * pace.shortest, round(4 * usual))))
    made = []
    for word in line.words:
        for at, level in enumerate(word.stress):
            breath = word.breath and at == len(word.stress) - 1
            wanted = usual * (1.15 if level == STRONG else 0.9) * (1.8 if breath else 1.0)
            cost = np.log2(np.maximum(gaps, 0.5) / wanted) ** 2 + _UNEVEN * (gaps % 2)
            cost[: min(len(gaps), pace.shortest * (2 if breath else 1))] = _FOREVER
            made.append(cost)
    return made[:-1]


def _syllables(line: Line, starts: Sequence[int], index: int, first_word: int) -> list[Syllable]:
    made: list[Syllable] = []
    for offset, word in enumerate(line.words):
        last = len(word.parts) - 1
        for at, (text, level) in enumerate(zip(word.parts, word.stress, strict=True)):
            start = starts[len(made)]
            syllable = Syllable(text, first_word + offset, level, start, 0, at == 0, at == last)
            breath = word.breath and at == last
            made.append(replace(syllable, line=index, notes=0 if breath else 1))
    made[-1] = replace(made[-1], ends_line=True, notes=0)
    return made


def _lengthened(placed: Sequence[Syllable], end: int, pace: Pace) -> tuple[Syllable, ...]:
    """Give each syllable its length: up to the next, but for a breath where one is taken."""
    held = max(4.0, 2.5 * pace.usual)
    made = []
    for index, one in enumerate(placed):
        until = placed[index + 1].start if index + 1 < len(placed) else end
        length = until - one.start
        if one.notes == 0:
            rest = max(1, min(4, length // 4)) if length > 1 else 0
            length = max(1, min(length - rest, round(held)))
        notes = 1 + int(length // max(4.0, 1.6 * pace.usual)) if one.stress == STRONG else 1
        made.append(replace(one, length=length, notes=min(4, notes)))
    return tuple(made)
