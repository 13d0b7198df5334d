"""Chords that can stand for others, or be slipped in before them: one rule a function.

A rule sees a chord that has a bar to itself, and the one after it. It answers with what the bar
could hold instead, or with None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, diatonic, realise

__all__ = ["options", "substitute"]

Rule: TypeAlias = Callable[[Numeral, Numeral, Key], Bar | None]

_MAJOR_TRIAD = "maj"
_LATER_HALF_WEIGHT = 3.0  # a change is better heard once the original is known


def _is(chord: Numeral, *degrees: int) -> bool:
    return chord.degree in degrees and chord.accidental == 0 and chord.of is None


def _rich(chord: Numeral) -> bool:
    return len(chord.quality.tones) > 3


def _secondary_dominant(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    degree = diatonic(key, after.degree)
    plain = degree.fifth(key.family) == after.fifth(key.family) and not degree.diminished
    if not plain or _is(after, 1) or after == chord or after.of is not None or after.inversion:
        return None
    kind = "7b9" if _rich(chord) and degree.lower else "7"
    return chord, Numeral(5, kind, of=degree)


def _two_five(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    if not _is(chord, 5) or chord.lower or chord.inversion or not _is(after, 1):
        return None
    major = "m7" if _rich(chord) else "min"
    return Numeral(2, major if key.family == "major" else "m7b5"), chord


def _tritone(chord: Numeral, after: Numeral, _key: Key) -> Bar | None:
    usable = _is(chord, 5) and not chord.lower and _is(after, 1)
    return (Numeral(2, "7", -1),) if usable and "sus" not in chord.kind else None


def _minor_plagal(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    if key.family == "minor" or not _is(chord, 4) or chord.lower or not _is(after, 1):
        return None
    return chord, Numeral(4, "m6" if _rich(chord) else "min")


def _back_door(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    if key.family == "minor" or not _is(chord, 5) or not _is(after, 1):
        return None
    return Numeral(4, "m7" if _rich(chord) else "min"), Numeral(7, "7", -1)


def _passing_diminished(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    whole_tone = after.fifth(key.family) - chord.fifth(key.family) == 2
    usable = _is(chord, 1, 2, 4, 5) and whole_tone and key.family == "major"
    return (chord, Numeral(chord.degree, "dim7", 1)) if usable and not chord.inversion else None


def _flat_six(chord: Numeral, _after: Numeral, key: Key) -> Bar | None:
    if key.family == "minor" or not _is(chord, 6) or not chord.lower:
        return None
    return (Numeral(6, "maj7" if _rich(chord) else _MAJOR_TRIAD, -1),)


def _neapolitan(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    usable = key.family == "minor" and _is(chord, 2, 4) and chord.lower and _is(after, 5)
    return (Numeral(2, _MAJOR_TRIAD, -1, 1),) if usable and not after.lower else None


def _dorian_four(chord: Numeral, _after: Numeral, key: Key) -> Bar | None:
    if key.family == "major" or not _is(chord, 4) or not chord.lower:
        return None
    return (Numeral(4, "7" if _rich(chord) else _MAJOR_TRIAD),)


def _suspension(chord: Numeral, _after: Numeral, key: Key) -> Bar | None:
    if chord.kind not in {"maj", "7"} or chord.inversion or chord.of is not None:
        return None
    held = replace(chord, kind="7sus4" if chord.kind == "7" else "sus4")
    return (held, chord) if set(realise(held, key).pitch_classes) <= key.pitch_classes else None


def _third_below(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    return _neighbour(chord, after, key, -2)


def _third_above(chord: Numeral, after: Numeral, key: Key) -> Bar | None:
    return _neighbour(chord, after, key, 2)


def _neighbour(chord: Numeral, after: Numeral, key: Key, steps: int) -> Bar | None:
    """Take the chord of the key a third away, which shares two notes."""
    seventh = _rich(chord)
    if not _is(chord, 1, 4) or chord.dominant or chord.inversion:
        return None
    other = diatonic(key, (chord.degree - 1 + steps) % 7 + 1, seventh=seventh)
    dull = other.diminished or "#5" in other.kind or other.kind == "aug"
    return None if dull or other.degree == after.degree else (other,)


_IN_ANY_MODE: dict[str, Rule] = {
    "a suspension": _suspension,
    "the chord a third below": _third_below,
    "the chord a third above": _third_above,
}
_RULES: dict[str, Rule] = _IN_ANY_MODE | {
    "a secondary dominant": _secondary_dominant,
    "a ii before its V": _two_five,
    "a tritone substitution": _tritone,
    "a minor plagal close": _minor_plagal,
    "the back door": _back_door,
    "a passing diminished chord": _passing_diminished,
    "bVI for vi": _flat_six,
    "a neapolitan sixth": _neapolitan,
    "a dorian IV": _dorian_four,
}


def options(bars: Sequence[Bar], key: Key) -> list[tuple[int, str, Bar]]:
    """List what could be changed in some bars.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals in `key`.
    key : Key
        In a mode other than major and minor only what stays in the mode is offered.

    Returns
    -------
    list of tuple of (int, str, Bar)
        Place of the bar, what would be done, what it would hold. The first chord, the last bar
        and what a secondary dominant leads to are left alone.
    """
    rules = _RULES if key.mode in {"major", "minor"} else _IN_ANY_MODE
    found: list[tuple[int, str, Bar]] = []
    for place, bar in enumerate(bars[:-1]):
        if len(bar) > 1:
            continue
        for name, rule in rules.items():
            instead = rule(bar[0], bars[place + 1][0], key)
            awaited = place == 0 or bars[place - 1][-1].of is not None
            if instead and instead != bar and (not awaited or instead[0] == bar[0]):
                found.append((place, name, instead))
    return found


def substitute(
    bars: Sequence[Bar], key: Key, count: int, rng: np.random.Generator
) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    """Change some bars.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals in `key`.
    key : Key
        The key.
    count : int
        How many changes to make at most.
    rng : numpy.random.Generator
        The dice; the later half is changed more often.

    Returns
    -------
    tuple of Bar
        As many bars.
    tuple of str
        What was done, such as ``"a secondary dominant in bar 3"``.
    """
    changed: list[Bar] = list(bars)
    done: list[tuple[int, str]] = []
    for _ in range(count):
        found = options(changed, key)
        if not found:
            break
        late = [place >= len(bars) // 2 for place, _, _ in found]
        weights = np.where(late, _LATER_HALF_WEIGHT, 1.0)
        place, name, instead = found[int(rng.choice(len(found), p=weights / weights.sum()))]
        changed[place] = instead
        done.append((place + 1, name))
    return tuple(changed), tuple(f"{name} in bar {bar}" for bar, name in sorted(done))
