"""The chords that a tune is written over: those asked for, those of the song, or some that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from assistant.errors import SettingError
from assistant.material import note_name
from assistant.theory.harmony.form import Ending, end, fit
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.progression import Bar
from assistant.theory.ideas.chart import read_chart
from assistant.theory.ideas.choice import choose
from assistant.theory.ideas.invention import invent
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import bars_heard
from assistant.theory.tune.frame import bars_until
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.score import chords_under

__all__ = ["Asked", "Harmony", "harmonies"]

_IDEAS = 3  # progressions that are tried where nobody says
_ENDINGS: dict[str, Ending] = {"auto": "auto", "open": "loop", "close": "close"}
_OUTSIDE = 0.15  # share of a melody that may lie outside a key that is said
_UNSAID = frozenset({"", "auto"})


class Asked(Protocol):
    """The settings that say which chords."""

    @property
    def key(self) -> str:
        """Such as ``"A minor"``, or ``""``."""

    @property
    def chords(self) -> str:
        """Such as ``"Am F C G"``, or ``""``."""

    @property
    def ending(self) -> str:
        """``"auto"``, ``"open"`` or ``"close"``."""

    @property
    def keep(self) -> tuple[str, ...]:
        """What of the song stays as it is."""


@dataclass(frozen=True)
class Harmony:
    """Chords under a frame.

    Parameters
    ----------
    bars : tuple of Bar
        Numerals in `key`, a bar each of the frame.
    key : Key
        The key.
    style : str
        Where they are at home; ``""`` where nobody knows.
    source : str
        Where they come from, in words that follow "over your chords": ``"as you wrote them"``.
    """

    bars: tuple[Bar, ...]
    key: Key
    style: str
    source: str


def harmonies(
    asked: Asked, plan: Plan, library: Library, passage: Passage, rng: np.random.Generator
) -> tuple[Harmony, ...]:
    """Find the chords under a frame.

    Parameters
    ----------
    asked : Asked
        The settings.
    plan : Plan
        What is asked for.
    library : Library
        The shelf.
    passage : Passage
        Where to write.
    rng : numpy.random.Generator
        The dice, where chords are chosen.

    Returns
    -------
    tuple of Harmony
        One where the chords are known, else some that fit, best first.

    Raises
    ------
    SettingError
        Where what is to be kept contradicts what is asked for.
    """
    _check(asked, plan, passage)
    start, stop = passage.span
    if asked.chords.strip():
        chart = read_chart(asked.chords, plan.key)
        bars, _ = fit(chart.bars, stop - start)
        return (_whole(bars, passage, plan, chart.key, "", "as you wrote them"),)
    if plan.heard is not None and plan.heard.chords and plan.key is not None:
        bars = _from_song(asked, plan, passage, plan.key)
        return (_whole(bars, passage, plan, plan.key, "", "as heard in your song"),)
    ending = _ENDINGS[asked.ending]
    ideas = (
        invent(choice, plan, library, (stop - start, ending), rng)
        for choice in choose(library, plan.wish, rng)
    )
    if passage.tune and passage.doing not in {"new", "continue", "answer"} and plan.key is not None:
        under = chords_under(passage.tune, passage.bars, plan.key)[start:stop]
        return (_whole(under, passage, plan, plan.key, "", "guessed from your melody"),)
    return tuple(
        _whole(idea.bars, passage, plan, idea.key, idea.style, idea.source)
        for idea in islice(ideas, _IDEAS)
    )


def _check(asked: Asked, plan: Plan, passage: Passage) -> None:
    heard = plan.heard
    if "chords" in asked.keep and (asked.chords.strip() or heard is None or not heard.chords):
        seen = "others are asked for" if asked.chords.strip() else "none were heard in the song"
        raise SettingError(f"keep names the chords, but {seen}.")
    if heard is None or asked.key.strip().lower() in _UNSAID:
        return
    key = plan.key or read_key(asked.key)
    if "key" in asked.keep and key.pitch_classes != heard.key.pitch_classes:
        raise SettingError(
            f"keep names the key, heard as {heard.key}, but key is '{key}'; say one of them."
        )
    outside = [note for note in passage.tune if round(note.pitch) % 12 not in key.pitch_classes]
    if "melody" in asked.keep and len(outside) > _OUTSIDE * len(passage.tune):
        names = ", ".join(dict.fromkeys(note_name(round(note.pitch)) for note in outside[:4]))
        raise SettingError(
            f"key is '{key}', but the melody that is kept holds {names}; say {heard.key} or let"
            " the melody go."
        )


def _from_song(asked: Asked, plan: Plan, passage: Passage, key: Key) -> tuple[Bar, ...]:
    """Take the chords of the song; where it has ended its last bars are played again."""
    heard = plan.heard
    if heard is None:
        return ()
    start, stop = (place + passage.first for place in passage.span)
    until = max(chord.start + chord.length for chord in heard.chords)
    lines = bars_until(heard.meters, until)
    count = len(lines)
    song = bars_heard(heard.chords, lines, key)
    loop = next((size for size in (8, 4, 2) if size <= count), 1)
    bars = tuple(
        song[bar] if bar < count else song[count - loop + (bar - count) % loop]
        for bar in range(start, stop)
    )
    if passage.doing in {"continue", "answer"} and asked.ending == "close":
        return end(bars, "close", key.mode, key.family)
    return bars


def _whole(
    bars: Sequence[Bar], passage: Passage, plan: Plan, key: Key, style: str, source: str
) -> Harmony:
    """Put the chords of the song around those of the bars that are written."""
    start, stop = passage.span
    heard = plan.heard
    if start == 0 and stop == len(passage.free):
        return Harmony(tuple(bars), key, style, source)
    if heard is not None and heard.chords:
        around = bars_heard(heard.chords, passage.bars, key)
    else:
        around = chords_under(passage.tune, passage.bars, key)
    return Harmony((*around[:start], *bars, *around[stop:]), key, style, source)
