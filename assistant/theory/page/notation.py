"""From played time to written notes: a grid, note values, ties, triplets and beams.

Each beat is written on the finer of the two grids that its notes are nearer to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil

from assistant.material import Note
from assistant.theory.page.bars import DIVISIONS, Bar, divisions, groups, strengths

__all__ = ["Symbol", "write"]

_SIXTEENTH, _TRIPLET = 3, 4
_ARTICULATION = 3  # a shorter gap before the next note is how it was played, not a rest
_HELD_OUT = 0.1  # of a note, that players leave off its end
_VALUES = {3: ("16th", 0), 6: ("eighth", 0), 9: ("eighth", 1), 12: ("quarter", 0),
           18: ("quarter", 1), 24: ("half", 0), 36: ("half", 1), 48: ("whole", 0),
           72: ("whole", 1)}  # fmt: skip
_TRIPLET_VALUES = {4: "eighth", 8: "quarter"}
_BEAMS = {"eighth": 1, "16th": 2}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One written note or rest.

    Parameters
    ----------
    start, length : int
        In divisions, from the start of the song.
    note : int or None
        Which note of the melody it belongs to; None for a rest.
    kind : str
        ``whole half quarter eighth 16th``.
    dots : int
        0 or 1.
    triplet : str
        ``start``, ``stop`` or ``inside`` a triplet, else ``""``.
    tied : tuple of (bool, bool)
        Whether a tie ends here, and whether one begins.
    beams : tuple of str
        Of eighths, then of sixteenths: ``begin continue end`` or a hook.
    """

    start: int
    length: int
    note: int | None
    kind: str
    dots: int = 0
    triplet: str = ""
    tied: tuple[bool, bool] = (False, False)
    beams: tuple[str, ...] = ()


def write(notes: Sequence[Note], bars: Sequence[Bar]) -> tuple[tuple[Symbol, ...], ...]:
    """Write a melody.

    Parameters
    ----------
    notes : sequence of Note
        In order of start, one at a time: each ends where the next begins, at the latest.
    bars : sequence of Bar
        Through which it runs.

    Returns
    -------
    tuple of tuple of Symbol
        Notes and rests of each bar, with no gap; an empty bar is one without symbols. A note so
        short that the grid has no place for it before the next is left out.
    """
    snap, triplets = _grid(notes, bars)
    heard = _sounding(notes, snap, bars[-1].end)
    starts, ends = [first for first, _, _ in heard], [last for _, last, _ in heard]
    written = []
    for bar in bars:
        here = heard[bisect_right(ends, bar.start) : bisect_left(starts, bar.end)]
        symbols = [symbol for one in here for symbol in _tied(*one, bar, triplets)]
        taken = [(max(first, bar.start), min(last, bar.end)) for first, last, _ in here]
        for first, last in _gaps(taken, bar) if taken else ():
            symbols += _pieces(first, last, None, bar, triplets)
        symbols.sort(key=lambda symbol: symbol.start)
        written.append(_beamed(_bracketed(symbols, bar), bar))
    return tuple(written)


def _tied(start: int, end: int, note: int, bar: Bar, triplets: frozenset[int]) -> Iterator[Symbol]:
    """Write what sounds of a note within a bar."""
    for piece in _pieces(max(start, bar.start), min(end, bar.end), note, bar, triplets):
        tied = piece.start > start, piece.start + piece.length < end
        yield replace(piece, tied=tied) if any(tied) else piece


def _grid(
    notes: Sequence[Note], bars: Sequence[Bar]
) -> tuple[Callable[[float], int], frozenset[int]]:
    """Choose the grid of each beat; only quarter notes divide into triplets.

    Returns
    -------
    callable
        Moves a place in divisions to the grid of its beat.
    frozenset of int
        The beats that are triplets, by where they start.
    """
    starts = [bar.start for bar in bars]

    def beat(place: float) -> int:
        bar = bars[max(0, bisect_right(starts, place) - 1)]
        return bar.start + int(place - bar.start) // DIVISIONS * DIVISIONS

    onsets: dict[int, list[float]] = {}
    for note in notes:
        place = note.start * DIVISIONS
        bar = bars[max(0, bisect_right(starts, place) - 1)]
        if bar.meter.denominator == 4 and beat(place) + DIVISIONS <= bar.end:
            onsets.setdefault(beat(place), []).append(place)
    triplets = frozenset(at for at, places in onsets.items() if _in_three(at, places))

    def snap(place: float) -> int:
        at = beat(place)
        step = _TRIPLET if at in triplets else _SIXTEENTH
        return at + round((place - at) / step) * step

    return snap, triplets


def _in_three(beat: int, places: Sequence[float]) -> bool:
    """Tell whether the notes of a beat lie nearer to its thirds than to its quarters."""

    def off(step: int) -> float:
        return sum(abs((place - beat) / step - round((place - beat) / step)) * step
                   for place in places)  # fmt: skip

    return off(_TRIPLET) < off(_SIXTEENTH) - 0.25 * len(places)


def _sounding(
    notes: Sequence[Note], snap: Callable[[float], int], end: int
) -> list[tuple[int, int, int]]:
    """Put notes on the grid, one at a time: start, end, and which note it is."""
    starts = [snap(note.start * DIVISIONS) for note in notes]
    heard: list[tuple[int, int, int]] = []
    for index, note in enumerate(notes):
        following = starts[index + 1] if index + 1 < len(notes) else end
        stop = max(snap(_written_end(note)), snap(starts[index] + _TRIPLET))
        if following - stop <= _ARTICULATION:
            stop = following
        stop = min(stop, following, end)
        if stop > starts[index]:
            heard.append((starts[index], stop, index))
    return heard


def _written_end(note: Note) -> float:
    """Find where a note would end if it were held out: on the next beat, where that is near."""
    place = note.end * DIVISIONS
    beat = ceil(place / DIVISIONS) * DIVISIONS
    return beat if beat - place <= _HELD_OUT * note.length * DIVISIONS else place


def _gaps(taken: Sequence[tuple[int, int]], bar: Bar) -> Iterator[tuple[int, int]]:
    edges = [(bar.start, bar.start), *taken, (bar.end, bar.end)]
    return ((end, start) for (_, end), (start, _) in pairwise(edges) if start > end)


def _pieces(
    start: int, end: int, note: int | None, bar: Bar, triplets: frozenset[int]
) -> list[Symbol]:
    """Split a stretch of a bar into values that can be written."""
    cuts = {start, end}
    for beat in triplets:
        cut_short = beat < start < beat + DIVISIONS or beat < end < beat + DIVISIONS
        if cut_short:
            cuts |= {edge for edge in (beat, beat + DIVISIONS) if start < edge < end}
    pieces: list[Symbol] = []
    for first, last in pairwise(sorted(cuts)):
        beat = first - (first - bar.start) % DIVISIONS
        if beat in triplets and last - first in _TRIPLET_VALUES:
            kind = _TRIPLET_VALUES[last - first]
            pieces.append(Symbol(first, last - first, note, kind, triplet="inside"))
        else:
            pieces += _plain(first, last, note, bar)
    return pieces


def _plain(start: int, end: int, note: int | None, bar: Bar) -> list[Symbol]:
    """Write a stretch so that the strong places of the bar can be seen.

    A note may hide a place that is one step stronger than both of its ends (a syncopation), a
    rest none.
    """
    meter = bar.meter
    whole = divisions(meter.bar_beats)
    lead = whole - bar.length if bar.number == 0 else 0  # an upbeat fills the end of a bar
    strength = strengths(meter)
    ends = [strength.get((place - bar.start + lead) % whole, 0) for place in (start, end)]
    inside = range(start - start % _SIXTEENTH + _SIXTEENTH, end, _SIXTEENTH)
    levels = [strength.get((place - bar.start + lead) % whole, 0) for place in inside]
    hidden = max(levels, default=0)
    if end - start in _VALUES and hidden - max(ends) <= (1 if note is not None else 0):
        kind, dots = _VALUES[end - start]
        return [Symbol(start, end - start, note, kind, dots)]
    strongest = [place for place, level in zip(inside, levels, strict=True) if level == hidden]
    cut = strongest[-1] if ends[0] >= ends[1] else strongest[0]
    return [*_plain(start, cut, note, bar), *_plain(cut, end, note, bar)]


def _bracketed(symbols: Sequence[Symbol], bar: Bar) -> list[Symbol]:
    """Open a bracket at the first note of each triplet and close it at the last."""
    done: list[Symbol] = []
    for (_, inside), group in groupby(
        symbols, key=lambda one: ((one.start - bar.start) // DIVISIONS, bool(one.triplet))
    ):
        members = list(group)
        if inside:
            members[0] = replace(members[0], triplet="start")
            members[-1] = replace(members[-1], triplet="stop")
        done += members
    return done


def _beamed(symbols: Sequence[Symbol], bar: Bar) -> tuple[Symbol, ...]:
    """Join the flags of neighbours within a beat."""
    edges = [bar.start]
    for length in groups(bar.meter.numerator, bar.meter.denominator):
        edges.append(edges[-1] + length)

    def run(symbol: Symbol) -> tuple[int, bool]:
        flagged = symbol.note is not None and symbol.kind in _BEAMS
        return bisect_right(edges, symbol.start), flagged

    done: list[Symbol] = []
    for (_, flagged), group in groupby(symbols, key=run):
        members = list(group)
        done += _joined(members) if flagged and len(members) > 1 else members
    return tuple(done)


def _joined(members: Sequence[Symbol]) -> list[Symbol]:
    last = len(members) - 1
    short = [_BEAMS[symbol.kind] > 1 for symbol in members]
    joined = []
    for place, symbol in enumerate(members):
        beams = ["begin" if place == 0 else "end" if place == last else "continue"]
        if short[place]:
            before = place > 0 and short[place - 1]
            after = place < last and short[place + 1]
            hook = "backward hook" if place else "forward hook"
            beams.append(
                "continue" if before and after else "end" if before else "begin" if after else hook
            )
        joined.append(replace(symbol, beams=tuple(beams)))
    return joined
