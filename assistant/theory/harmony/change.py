"""The same chords, but darker, brighter, simpler, richer, busier or calmer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from assistant.theory.harmony.colour import dress
from assistant.theory.harmony.key import Family, Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral
from assistant.theory.harmony.substitution import options

__all__ = ["CHANGES", "Change", "change"]

Change = Literal["none", "simpler", "richer", "darker", "brighter", "busier", "calmer"]

CHANGES: tuple[Change, ...] = get_args(Change)

_Twins: TypeAlias = Mapping[tuple[int, int, bool], tuple[int, str, int]]
_Changed: TypeAlias = tuple[tuple[Bar, ...], tuple[str, ...]]

# (degree, accidental, minor third?) -> (degree, kind, accidental): what is borrowed from the
# parallel key or a darker or brighter mode, so that most voices stay or move a semitone
_DARKER: Mapping[Family, _Twins] = {
    "major": {
        (4, 0, False): (4, "min", 0),
        (6, 0, True): (6, "maj", -1),
        (3, 0, True): (3, "maj", -1),
        (2, 0, True): (2, "m7b5", 0),
        (5, 0, False): (5, "min", 0),
        (2, 0, False): (2, "maj", -1),
    },
    "minor": {
        (4, 0, False): (4, "min", 0),
        (5, 0, False): (5, "min", 0),
        (2, 0, True): (2, "maj", -1),
        (3, 0, False): (1, "min", 0),
        (7, 0, False): (5, "min", 0),
        (6, 0, False): (4, "min", 0),
        (1, 0, False): (1, "min", 0),
    },
}
_BRIGHTER: Mapping[Family, _Twins] = {
    "major": {
        (4, 0, True): (4, "maj", 0),
        (6, -1, False): (6, "min", 0),
        (3, -1, False): (3, "min", 0),
        (7, -1, False): (5, "maj", 0),
        (5, 0, True): (5, "maj", 0),
        (2, 0, True): (2, "maj", 0),
        (6, 0, True): (4, "maj", 0),
        (3, 0, True): (1, "maj", 0),
    },
    "minor": {
        (4, 0, True): (4, "maj", 0),
        (5, 0, True): (5, "maj", 0),
        (1, 0, True): (3, "maj", 0),
        (2, -1, False): (4, "maj", 0),
    },
}
_SHARE = 0.6  # of what could change does, at least one


def change(bars: Sequence[Bar], key: Key, how: Change, rng: np.random.Generator) -> _Changed:
    """Change some bars.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals in `key`.
    key : Key
        The key.
    how : str
        One of `CHANGES`.
    rng : numpy.random.Generator
        The dice for which chords change.

    Returns
    -------
    tuple of Bar
        As many bars; the first chord stays where the others can carry the change.
    tuple of str
        What was done, such as ``"iv for IV in bar 2"``; empty where nothing could be.
    """
    return _WAYS[how](tuple(bars), key, rng)


def _kept(bars: tuple[Bar, ...], _key: Key, _rng: np.random.Generator) -> _Changed:
    return bars, ()


def _simpler(bars: tuple[Bar, ...], key: Key, _rng: np.random.Generator) -> _Changed:
    """One plain triad a bar, on its root: the chord that is not merely on its way."""
    single = tuple((_home(bar),) for bar in bars)
    plain = dress(single, key, "triads")
    rooted = tuple((replace(bar[0], inversion=0, of=bar[0].of),) for bar in plain)
    return rooted, _said(bars, rooted, "one plain chord a bar")


def _home(bar: Bar) -> Numeral:
    """Choose the chord of a bar that is dominant of none, the first where there are two."""
    return next((chord for chord in bar if chord.of is None), bar[0])


def _richer(bars: tuple[Bar, ...], key: Key, _rng: np.random.Generator) -> _Changed:
    dressed = dress(dress(bars, key, "triads"), key, "ninths")
    return dressed, _said(bars, dressed, "sevenths and ninths added")


def _busier(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator) -> _Changed:
    """Put a second chord into bars that hold one: what leads to the next, or holds this back."""
    changed = list(bars)
    done: list[str] = []
    for place in rng.permutation(len(bars)).tolist():
        found = [each for each in options(changed, key) if each[0] == place and len(each[2]) > 1]
        if found and len(done) < max(1, round(_SHARE * len(bars))):
            _, name, instead = found[int(rng.integers(len(found)))]
            changed[place] = instead
            done.append(f"{name} in bar {place + 1}")
    return tuple(changed), tuple(sorted(done, key=lambda text: int(text.rsplit(" ", 1)[1])))


def _calmer(bars: tuple[Bar, ...], _key: Key, _rng: np.random.Generator) -> _Changed:
    """Let a chord last twice as long, and the last bar come when it came."""
    held = tuple(
        (bars[place - 1][0],) if place % 2 and place < len(bars) - 1 else (bar[-1],)
        if place == len(bars) - 1 else (bar[0],)
        for place, bar in enumerate(bars)
    )  # fmt: skip
    return held, _said(bars, held, "each chord held for two bars")


def _said(before: tuple[Bar, ...], after: tuple[Bar, ...], words: str) -> tuple[str, ...]:
    return (words,) if before != after else ()


def _darker(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator) -> _Changed:
    return _borrow(bars, _DARKER[key.family], rng)


def _brighter(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator) -> _Changed:
    return _borrow(bars, _BRIGHTER[key.family], rng)


def _borrow(bars: tuple[Bar, ...], twins: _Twins, rng: np.random.Generator) -> _Changed:
    """Swap some chords for their twins; the very first only where no other has one."""
    places = [(at, half) for at, bar in enumerate(bars) for half in range(len(bar))]
    found = {place: twin for place in places if (twin := _twin(bars[place[0]][place[1]], twins))}
    others = [place for place in found if place != (0, 0)] or list(found)
    count = min(len(others), max(1, round(_SHARE * len(others)))) if others else 0
    chosen = rng.choice(len(others), size=count, replace=False) if count else ()
    picked = sorted(others[int(place)] for place in chosen)
    changed = [list(bar) for bar in bars]
    done: list[str] = []
    for at, half in picked:
        done.append(f"{found[at, half]} for {bars[at][half]} in bar {at + 1}")
        changed[at][half] = found[at, half]
    return tuple(tuple(dict.fromkeys(bar)) for bar in changed), tuple(done)


def _twin(chord: Numeral, twins: _Twins) -> Numeral | None:
    """Find what stands for a chord, with a seventh where it has one; None for applied chords."""
    told = twins.get((chord.degree, chord.accidental, chord.lower))
    if told is None or chord.of is not None or chord.diminished:
        return None
    degree, kind, accidental = told
    if len(chord.quality.tones) > 3:
        dominant = degree == 5 and kind == "maj"
        kind = {"min": "m7", "maj": "7" if dominant else "maj7"}.get(kind, kind)
    return Numeral(degree, kind, accidental)


_WAYS: Mapping[Change, Callable[[tuple[Bar, ...], Key, np.random.Generator], _Changed]] = {
    "none": _kept,
    "simpler": _simpler,
    "richer": _richer,
    "darker": _darker,
    "brighter": _brighter,
    "busier": _busier,
    "calmer": _calmer,
}
