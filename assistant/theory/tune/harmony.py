"""The chords that a tune is written over: those asked for, those of the song, or some that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

import numpy as np

from assistant.errors import SettingError
from assistant.material import note_name
from assistant.theory.harmony.form import Ending, end, fit
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.answering import Answerer, Path, StyleModel
from assistant.theory.ideas.chart import read_chart
from assistant.theory.ideas.choice import choose
from assistant.theory.ideas.contradictions import check_key, check_mode
from assistant.theory.ideas.following import bars_said
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.invention import invent
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import Song, bars_heard
from assistant.theory.ideas.wording import strays_said
from assistant.theory.tune.frame import bar_lines, bars_until
from assistant.theory.tune.passage import Passage

__all__ = ["Asked", "Harmonist", "Harmony", "harmonies", "strays_of"]

_IDEAS = 3  # progressions that are tried where nobody says
_ENDINGS: dict[str, Ending] = {"auto": "auto", "open": "loop", "close": "close"}
_GOES_ON = frozenset({"continue", "answer"})
_STYLE, _SONGS = "pop", "pop songs"  # that chords go on as
_OUTSIDE = 0.15  # share of a melody that may lie outside a key that is said


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


@dataclass(frozen=True, eq=False)
class Harmonist:
    """What was learned of chords, where a melody has none.

    Parameters
    ----------
    carry : callable
        Finds chords for the halves of the bars of a song, with dice; best first.
    style : callable
        Opens the model of the next chord.
    """

    carry: Callable[[Song, np.random.Generator], Sequence[Path]]
    style: Callable[[], StyleModel]


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
    asked: Asked,
    plan: Plan,
    library: Library,
    passage: Passage,
    rng: np.random.Generator,
    harmonist: Harmonist,
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
    harmonist : Harmonist
        What was learned, for a melody without chords.

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
    heard = plan.heard
    if asked.chords.strip():
        chart = read_chart(asked.chords, plan.key)
        bars, _ = fit(chart.bars, stop - start)
        source = f"as you wrote them{_unrested(asked, bars, chart.key)}"
        return (_whole(bars, passage, plan, chart.key, ("", source)),)
    if heard is not None and heard.chords and plan.key is not None:
        bars = _from_song(asked, plan, passage, plan.key)
        source = f"as heard in your song{_unrested(asked, bars, plan.key)}"
        return (_whole(bars, passage, plan, plan.key, ("", source)),)
    if passage.tune and passage.doing != "new" and plan.key is not None:
        return _carried(asked, plan, library, passage, rng, harmonist)
    ending = _ENDINGS[asked.ending]
    ideas = (
        invent(choice, plan, library, (stop - start, ending), rng)
        for choice in choose(library, plan.wish, rng)
    )
    return tuple(
        _whole(idea.bars, passage, plan, idea.key, (idea.style, idea.source))
        for idea in islice(ideas, _IDEAS)
    )


def strays_of(asked: Asked, harmony: Harmony, passage: Passage) -> tuple[str, ...]:
    """Say which notes speak against the key: of the song's melody, or of chords that were typed.

    Parameters
    ----------
    asked : Asked
        The settings.
    harmony : Harmony
        The chords, in their key.
    passage : Passage
        With the melody of the song.

    Returns
    -------
    tuple of str
        A sentence, or none.
    """
    typed = Song(harmony.bars, harmony.key).struck() if asked.chords.strip() else ()
    said = strays_said(harmony.key, passage.tune, typed)
    return (f"{said}.",) if said else ()


def _unrested(asked: Asked, bars: Sequence[Bar], key: Key) -> str:
    """Say that chords of the musician's own, which stay, do not end as the tune is asked to."""
    last = bars[-1][-1]
    if asked.ending != "close" or (last.degree == 1 and last.accidental == 0):
        return ""
    symbol = realise(last, key).symbol
    return f"; your last chord, {symbol}, is not the tonic, so that the tune rests on a tone of it"


def _carried(
    asked: Asked,
    plan: Plan,
    library: Library,
    passage: Passage,
    rng: np.random.Generator,
    harmonist: Harmonist,
) -> tuple[Harmony, ...]:
    """Find chords for a melody that has none, and let them go on where the tune does."""
    key, heard = plan.key, plan.heard
    if key is None or heard is None:
        return ()
    start, stop = passage.span
    goes_on = passage.doing in _GOES_ON
    count = passage.first + (start if goes_on else len(passage.free))
    lines = bar_lines(heard.meters or (heard.meter,), 0, count)
    song = Song((), key, lines, heard.tempos, passage.tune)
    found = bars_said(harmonist.carry(song, rng)[0].chords, key)
    around = found[passage.first :]
    if not goes_on:
        return (Harmony(around, key, "", "found for your melody"),)
    answerer = Answerer(key, harmonist.style(), _STYLE, _SONGS, library.mood_of, plan.wish)
    ending = _ENDINGS[asked.ending]
    onward = answerer.continued(replace(song, bars=found), stop - start, ending, rng)
    source = "going on from chords found for your melody"
    return tuple(
        Harmony((*around, *_closed(idea, ending)), key, _STYLE, source)
        for idea in islice(onward, _IDEAS)
    )


def _closed(idea: Idea, ending: Ending) -> tuple[Bar, ...]:
    """Let chords that were drawn come to rest where that is asked for."""
    return (
        end(idea.bars, ending, idea.key.mode, idea.key.family) if ending == "close" else idea.bars
    )


def _check(asked: Asked, plan: Plan, passage: Passage) -> None:
    heard = plan.heard
    if "chords" in asked.keep and (asked.chords.strip() or heard is None or not heard.chords):
        seen = "others are asked for" if asked.chords.strip() else "none were heard in the song"
        raise SettingError(f"keep names the chords, but {seen}.")
    key = plan.key
    if heard is None or key is None:
        return
    check_key(asked.keep, key, heard.key)
    if heard.key_heard and (heard.chords or passage.doing != "new"):
        check_mode(asked.key, plan, heard.key, new="" if heard.chords else "do new")
    outside = [note for note in passage.tune if round(note.pitch) % 12 not in key.pitch_classes]
    said = key != heard.key
    if said and "melody" in asked.keep and len(outside) > _OUTSIDE * len(passage.tune):
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
    bars: Sequence[Bar], passage: Passage, plan: Plan, key: Key, home: tuple[str, str]
) -> Harmony:
    """Put the chords of the song around those of the bars that are written.

    Where nobody knows the chords around, those that are written stand there too.
    """
    start, stop = passage.span
    heard = plan.heard
    if start == 0 and stop == len(passage.free):
        return Harmony(tuple(bars), key, *home)
    if heard is not None and heard.chords:
        around = bars_heard(heard.chords, passage.bars, key)
        return Harmony((*around[:start], *bars, *around[stop:]), key, *home)
    rest = len(passage.free) - stop
    before = tuple(bars[place % len(bars)] for place in range(-start, 0))
    after = tuple(bars[place % len(bars)] for place in range(rest))
    return Harmony((*before, *bars, *after), key, *home)
