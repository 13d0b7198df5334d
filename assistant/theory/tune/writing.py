"""Tunes, thousands at once: each note drawn from tables, towards a goal, or after a phrase before.

All tunes move on together, a note at a time. A note that opens new ground is the best of a few
draws, judged by how near it comes to the line that the phrase should take; a note of a phrase that
comes back follows the first time, fitted to the chord of now; the last of a phrase goes to the
nearest note on which it can rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.phrasing import Phrase
from assistant.theory.tune.places import (
    FINE,
    Kept,
    Places,
    Taste,
    Wills,
    places_of,
    unlike,
    wills_of,
)
from assistant.theory.tune.proposals import DRAWS, TURNS, Draws
from assistant.theory.tune.rows import CLOSE, OPEN, Rhythms

__all__ = ["Tunes", "compose"]

Ints: TypeAlias = NDArray[np.int16]
Flags: TypeAlias = NDArray[np.bool_]

_MID = TURNS // 2
_TRIES = 3  # draws of which the one nearest the goal is taken
_WANDER = 4 * FINE  # parts of a step by which a draw may seem farther than it is
_STEPS_AT_MOST = 128


@dataclass(frozen=True, eq=False)
class Tunes:
    """Tunes; a row each.

    Parameters
    ----------
    rhythm : ndarray of int, shape (tunes,)
        Which of the rhythms each has.
    steps, pitches : ndarray of int16, shape (tunes, notes)
        Steps of the frame, and MIDI numbers.
    fits : ndarray of bool, shape (tunes, notes)
        Whether a note belongs to its chord.
    there : ndarray of bool, shape (tunes, notes)
        Whether there is a note.
    lengths : ndarray of int16, shape (tunes, notes)
        In slots.
    bits : ndarray of float32, shape (tunes,)
        How unexpected each is by the tables, bits a note.
    """

    rhythm: NDArray[np.int64]
    steps: Ints
    pitches: Ints
    fits: Flags
    there: Flags
    lengths: Ints
    bits: NDArray[np.float32]

    def take(self, rows: NDArray[np.int64]) -> Tunes:
        """Take some of the tunes."""
        return Tunes(
            self.rhythm[rows], self.steps[rows], self.pitches[rows], self.fits[rows],
            self.there[rows], self.lengths[rows], self.bits[rows],
        )  # fmt: skip


def compose(
    frame: Frame,
    breaths: Sequence[Phrase],
    rhythms: Rhythms,
    draws: Draws,
    taste: Taste,
    kept: Kept,
    count: int,
    rng: np.random.Generator,
) -> Tunes:
    """Write tunes.

    Parameters
    ----------
    frame : Frame
        Where.
    breaths : sequence of Phrase
        Its phrases.
    rhythms : Rhythms
        Each is used for as many tunes as any other.
    draws : Draws
        The tables laid out for the frame.
    taste : Taste
        What line is wanted.
    kept : Kept
        Notes that are there already.
    count : int
        How many tunes.
    rng : numpy.random.Generator
        The dice.

    Returns
    -------
    Tunes
        `count` of them, those with the most notes first; some may be the same.
    """
    by_notes = np.argsort(-rhythms.counts, kind="stable")
    rhythm = np.repeat(by_notes, -(-count // len(by_notes)))[:count]
    places = places_of(frame, breaths, rhythms, kept)
    wills = wills_of(frame, taste, unlike(frame, rhythms, len(breaths))[rhythm], kept, rng)
    steps, cost = _walk(frame, draws, places, wills, (rhythm, rhythms.counts[rhythm]), rng)
    there = np.arange(len(steps)) < rhythms.counts[rhythm][:, None]
    at = places.chord.T[rhythm] * np.int32(frame.steps) + steps.T
    return Tunes(
        rhythm,
        np.ascontiguousarray(steps.T),
        frame.pitches.take(at),
        frame.tones.take(at) & there,
        there,
        rhythms.lengths[rhythm],
        np.asarray(cost / np.maximum(1, rhythms.counts[rhythm] - 1), dtype=np.float32),
    )


def _walk(
    frame: Frame,
    draws: Draws,
    places: Places,
    wills: Wills,
    order: tuple[NDArray[np.int64], NDArray[np.int64]],
    rng: np.random.Generator,
) -> tuple[Ints, NDArray[np.float32]]:
    """Find the steps, a note at a time over all tunes that have as many."""
    rhythm, counts = order
    notes, tunes, size = len(places.chord), len(rhythm), np.int32(frame.steps)
    steps = np.zeros((notes, tunes), dtype=np.int16)
    cost = np.zeros(tunes, dtype=np.float32)
    rest, snap, tones = _rests(frame), _snaps(frame), frame.tones.reshape(-1)
    flat, bits = draws.steps.reshape(-1), draws.bits.reshape(-1)
    noise = rng.integers(0, _WANDER, (_TRIES + 8, tunes), dtype=np.int16)
    now, move = steps[0], np.full(tunes, _MID, dtype=np.int16)
    fits = np.ones(tunes, dtype=np.bool_)
    for note in range(notes):
        live = int(np.searchsorted(-counts, -note, side="left"))
        row, now = rhythm[:live], now[:live]
        chord, ends = places.chord[note].take(row), places.ends[note].take(row)
        at = (chord * 4 + places.kind[note].take(row)) * 2 + fits[:live]
        at = (at * np.int32(TURNS) + move[:live]) * size + now
        goal = _goal(places, wills, note, row)
        if note:
            dice = rng.integers(0, DRAWS, (_TRIES, live), dtype=np.uint8)
            drawn = _best(flat.take(at * DRAWS + dice), goal, noise[note % 8 :][:_TRIES, :live])
        else:
            drawn = snap.take(chord * size + goal // FINE)
        drawn = np.where(ends > 0, rest.take((chord * 3 + ends) * size + now), drawn)
        drawn = _follow(drawn, steps, places, wills, (note, row, chord), snap)
        drawn = _given(drawn, places, wills, (note, row), rng)
        if note:
            cost[:live] += bits.take(at * size + drawn)
            move = np.clip(drawn - now, -_MID, _MID) + np.int16(_MID)
        now = steps[note, :live] = drawn
        fits = tones.take(chord * size + now)
    return steps, cost


def _goal(places: Places, wills: Wills, note: int, rhythm: NDArray[np.int64]) -> Ints:
    """Find where each line should be: on its curve, or on its way to a note that is given."""
    led = places.led[note].take(rhythm)
    column = np.arange(len(rhythm), dtype=np.int32) * np.int32(wills.goals.shape[1])
    curve = wills.goals.take(column + places.along[note].take(rhythm))
    return np.asarray(np.where(led >= 0, led * np.int16(FINE), curve), dtype=np.int16)


def _given(
    drawn: Ints,
    places: Places,
    wills: Wills,
    here: tuple[int, NDArray[np.int64]],
    rng: np.random.Generator,
) -> Ints:
    """Put in the notes that stay as they are, and as many of the model as should."""
    note, rhythm = here
    live = len(rhythm)
    faith = wills.faith[:live]
    if faith.any():
        model = places.model[note][wills.model[:live], rhythm]
        stays = (model >= 0) & (rng.random(live, dtype=np.float32) < faith)
        drawn = np.where(stays, model, drawn)
    fixed = places.fixed[note].take(rhythm)
    return np.where(fixed >= 0, fixed, drawn)


def _best(tries: NDArray[np.uint8], goal: Ints, noise: Ints) -> Ints:
    """Take the draw that seems nearest to the goal: the step rides in the low bits of the cost."""
    away = np.abs(tries * np.int16(FINE) - goal) + noise
    costs = away.astype(np.uint16) * np.uint16(_STEPS_AT_MOST) + tries
    best = np.minimum.reduce(costs, axis=0) % np.uint16(_STEPS_AT_MOST)
    return np.asarray(best, dtype=np.int16)


def _follow(
    drawn: Ints,
    steps: Ints,
    places: Places,
    wills: Wills,
    here: tuple[int, NDArray[np.int64], NDArray[np.int32]],
    snap: Ints,
) -> Ints:
    """Let a note follow the one it repeats, unless its phrase should end in another way."""
    note, rhythm, chord = here
    source, phrase = places.source[note].take(rhythm), places.phrase[note].take(rhythm)
    parts = wills.shifts.shape[1]
    will = np.arange(len(rhythm)) * parts + phrase
    echo = places.echo[note].take(rhythm)
    free = places.late[note].take(rhythm) & wills.answers.take(will) & ~echo
    ends = places.ends[note].take(rhythm)
    follows = (source >= 0) & ~free & (ends != CLOSE) & ~(echo & (ends > 0))
    rows = np.flatnonzero(follows)
    if not rows.size:
        return drawn
    first, over = source[rows], chord[rows]
    shift = np.where(echo[rows], wills.echoes.take(will[rows]), wills.shifts.take(will[rows]))
    size = np.int32(snap.shape[1])
    again = steps[first, rows]
    upside = wills.turned.take(will[rows]) & ~echo[rows]
    if upside.any():
        pivot = steps[places.pivot[note].take(rhythm[rows]), rows]
        again = np.where(upside, 2 * pivot - again, again)
    wanted = np.clip(again + shift, 0, size - 1)
    other = (places.chord[first, rhythm[rows]] != over) | (shift != 0) | upside
    strong = (places.kind[note].take(rhythm[rows]) > 0) & other
    drawn = drawn.copy()
    drawn[rows] = np.where(strong, snap.take(over * size + wanted), wanted)
    return drawn


def _rests(frame: Frame) -> Ints:
    """Find the nearest note on which to rest: (chords, kinds of end, step before)."""
    chords, size = frame.tones.shape
    tonic = frame.degrees == 0
    table = np.zeros((chords, 3, size), dtype=np.int16)
    for chord in range(chords):
        tones = frame.tones[chord]
        home = tones & tonic if (tones & tonic).any() else tones & (frame.roles[chord] == 0)
        goes_on = tones & ~tonic if (tones & ~tonic).any() else tones
        table[chord, OPEN] = _nearest(goes_on if goes_on.any() else tonic)
        table[chord, CLOSE] = _nearest(home if home.any() else goes_on)
    return table


def _snaps(frame: Frame) -> Ints:
    """Find the nearest note of the chord, (chords, steps)."""
    return np.stack([_nearest(tones) for tones in frame.tones])


def _nearest(there: Flags) -> Ints:
    """Find the nearest of some steps from each step; the lower of two."""
    places = np.flatnonzero(there) if there.any() else np.arange(len(there))
    away = np.abs(np.arange(len(there))[:, None] - places[None, :])
    return np.asarray(places[np.argmin(away, axis=1)], dtype=np.int16)
