"""From a progression to so many bars: repeats, shortening, and an end that closes or leads back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from assistant.theory.harmony.key import Family
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral

__all__ = ["Ending", "end", "ending_of", "fit", "leads_to", "paced"]

Ending = Literal["auto", "loop", "close"]

_TONIC = {"major": Numeral(1, "maj"), "minor": Numeral(1, "min")}
_DOMINANT = Numeral(5, "maj")
_SUBTONIC = Numeral(7, "maj")
_WAYS_HOME = {
    "mixolydian": Numeral(7, "maj", -1),
    "dorian": _SUBTONIC,
    "phrygian": Numeral(2, "maj", -1),
    "locrian": Numeral(2, "maj", -1),
}
_POWER = "5"
_FAR = 2.0**0.5  # between one pace and its double
_LEADING_FIFTHS = frozenset({1, 2, -1, -2, -4, -5})  # V, ii, IV, bVII, bVI, bII, seen from I


def fit(bars: Sequence[Bar], count: int) -> tuple[tuple[Bar, ...], str]:
    """Make a progression last for so many bars.

    Parameters
    ----------
    bars : sequence of Bar
        A progression that can be repeated.
    count : int
        Bars wanted, at least 1.

    Returns
    -------
    tuple of Bar
        `count` bars that end as the progression does.
    str
        What was done, in words; ``""`` where nothing was.
    """
    length = len(bars)
    if count >= length:
        times, rest = divmod(count, length)
        said = f"said {times} times" if times > 1 else ""
        if rest:
            tag = "the last bar" if rest == 1 else f"the last {rest} bars"
            said = f"{said}, then {tag} again" if said else f"{tag} said twice"
        return (*(tuple(bars) * times), *bars[length - rest :]), said
    if count * 2 == length and all(len(bar) == 1 for bar in bars):
        paired = (_pair(*bars[place], *bars[place + 1]) for place in range(0, length, 2))
        return tuple(paired), "two chords a bar"
    if count == 1:
        first, *others = [chord for bar in bars for chord in bar]
        last = next((chord for chord in reversed(others) if chord != first), first)
        return (_pair(first, last),), "two of its chords"
    tail = (count + 1) // 2
    head = count - tail
    return (*bars[:head], *bars[length - tail :]), f"its first {head} and last {tail} bars"


def _pair(first: Numeral, second: Numeral) -> Bar:
    return (first,) if first == second else (first, second)


def leads_to(chord: Numeral, target: Numeral, family: Family) -> bool:
    """Tell whether a chord pulls towards another.

    Parameters
    ----------
    chord, target : Numeral
        What is left and what is reached.
    family : {"major", "minor"}
        What the numerals count from.

    Returns
    -------
    bool
        True where they stand to each other as V, ii, IV, bVII, bVI or bII to I or as vii° to I,
        and for V wherever it goes.
    """
    step = chord.fifth(family) - target.fifth(family)
    if chord.diminished:
        return step == 5
    return step in _LEADING_FIFTHS or _is_degree(chord, 5)


def _is_degree(chord: Numeral, degree: int) -> bool:
    return chord.degree == degree and chord.accidental == 0 and chord.of is None


def paced(bars: Sequence[Bar], chords_a_bar: float) -> tuple[Bar, ...]:
    """Let the chords of some bars change twice or half as often, until they come near a pace.

    Parameters
    ----------
    bars : sequence of Bar
        A progression that can be repeated.
    chords_a_bar : float
        How often chords should change.

    Returns
    -------
    tuple of Bar
        Half or twice as many bars, or more; the same where that is as near as can be: a bar holds
        no more than two chords.
    """
    bars = tuple(bars)
    while chords_a_bar > _FAR * _pace(bars) and all(len(bar) == 1 for bar in bars):
        wide = bars if len(bars) % 2 == 0 else bars * 2
        bars = tuple(_pair(*wide[place], *wide[place + 1]) for place in range(0, len(wide), 2))
    while chords_a_bar * _FAR < _pace(bars):
        bars = tuple((chord,) for bar in bars for chord in (bar if len(bar) > 1 else bar * 2))
    return bars


def _pace(bars: Sequence[Bar]) -> float:
    """Count the chords a bar, one that is held over a bar line once."""
    return len(list(groupby(chord for bar in bars for chord in bar))) / len(bars)


def end(bars: Sequence[Bar], ending: Ending, mode: str, family: Family) -> tuple[Bar, ...]:
    """Give some bars an end.

    Parameters
    ----------
    bars : sequence of Bar
        At least one.
    ending : {"auto", "loop", "close"}
        Whether to lead back to the first chord, to come to rest on the tonic, or to do the
        first where neither is done yet.
    mode : str
        A name from `MODES`: the way home in phrygian is bII.
    family : {"major", "minor"}
        What the numerals count from.

    Returns
    -------
    tuple of Bar
        As many bars, the last ones changed where they had to be.
    """
    if ending == "close":
        return _close(bars, mode, family)
    first, last = bars[0][0], bars[-1][-1]
    rests = _is_degree(last, 1) and ending == "auto"
    if rests or (leads_to(last, first, family) and last != first):
        return tuple(bars)
    home = _way_home(bars, mode)
    if home == first and len(bars) == 1:
        return tuple(bars)
    turn = home if leads_to(home, first, family) else _tonic(bars, mode, family)
    return (*bars[:-1], _lead(bars[-1], turn))


def _way_home(bars: Sequence[Bar], mode: str) -> Numeral:
    """Choose the chord that leads to the tonic: as these bars would, with a seventh if they have.

    In minor that is V, or VII where v or VII is used and V is not.
    """
    chords = [chord for bar in bars for chord in bar]
    home = _WAYS_HOME.get(mode, _DOMINANT)
    if mode == "minor":
        fifths = [chord for chord in chords if _is_degree(chord, 5)]
        natural = any(_is_degree(chord, 7) and not chord.diminished for chord in chords)
        if any(chord.lower for chord in fifths) or (natural and not fifths):
            home = _SUBTONIC
    if all(chord.kind == _POWER for chord in chords):
        return replace(home, kind=_POWER)
    if not any(len(chord.quality.tones) > 3 for chord in chords):
        return home
    minor_seventh = home == _DOMINANT or (home == _SUBTONIC and mode == "minor")
    return replace(home, kind="7" if minor_seventh else "maj7")


def _lead(bar: Bar, home: Numeral) -> Bar:
    """Let the second half of a bar lead home."""
    return _pair(bar[0], home)


def _close(bars: Sequence[Bar], mode: str, family: Family) -> tuple[Bar, ...]:
    tonic = _tonic(bars, mode, family)
    home = _way_home(bars, mode)
    if len(bars) == 1:
        first = bars[0][0]
        return (_pair(home if _is_degree(first, 1) else first, tonic),)
    before = bars[-2]
    weak = _is_degree(before[-1], 1) or _is_degree(before[-1], 2)
    if weak or not leads_to(before[-1], tonic, family):
        before = _lead(before, home)
    return (*bars[:-2], before, (tonic,))


def _tonic(bars: Sequence[Bar], mode: str, family: Family) -> Numeral:
    """Find the tonic chord that these bars use, else the plain one.

    A tonic with a minor seventh is at rest only where the bars begin with one, as a blues does.
    """
    blues = _is_degree(bars[0][0], 1) and bars[0][0].dominant
    for chord in (chord for bar in bars for chord in bar):
        bare = chord.kind == _POWER
        at_home = _is_degree(chord, 1) and (bare or chord.lower == (family == "minor"))
        if at_home and (blues or not chord.dominant):
            return replace(chord, inversion=0)
    return Numeral(1, "dim") if mode == "locrian" else _TONIC[family]


def ending_of(chords: Sequence[Numeral], family: Family) -> str:
    """Say how some chords end, in words that follow "it".

    Parameters
    ----------
    chords : sequence of Numeral
        At least one.
    family : {"major", "minor"}
        What the numerals count from.

    Returns
    -------
    str
        Such as ``"ends on V, which leads back to I"``.
    """
    first, last = chords[0], chords[-1]
    onward = last != first and leads_to(last, first, family)
    if _is_degree(last, 1) and not (onward and last.dominant):
        before = next((chord for chord in reversed(chords) if not _is_degree(chord, 1)), None)
        rests = f"comes to rest on {last}" + (f" from {before}" if before else "")
        return f"{rests}, which leads back to {first}" if onward else rests
    if onward:
        return f"ends on {last}, which leads back to {first}"
    return f"ends open, on {last}"
