"""What could come next, or stand between: many draws from a model that knows the song, then few.

The model is asked for hundreds of continuations at once. Each is laid out on half-bars, rated by
how unexpected it is beside what was wished, by the mood its chords tend to have and by how it ends,
and offered so that each next one is unlike those before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.form import Ending, leads_to
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import numeral_said
from assistant.theory.harmony.mood import Moods
from assistant.theory.harmony.progression import Bar
from assistant.theory.ideas.choice import Wish, chords_a_bar
from assistant.theory.ideas.habit import Habit
from assistant.theory.ideas.offering import offer, ranks

__all__ = ["Around", "Drawn", "Draws", "bars_said", "ends_well", "follow", "spans_of"]

_BEATS_A_HALF = 2.0  # the models were learned in 4/4
_SURPRISE_COST = 1.6  # from the least to the most expected, as on the shelf
_MOOD_COST = 1.6  # a unit of valence and arousal
_DENSITY_COST = 4.0  # of twice or half as many chords a bar as are wanted
_UNLIKELY_COST = 0.9  # a bit a chord of what the song would hardly do, where no surprise is asked
_BREACH_COST = 6.0  # of changing as the song never does: after all that keep to its habits
_RUB_COST = 1.2  # a beat a bar in which a chord rubs against the melody
_ENDS_WELL = 0.8
_ENDS_AS_ASKED = 3.0


class Draws(Protocol):
    """Continuations that a model drew: rows of chords, the one that comes first on the left."""

    @property
    def chords(self) -> NDArray[np.int64]:
        """Places in the vocabulary, shape (draws, chords)."""

    @property
    def beats(self) -> NDArray[Any]:
        """How long each lasts, shape (draws, chords)."""

    @property
    def bits(self) -> NDArray[Any]:
        """How unexpected each is in this song, shape (draws, chords)."""

    @property
    def style_bits(self) -> NDArray[Any]:
        """How unexpected each is to the style alone, shape (draws, chords)."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One continuation that is offered.

    Parameters
    ----------
    bars : tuple of Bar
        Numerals in the key.
    bits : float
        How unexpected it is to the style, bits a chord.
    place : tuple of (float, float)
        Valence and arousal that its chords tend to have.
    odds : float
        How likely its chords are in this song: the geometric mean, 0.0 to 1.0.
    """

    bars: tuple[Bar, ...]
    bits: float
    place: tuple[float, float]
    odds: float = 1.0


@dataclass(frozen=True, eq=False)
class Around:
    """What the song that is around asks of a draw.

    Parameters
    ----------
    rhythm : sequence of int
        How many half-bars each chord lasts; where empty, as it was drawn.
    habit : Habit or None
        How chords change there.
    rubs : ndarray of shape (halves, vocabulary) or None
        How long each chord would rub against the melody, in beats.
    strict : bool
        Whether draws that do not keep to the habit are thrown away; else they come last.
    """

    rhythm: Sequence[int] = ()
    habit: Habit | None = None
    rubs: NDArray[np.float64] | None = None
    strict: bool = False


_NOTHING_AROUND = Around()


def follow(
    draws: Draws,
    vocabulary: Sequence[str],
    moods: Moods,
    key: Key,
    wish: Wish,
    count: int,
    welcome: Callable[[str, str], float],
    around: Around = _NOTHING_AROUND,
) -> Iterator[Drawn]:
    """Turn many draws into few offers.

    Parameters
    ----------
    draws : Draws
        From a model.
    vocabulary : sequence of str
        What its numbers say.
    moods : Moods
        What chords tend to sound like.
    key : Key
        The key.
    wish : Wish
        Surprise, mood and density that are wanted.
    count : int
        Bars wanted.
    welcome : callable
        Takes the first and the last label of a draw and tells how welcome such an end is.
    around : Around
        What the song asks of them.

    Yields
    ------
    Drawn
        Best first, each unlike those before.
    """
    slots, heard = _lay_out(draws, 2 * count, around.rhythm)
    slots, first = np.unique(slots, axis=0, return_index=True)
    kept = _kept(slots, around)
    slots, first = slots[kept], first[kept]
    heard = heard[first]
    bits, here = (
        (each[first] * heard).sum(axis=1, dtype=np.float64) / heard.sum(axis=1)
        for each in (draws.style_bits, draws.bits)
    )
    places = moods.each(vocabulary, key.family)[slots].mean(axis=1)
    ratings = _rated(bits, places, slots, wish)
    ratings -= _cost_around(slots, around)
    if around.habit and not around.strict:
        ratings -= _UNLIKELY_COST * (1.0 - wish.surprise) * here
    ratings += [
        welcome(vocabulary[start], vocabulary[end]) for start, end in slots[:, [0, -1]].tolist()
    ]
    for row in offer(ratings, slots):
        said = [vocabulary[label] for label in slots[row]]
        valence, arousal = places[row].tolist()
        odds = float(2.0 ** -here[row])
        yield Drawn(bars_said(said, key), float(bits[row]), (valence, arousal), odds)


def _kept(slots: NDArray[np.int64], around: Around) -> NDArray[np.bool_]:
    if around.strict and around.habit:
        return ~around.habit.breached(slots)
    return np.ones(len(slots), dtype=np.bool_)


def _rated(
    bits: NDArray[np.float64], places: NDArray[np.float64], slots: NDArray[np.int64], wish: Wish
) -> NDArray[np.float64]:
    """Rate draws by what is wished: surprise, mood and density."""
    ratings = -_SURPRISE_COST * np.abs(ranks(bits) - wish.surprise)
    if wish.place is not None:
        ratings -= _MOOD_COST * np.hypot(*(places - np.array(wish.place)).T)
    if wish.density is not None:
        changes = 1 + np.count_nonzero(np.diff(slots, axis=1), axis=1)
        wanted = slots.shape[1] / 2 * chords_a_bar(wish.density)
        ratings -= _DENSITY_COST * np.abs(np.log2(changes / wanted))
    return ratings


def _cost_around(slots: NDArray[np.int64], around: Around) -> NDArray[np.float64]:
    """Tell what it costs draws to be unlike the song around, and to rub against its melody."""
    cost = np.zeros(len(slots))
    if around.habit and not around.rhythm:
        cost += _BREACH_COST * around.habit.breached(slots)
    if around.rubs is not None and len(around.rubs):
        halves = min(len(around.rubs), slots.shape[1])
        beats = around.rubs[np.arange(halves), slots[:, :halves]].sum(axis=1)
        cost += _RUB_COST * beats / (halves / 2)
    return cost


def _lay_out(
    draws: Draws, halves: int, rhythm: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Lay chords out on half-bars, and mark those that find room.

    Returns
    -------
    ndarray of int, shape (draws, halves)
        What sounds; the last chord of a draw that is too short is held.
    ndarray of bool, shape (draws, chords)
        Which chords are heard.
    """
    lengths = np.maximum(1, np.rint(draws.beats / _BEATS_A_HALF)).astype(np.int64)
    if rhythm:
        lengths = np.full_like(lengths, halves)
        lengths[:, : len(rhythm)] = rhythm
    ends = np.cumsum(lengths, axis=1)
    at = (ends[:, None, :] <= np.arange(halves)[None, :, None]).sum(axis=2)
    at = np.minimum(at, draws.chords.shape[1] - 1)
    return np.take_along_axis(draws.chords, at, axis=1), ends - lengths < halves


def ends_well(ending: Ending, key: Key) -> Callable[[str, str], float]:
    """Make a judge of how draws end.

    Parameters
    ----------
    ending : {"auto", "loop", "close"}
        Whether a draw should lead back to its first chord, rest on the tonic, or do either.
    key : Key
        The key.

    Returns
    -------
    callable
        Takes the first and the last label; 0.8 where it ends as is wanted, 3.0 where that was
        asked for by name, else 0.0.
    """
    weight = _ENDS_WELL if ending == "auto" else _ENDS_AS_ASKED

    def judge(start: str, end: str) -> float:
        home, gone = numeral_said(start, key), numeral_said(end, key)
        rests = gone.degree == 1 and gone.accidental == 0
        leads = home != gone and leads_to(gone, home, key.family)
        return weight * {"close": rests, "loop": leads, "auto": rests or leads}[ending]

    return judge


def bars_said(halves: Sequence[str], key: Key) -> tuple[Bar, ...]:
    """Say labels by bar, two halves a bar; a chord held over both is said once."""
    numerals = [numeral_said(label, key) for label in halves]
    return tuple(
        tuple(dict.fromkeys(numerals[place : place + 2])) for place in range(0, len(numerals), 2)
    )


def spans_of(
    bars: Sequence[Bar], labels: Callable[[Bar], Sequence[str]]
) -> list[tuple[str, float]]:
    """List the chords of some bars as a model hears them: label and beats of 4/4, held ones once.

    Parameters
    ----------
    bars : sequence of Bar
        Any.
    labels : callable
        Labels the chords of a bar, one each.

    Returns
    -------
    list of tuple of (str, float)
        No two neighbours the same.
    """
    spans: list[tuple[str, float]] = []
    for bar in bars:
        for label in labels(bar):
            beats = 2.0 * _BEATS_A_HALF / len(bar)
            if spans and spans[-1][0] == label:
                beats += spans.pop()[1]
            spans.append((label, beats))
    return spans
