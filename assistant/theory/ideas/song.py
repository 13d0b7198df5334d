"""What a song has already, as it was heard or typed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo
from assistant.settings import Bars
from assistant.theory.ear.grid import bar_starts, bars_in
from assistant.theory.ear.heard import HeardKey
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.bars_heard import Placed, bars_crowded, bars_heard
from assistant.theory.ideas.chart import read_chart
from assistant.theory.playing.rhythm import half_bar

__all__ = ["MAX_BARS", "Song", "bars_heard", "song_of"]

MAX_BARS = 2048
"""So many bars of a song are worked on."""

_LEFT_OUT_SHOWN = 8  # bars


class Listened(Protocol):
    """What was heard of a song: see `assistant.theory.ear.heard.Heard`."""

    @property
    def key(self) -> Key:
        """Its key."""

    @property
    def beats(self) -> float:
        """Its length in beats."""

    @property
    def chords(self) -> Sequence[Placed]:
        """Its chords; none where only a melody was heard."""

    @property
    def melody(self) -> Sequence[Note]:
        """Its tune."""

    @property
    def meters(self) -> Sequence[Meter]:
        """Its metre map."""

    @property
    def tempos(self) -> Sequence[Tempo]:
        """Its tempo map."""

    @property
    def keys(self) -> tuple[HeardKey, ...]:
        """Its keys, where it has several."""


@dataclass(frozen=True)
class Song:
    """What a song has already.

    Parameters
    ----------
    bars : tuple of Bar
        Its chords, numerals in `key`; none where it has only a melody.
    key : Key
        What the numerals count from.
    grid : tuple of Meter
        Its bars; none where its chords were typed alone.
    tempos : tuple of Tempo
        Its tempo map; none where its chords were typed alone.
    melody : tuple of Note
        Its tune; none where it has none.
    typed : bool
        Whether the chords were typed, not heard.
    silent : int
        Bars at its start in which nothing sounds yet.
    lead : tuple of Meter
        Bars before the first of the grid, left out by `sounding`.
    crowded : tuple of int
        Bars, counted from 1, that hold a chord more than is followed: one in each half.
    keys : tuple of HeardKey
        In order, where it has several, `key` among them; else none.
    """

    bars: tuple[Bar, ...]
    key: Key
    grid: tuple[Meter, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    melody: tuple[Note, ...] = ()
    typed: bool = False
    silent: int = 0
    lead: tuple[Meter, ...] = ()
    crowded: tuple[int, ...] = ()
    keys: tuple[HeardKey, ...] = ()

    def in_key(self, beat: float) -> bool:
        """Tell whether a beat is in the key that is worked in, of a song that has several."""
        here = [each.key for each in self.keys if each.start <= beat + 1e-6]
        return not here or here[-1] == self.key

    @property
    def parts(self) -> tuple[tuple[float, int, str], ...]:
        """List its keys, where it has several: beat, pitch class, and ``"maj"`` or ``"min"``."""
        return tuple((each.start, each.key.root, each.key.family[:3]) for each in self.keys)

    @property
    def tune(self) -> tuple[Note, ...]:
        """Its melody, as far as that is in the key that is worked in."""
        return tuple(note for note in self.melody if self.in_key(note.start))

    def ending(self) -> Song:
        """Leave out what comes before its last key, to go on from its end."""
        if not self.keys:
            return self
        first = bisect_left(self.grid, self.keys[-1].start - 1e-6, key=lambda bar: bar.beat)
        silent = max(0, self.silent - first)
        return replace(self, bars=self.bars[first:], grid=self.grid[first:], silent=silent, keys=())

    def sounding(self) -> Song:
        """Leave out the bars at the start in which nothing sounds, so that they stay empty."""
        if not self.silent:
            return self
        return replace(
            self,
            bars=self.bars[self.silent :],
            grid=self.grid[self.silent :],
            silent=0,
            lead=self.grid[: self.silent],
        )

    def begun(self, within: Bars | None) -> Song:
        """Leave those bars out, but not where bars are counted that shall be written anew."""
        if within is None:
            return self.sounding()
        return replace(self, silent=min(self.silent, within.first - 1))

    def led(self, score: Score) -> Score:
        """Count the bars that `sounding` left out in the metre map of what was made of the rest."""
        if not self.lead:
            return score
        bars = [*self.lead, *score.meters]
        runs = groupby(bars, key=lambda bar: (bar.numerator, bar.denominator))
        return replace(score, meters=tuple(next(run) for _, run in runs))

    @property
    def left_out(self) -> str:
        """Say which chords are not followed, without a stop; ``""`` where all are."""
        if not self.crowded:
            return ""
        shown = ", ".join(str(bar) for bar in self.crowded[:_LEFT_OUT_SHOWN])
        more = " ..." if len(self.crowded) > _LEFT_OUT_SHOWN else ""
        bars = "bar" if len(self.crowded) == 1 else "bars"
        return f"One chord in each half of a bar is followed; {bars} {shown}{more} held more"

    def halves(self) -> tuple[list[float], list[float]]:
        """Lay out the halves of its bars: where each starts and how long it is, in beats."""
        starts: list[float] = []
        lengths: list[float] = []
        for bar in self.grid:
            half = half_bar(bar)
            starts += [bar.beat, bar.beat + half]
            lengths += [half, bar.bar_beats - half]
        return starts, lengths

    def struck(self) -> tuple[Note, ...]:
        """Strike each chord of its bars in the key once, a beat long, from middle C on."""
        bars = [bar for place, bar in enumerate(self.bars)
                if place >= len(self.grid) or self.in_key(self.grid[place].beat)]  # fmt: skip
        chords = [realise(numeral, self.key) for bar in bars for numeral in bar]
        return tuple(
            Note(60.0 + pitch_class, float(at), 1.0)
            for at, chord in enumerate(chords)
            for pitch_class in chord.pitch_classes
        )


def song_of(typed: str, key: Key | None, heard: Listened | None) -> Song | None:
    """Bring together what was typed and what was heard.

    Parameters
    ----------
    typed : str
        Chords; ``""`` where none were. They go before those that were heard.
    key : Key or None
        As it was said.
    heard : Listened or None
        The context.

    Returns
    -------
    Song or None
        None where there is neither.

    Raises
    ------
    SettingError
        Where what was typed is no chart.
    MaterialError
        Where the song has too many bars.
    """
    grid: tuple[Meter, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    melody: tuple[Note, ...] = ()
    if heard is not None:
        _check_length(heard)
        grid = bar_starts(heard.meters, heard.beats)
        tempos, melody = tuple(heard.tempos), tuple(heard.melody)
        key = key or heard.key
    if typed.strip():
        chart = read_chart(typed, key)
        return Song(chart.bars, chart.key, grid, tempos, melody, typed=True)
    if heard is None or key is None:
        return None
    bars = bars_heard(heard.chords, grid, key) if heard.chords else ()
    crowded = bars_crowded(heard.chords, grid, bars, key) if bars else ()
    silent = _silent(heard, grid)
    keys = heard.keys if key in {each.key for each in heard.keys} else ()
    return Song(bars, key, grid, tempos, melody, silent=silent, crowded=crowded, keys=keys)


def _check_length(heard: Listened) -> None:
    count = bars_in(heard.meters, heard.beats)
    if count > MAX_BARS:
        shortest = min(heard.meters, key=lambda meter: meter.bar_beats)
        seen = f"{count:,.0f} bars, the shortest of {shortest.signature}"
        raise MaterialError(
            f"The song has {seen}; {MAX_BARS:,} are worked on. Give a part of it, or write it in"
            " longer bars."
        )


def _silent(heard: Listened, grid: Sequence[Meter]) -> int:
    """Count the bars before the one in which the first chord or note sounds."""
    starts = [each.start for each in heard.chords[:1]] + [note.start for note in heard.melody[:1]]
    if not starts:
        return 0
    return max(0, bisect_right(grid, min(starts) + 1e-6, key=lambda bar: bar.beat) - 1)
