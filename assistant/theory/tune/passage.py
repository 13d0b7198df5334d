"""Where in a song a tune is to be written: after it, as an answer, in its gaps or its place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

import numpy as np

from assistant.errors import SettingError
from assistant.material import Meter, Note
from assistant.settings import Bars
from assistant.theory.ear.heard import Heard
from assistant.theory.tune.frame import bar_lines, bars_until
from assistant.theory.tune.timing import STRAIGHT, Timing, timing_of

__all__ = ["DOINGS", "Asked", "Doing", "Passage", "find_passage"]

Doing: TypeAlias = Literal["auto", "new", "continue", "answer", "fill", "vary", "replace"]

DOINGS: tuple[Doing, ...] = get_args(Doing)

MAX_BARS = 64
_LEAD = 4  # bars of the song that a continuation looks back on
_NEEDS_TUNE = frozenset({"continue", "answer", "fill", "vary", "replace"})


class Asked(Protocol):
    """The settings that say where to write."""

    @property
    def do(self) -> str:
        """One of `DOINGS`."""

    @property
    def bars(self) -> int:
        """Bars of a new tune or a continuation."""

    @property
    def within(self) -> Bars | None:
        """Bars of the song to work on."""

    @property
    def keep_bars(self) -> Bars | None:
        """Bars of the song that stay; the others are worked on."""

    @property
    def keep(self) -> tuple[str, ...]:
        """What of the song stays as it is."""

    @property
    def change(self) -> str:
        """How it should become, ``"none"`` where as it is."""


@dataclass(frozen=True)
class Passage:
    """Where to write.

    Parameters
    ----------
    doing : str
        One of `DOINGS`, but not ``"auto"``.
    first : int
        The bar of the song at which the frame begins, counted from 0.
    free : tuple of bool
        Which bars of the frame are to be written.
    bars : tuple of Meter
        The bars of the frame, at their beats in the song.
    tune : tuple of Note
        The melody of the song.
    timing : Timing
        How the song plays its beats.
    """

    doing: Doing
    first: int
    free: tuple[bool, ...]
    bars: tuple[Meter, ...]
    tune: tuple[Note, ...] = ()
    timing: Timing = STRAIGHT

    @property
    def origin(self) -> float:
        """Where the frame begins, in beats."""
        return self.bars[0].beat

    @property
    def span(self) -> tuple[int, int]:
        """The first bar of the frame that is to be written, and the one after the last."""
        places = [place for place, free in enumerate(self.free) if free]
        return places[0], places[-1] + 1

    @property
    def said(self) -> str:
        """The bars that are written, counted from 1 in the song: ``"bars 9 to 16"``."""
        start, end = (place + self.first for place in self.span)
        return f"bar {end}" if end - start == 1 else f"bars {start + 1} to {end}"

    def slot(self, beat: float) -> int:
        """Find the slot of the frame that is nearest to a beat of the song, as the song swings."""
        return self.timing.slot(beat - self.origin)

    def kept_notes(self) -> tuple[Note, ...]:
        """List the notes of the melody that stay."""
        return tuple(note for note in self.tune if not self.rewrites(note))

    def rewrites(self, note: Note) -> bool:
        """Tell whether a note stands in a bar that is to be written."""
        place = _bar_of(note.start, [bar.beat for bar in self.bars])
        inside = note.start < self.bars[-1].beat + self.bars[-1].bar_beats - 1e-6
        return place >= 0 and inside and self.free[place]


def find_passage(asked: Asked, heard: Heard | None, meter: Meter) -> Passage:
    """Find where to write.

    Parameters
    ----------
    asked : Asked
        The settings.
    heard : Heard or None
        What the song tells, where there is one.
    meter : Meter
        The metre where there is none.

    Returns
    -------
    Passage
        Where.

    Raises
    ------
    SettingError
        Where there is nothing to work on, or settings contradict each other.
    """
    if heard is None:
        _refuse_without_song(asked)
        count = asked.bars
        return Passage("new", 0, (True,) * count, bar_lines((meter,), 0, count))
    meters = heard.meters or (heard.meter,)
    tune = heard.melody
    doing = _doing(asked, tune, meters)
    _check(asked, doing, tune)
    first, free = _free(asked, doing, heard, meters)
    if len(free) > 2 * MAX_BARS:
        raise SettingError(
            f"{doing} would work on {len(free)} bars; say within which, such as 1-8."
        )
    lines = bar_lines(meters, first, len(free))
    return Passage(doing, first, free, lines, tune, timing_of(tune, meters))


def _refuse_without_song(asked: Asked) -> None:
    if asked.do in _NEEDS_TUNE:
        raise SettingError(f"do is {asked.do!r}, which needs a song with a melody to work on.")
    if asked.keep:
        raise SettingError(
            f"keep is {', '.join(asked.keep)}, but there is no song to keep it from."
        )
    for name in ("within", "keep_bars"):
        if getattr(asked, name) is not None:
            raise SettingError(f"{name} names bars, but there is no song that has any.")


def _doing(asked: Asked, tune: Sequence[Note], meters: Sequence[Meter]) -> Doing:
    """Choose what to do, where nobody says."""
    named: Doing = next(doing for doing in DOINGS if doing == asked.do)
    if named != "auto":
        return named
    if not tune:
        return "new"
    if asked.change != "none":
        return "vary"
    if asked.within is not None or asked.keep_bars is not None or "rhythm" in asked.keep:
        return "fill" if "melody" in asked.keep else "replace"
    return "fill" if _gaps(tune, meters) else "continue"


def _check(asked: Asked, doing: Doing, tune: Sequence[Note]) -> None:
    if doing in _NEEDS_TUNE and not tune:
        raise SettingError(f"do is {doing!r}, but no melody was heard in the song.")
    if "rhythm" in asked.keep and doing not in {"vary", "replace"}:
        raise SettingError(f"keep names the rhythm, which {doing!r} has none of to keep.")
    if "melody" in asked.keep and doing in {"vary", "replace"}:
        raise SettingError(
            f"keep names the melody, but {doing!r} would change it; say one of them."
        )
    _check_bars(asked, doing)


def _check_bars(asked: Asked, doing: Doing) -> None:
    """Refuse bars that are named where what is done chooses its own, and bars named twice."""
    if asked.within is not None and asked.keep_bars is not None:
        raise SettingError("within and keep_bars both name bars; say one of them.")
    chosen = {"continue", "answer"} | ({"new"} if asked.keep_bars else set())
    for name in ("within", "keep_bars"):
        if getattr(asked, name) is not None and doing in chosen:
            raise SettingError(f"do is {doing!r}, but {name} names bars; say one of them.")


def _free(
    asked: Asked, doing: Doing, heard: Heard, meters: Sequence[Meter]
) -> tuple[int, tuple[bool, ...]]:
    """Lay out the frame: its first bar, and which of its bars are to be written."""
    last = _bars_until(heard.melody, meters) if heard.melody else 0
    _check_end(asked, max(last, math.ceil(heard.bars - 1e-6)))
    if doing in {"continue", "answer"}:
        lead = min(_LEAD, last)
        lead = 2 ** int(math.log2(lead)) if doing == "answer" else lead
        count = lead if doing == "answer" else asked.bars
        return last - lead, (False,) * lead + (True,) * count
    if doing == "new":
        begins, ends = _within(asked.within, 0, asked.bars)
        return begins, (True,) * (ends - begins)
    wanted = _gaps(heard.melody, meters) if doing == "fill" else list(range(last))
    begins, ends = _within(asked.within, 0, max(last, 1))
    stays = _within(asked.keep_bars, 0, max(last, 1)) if asked.keep_bars else (0, 0)
    wanted = [bar for bar in wanted if begins <= bar < ends and not stays[0] <= bar < stays[1]]
    if not wanted:
        named = "the other bars" if asked.keep_bars else "the melody"
        where = f"bars {begins + 1} to {ends}" if asked.within else named
        raise SettingError(f"do is {doing!r}, but there is nothing to {doing} in {where}.")
    first = max(0, wanted[0] - _LEAD) // 2 * 2
    end = max(wanted[-1] + 1, min(last, wanted[-1] + 3))
    return first, tuple(bar in wanted for bar in range(first, end))


def _check_end(asked: Asked, last: int) -> None:
    """Refuse bars after the end of the song."""
    for name in ("within", "keep_bars"):
        bars: Bars | None = getattr(asked, name)
        if bars is not None and bars.last > last:
            raise SettingError(
                f"{name} is {bars.first}-{bars.last}, but the song ends with bar {last}."
            )


def _within(within: Bars | None, first: int, last: int) -> tuple[int, int]:
    if within is None:
        return first, last
    return within.first - 1, within.last


def _bars_until(tune: Sequence[Note], meters: Sequence[Meter]) -> int:
    """Count the bars until the end of a melody; a note that hangs over by a beat adds none."""
    end = max(note.end for note in tune)
    begun = max(note.start for note in tune)
    lines = bars_until(meters, end)
    last = next(
        place
        for place, bar in enumerate(lines)
        if begun < bar.beat + bar.bar_beats - 1e-6 and end <= bar.beat + bar.bar_beats + 1.0 + 1e-6
    )
    return last + 1


def _gaps(tune: Sequence[Note], meters: Sequence[Meter]) -> list[int]:
    """Find the bars within a melody in which nothing of it sounds."""
    count = _bars_until(tune, meters)
    starts = [bar.beat for bar in bar_lines(meters, 0, count)]
    sounding: set[int] = set()
    for note in tune:
        sounding.update(range(_bar_of(note.start, starts), _bar_of(note.end - 1e-3, starts) + 1))
    begun = _bar_of(tune[0].start, starts)
    return [bar for bar in range(begun, count) if bar not in sounding]


def _bar_of(beat: float, starts: Sequence[float]) -> int:
    return int(np.searchsorted(starts, beat + 1e-6, side="right")) - 1
