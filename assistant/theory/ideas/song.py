"""What a song has already, as it was heard or typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from assistant.material import Meter, Note, Tempo
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, numeral_of, realise
from assistant.theory.ideas.chart import read_chart
from assistant.theory.playing.rhythm import half_bar

__all__ = ["Song", "bar_starts", "bars_heard", "song_of", "walk_bars"]

_ENOUGH = 0.25  # share of half a bar that a chord must sound in it


class Placed(Protocol):
    """A chord with its place in the song."""

    @property
    def start(self) -> float:
        """Where it begins, in beats."""

    @property
    def length(self) -> float:
        """How long it sounds, in beats."""

    @property
    def chord(self) -> Chord:
        """What sounds."""


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
    """

    bars: tuple[Bar, ...]
    key: Key
    grid: tuple[Meter, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    melody: tuple[Note, ...] = ()
    typed: bool = False

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
        """Strike each chord of its bars once, for a beat, in the octave of middle C."""
        chords = [realise(numeral, self.key) for bar in self.bars for numeral in bar]
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
    """
    grid: tuple[Meter, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    melody: tuple[Note, ...] = ()
    if heard is not None:
        grid = bar_starts(heard.meters, heard.beats)
        tempos, melody = tuple(heard.tempos), tuple(heard.melody)
        key = key or heard.key
    if typed.strip():
        chart = read_chart(typed, key)
        return Song(chart.bars, chart.key, grid, tempos, melody, typed=True)
    if heard is None or key is None:
        return None
    bars = bars_heard(heard.chords, grid, key) if heard.chords else ()
    return Song(bars, key, grid, tempos, melody)


def bar_starts(meters: Sequence[Meter], end: float) -> tuple[Meter, ...]:
    """Walk through the bars of a song.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0.
    end : float
        Where the song ends, in beats; the last bar may reach beyond.

    Returns
    -------
    tuple of Meter
        One for each bar, at the beat where the bar begins.
    """
    return tuple(takewhile(lambda bar: bar.beat < end - 1e-6, walk_bars(meters)))


def walk_bars(meters: Sequence[Meter]) -> Iterator[Meter]:
    """Walk through the bars of a song, and on after its end, without one.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0; a change within a bar counts from the next bar line.

    Yields
    ------
    Meter
        Each bar, at the beat where it begins.
    """
    beat, place = 0.0, 0
    while True:
        while place + 1 < len(meters) and meters[place + 1].beat <= beat + 1e-6:
            place += 1
        meter = meters[place]
        yield Meter(beat, meter.numerator, meter.denominator)
        beat += meter.bar_beats


def bars_heard(chords: Sequence[Placed], bars: Sequence[Meter], key: Key) -> tuple[Bar, ...]:
    """Say the chords of a song by bar, at most one in each half.

    Parameters
    ----------
    chords : sequence of Placed
        In order of start, at least one.
    bars : sequence of Meter
        As `bar_starts` gives them.
    key : Key
        What the numerals count from.

    Returns
    -------
    tuple of Bar
        As many; where nothing sounds the chord before goes on, or the first one is awaited.
    """
    said: list[Bar] = []
    before = numeral_of(chords[0].chord, key)
    for bar in bars:
        whole, half = bar.bar_beats, half_bar(bar)
        halves: list[Numeral] = []
        for start, length in ((bar.beat, half), (bar.beat + half, whole - half)):
            found = _most(chords, start, start + length)
            before = numeral_of(found, key) if found else before
            halves.append(before)
        said.append(tuple(dict.fromkeys(halves)))
    return tuple(said)


def _most(chords: Sequence[Placed], start: float, end: float) -> Chord | None:
    """Find the chord that sounds longest between two places; None where none does for long."""
    sounding: dict[Chord, float] = {}
    for each in chords:
        overlap = min(end, each.start + each.length) - max(start, each.start)
        if overlap > 0:
            sounding[each.chord] = sounding.get(each.chord, 0.0) + overlap
    if not sounding or max(sounding.values()) < _ENOUGH * (end - start):
        return None
    return max(sounding, key=lambda chord: sounding[chord])
