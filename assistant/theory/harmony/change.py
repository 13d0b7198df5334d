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

__all__ = ["CHANGES", "Change", "Suits", "any_suits", "change"]

Change = Literal["none", "simpler", "richer", "darker", "brighter", "busier", "calmer"]

CHANGES: tuple[Change, ...] = get_args(Change)

Suits: TypeAlias = Callable[[int, Bar, Bar], bool]
"""Whether a bar, counted from 0, that holds the first may hold the second instead."""

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


def any_suits(_place: int, _was: Bar, _instead: Bar) -> bool:
    """Let any bar hold anything."""
    return True


def change(
    bars: Sequence[Bar],
    key: Key,
    how: Change,
    rng: np.random.Generator,
    suits: Suits = any_suits,
) -> _Changed:
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
    suits : callable
        Tells what may stand where: what must stay, or rubs against a melody, does not suit.

    Returns
    -------
    tuple of Bar
        As many bars; the first chord stays where the others can carry the change.
    tuple of str
        What was done, such as ``"iv for IV in bar 2"``; empty where nothing could be.
    """
    return _WAYS[how](tuple(bars), key, rng, suits)


def _kept(bars: tuple[Bar, ...], _key: Key, _rng: np.random.Generator, _suits: Suits) -> _Changed:
    return bars, ()


def _simpler(bars: tuple[Bar, ...], key: Key, _rng: np.random.Generator, suits: Suits) -> _Changed:
    """One plain triad a bar, on its root: the chord that is not merely on its way."""
    plain = dress(_one_a_bar(bars, key), key, "triads")
    rooted = tuple((replace(bar[0], inversion=0),) for bar in plain)
    return _where_it_suits(bars, rooted, suits, "one plain chord a bar")


def _one_a_bar(bars: tuple[Bar, ...], key: Key) -> tuple[Bar, ...]:
    following = (*(bar[0] for bar in bars[1:]), bars[0][0])
    return tuple((_home(bar, after, key),) for bar, after in zip(bars, following, strict=True))


def _home(bar: Bar, after: Numeral, key: Key) -> Numeral:
    """Choose the chord of a bar that stays: tonic, dominant, what falls a fifth, or the first.

    A chord that is dominant of another degree, and a tonic over its fifth, are on their way.
    """
    settled = [chord for chord in bar if chord.of is None and chord.inversion != 2] or list(bar)

    def weight(chord: Numeral) -> int:
        if chord.degree == 1 and chord.accidental == 0:
            return 3
        if chord.degree == 5 and chord.accidental == 0 and chord.of is None:
            return 2
        return int(chord.fifth(key.family) - after.fifth(key.family) == 1)

    return max(settled, key=weight)


def _richer(bars: tuple[Bar, ...], key: Key, _rng: np.random.Generator, suits: Suits) -> _Changed:
    """Add sevenths and ninths; what is dominant of another degree stays so."""
    rich = dress(dress(bars, key, "triads"), key, "ninths")
    dressed = tuple(
        tuple(was if was.dominant and not now.dominant else now
              for was, now in zip(bar, instead, strict=True))
        for bar, instead in zip(bars, rich, strict=True)
    )  # fmt: skip
    return _where_it_suits(bars, dressed, suits, "sevenths and ninths added")


def _busier(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator, suits: Suits) -> _Changed:
    """Put a second chord into bars that hold one: what leads to the next, or holds this back."""
    changed = list(bars)
    done: list[str] = []
    for place in rng.permutation(len(bars)).tolist():
        found = [
            each for each in options(changed, key)
            if each[0] == place and len(each[2]) > 1 and suits(place, bars[place], each[2])
        ]  # fmt: skip
        if found and len(done) < max(1, round(_SHARE * len(bars))):
            _, name, instead = found[int(rng.integers(len(found)))]
            changed[place] = instead
            done.append(f"{name} in bar {place + 1}")
    return tuple(changed), tuple(sorted(done, key=lambda text: int(text.rsplit(" ", 1)[1])))


def _calmer(bars: tuple[Bar, ...], key: Key, _rng: np.random.Generator, suits: Suits) -> _Changed:
    """Let chords last twice as long: one a bar where a bar has two, else one in two bars."""
    if any(len(bar) > 1 for bar in bars):
        calmed, done = _where_it_suits(bars, _one_a_bar(bars, key), suits, "one chord a bar")
        if done:
            return calmed, done
    changed = list(bars)
    for place in range(0, len(bars) - 2, 2):
        first, second = bars[place], bars[place + 1]
        at_rest = place > 0 and second[0].degree == 1 and second[0].accidental == 0
        held = (second[0],) if at_rest else (first[0],)
        if suits(place, first, held) and suits(place + 1, second, held):
            changed[place : place + 2] = held, held
    return tuple(changed), _said(bars, tuple(changed), "chords held for two bars")


def _where_it_suits(
    bars: tuple[Bar, ...], wanted: tuple[Bar, ...], suits: Suits, words: str
) -> _Changed:
    """Take each bar that is wanted where it suits, and say so where one differs."""
    changed = tuple(
        instead if suits(place, was, instead) else was
        for place, (was, instead) in enumerate(zip(bars, wanted, strict=True))
    )
    return changed, _said(bars, changed, words)


def _said(before: tuple[Bar, ...], after: tuple[Bar, ...], words: str) -> tuple[str, ...]:
    return (words,) if before != after else ()


def _darker(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator, suits: Suits) -> _Changed:
    return _borrow(bars, key, _DARKER[key.family], rng, suits)


def _brighter(bars: tuple[Bar, ...], key: Key, rng: np.random.Generator, suits: Suits) -> _Changed:
    return _borrow(bars, key, _BRIGHTER[key.family], rng, suits)


def _borrow(
    bars: tuple[Bar, ...], key: Key, twins: _Twins, rng: np.random.Generator, suits: Suits
) -> _Changed:
    """Swap some chords for their twins; the very first only where no other has one."""
    found: dict[tuple[int, int], Numeral] = {}
    for at, bar in enumerate(bars):
        for half, chord in enumerate(bar):
            twin = _twin(chord, key, twins)
            if twin and suits(at, bar, (*bar[:half], twin, *bar[half + 1 :])):
                found[at, half] = twin
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


def _twin(chord: Numeral, key: Key, twins: _Twins) -> Numeral | None:
    """Find what stands for a chord, None for applied chords.

    Where the chord has a seventh so has its twin: that of the scale, else the usual one, so that a
    major chord that leads on is a dominant.
    """
    told = twins.get((chord.degree, chord.accidental, chord.lower))
    if told is None or chord.of is not None or chord.diminished:
        return None
    degree, kind, accidental = told
    twin = Numeral(degree, kind, accidental)
    if len(chord.quality.tones) > 3:
        ((twin,),) = dress(((twin,),), key, "sevenths")
    return twin


_WAYS: Mapping[Change, Callable[[tuple[Bar, ...], Key, np.random.Generator, Suits], _Changed]] = {
    "none": _kept,
    "simpler": _simpler,
    "richer": _richer,
    "darker": _darker,
    "brighter": _brighter,
    "busier": _busier,
    "calmer": _calmer,
}
