"""Many, then few."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.likeness import FIGURES
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.places import Taste, no_notes
from assistant.theory.tune.rhythm import Given, Manner, make_rhythms
from assistant.theory.tune.rows import Ints
from assistant.theory.tune.search import (
    Best,
    Canvas,
    Copies,
    Flags,
    Wanted,
    only,
    search,
    wanted_bits,
)
from assistant.theory.tune.singing import can_be_sung
from tests.assistant.theory.tune.tunes import TABLES, framed


def best_of(surprise: float = 0.3, count: int = 3_000) -> Best:
    frame = framed()
    breaths = phrases(frame.measures)
    rng = np.random.default_rng(1)
    nothing = np.zeros(frame.slots, dtype=bool)
    rhythms = make_rhythms(
        frame, breaths, forms(4), Manner(), Given(nothing, nothing), TABLES.cell, 100, rng
    )
    canvas = Canvas(frame, breaths, forms(4), rhythms, no_notes(frame), 96.0)
    return search(canvas, Wanted(Taste(), surprise, count, 100), TABLES, rng)


def test_the_best_can_be_sung_and_differ() -> None:
    best = best_of()
    assert len(best.costs) == 100
    assert best.costs.tolist() == sorted(best.costs.tolist())
    given = np.zeros_like(best.tunes.there)
    checked = can_be_sung(best.tunes.pitches, best.tunes.there, given, np.zeros(100))
    assert checked.good.all()
    assert 2_900 < best.written <= 3_000
    assert best.sung < best.written
    rows = {(*best.starts[row].tolist(), *best.tunes.pitches[row].tolist()) for row in range(100)}
    assert len(rows) == 100


def test_the_best_are_like_what_people_sing() -> None:
    told = best_of().figures.mean(axis=0)
    off = np.abs(told - TABLES.usual[0]) / TABLES.usual[1]
    assert dict(zip(FIGURES, (off < 0.8).tolist(), strict=True)) == dict.fromkeys(FIGURES, True)


def test_surprise_is_heard() -> None:
    calm, bold = (float(best_of(surprise).tunes.bits.mean()) for surprise in (0.0, 1.0))
    assert calm + 0.5 < bold
    assert wanted_bits(2.0, 0.5, 0.0) < 2.0 < wanted_bits(2.0, 0.5, 1.0)


def test_some_of_the_best() -> None:
    best = best_of()
    few = only(best, np.array([3, 5]))
    assert few.costs.tolist() == best.costs[[3, 5]].tolist()
    assert few.tunes.pitches.shape[0] == few.starts.shape[0] == 2
    assert few.portraits[0] == pytest.approx(best.portraits[0][[3, 5]])


def test_copies_are_left_out_and_others_come_up() -> None:
    frame, breaths = framed(), phrases(framed().measures)
    rng = np.random.default_rng(1)
    nothing = np.zeros(frame.slots, dtype=bool)
    rhythms = make_rhythms(
        frame, breaths, forms(4), Manner(), Given(nothing, nothing), TABLES.cell, 100, rng
    )
    canvas = Canvas(frame, breaths, forms(4), rhythms, no_notes(frame), 96.0)

    def asked(copies: Copies) -> Best:
        dice = np.random.default_rng(2)
        return search(canvas, Wanted(Taste(), 0.3, 2_000, 50), TABLES, dice, copies)

    def high(pitches: Ints, lengths: Ints, starts: Ints, new: Flags) -> Flags:
        assert pitches.shape == lengths.shape == starts.shape == new.shape
        return np.asarray(pitches.max(axis=1) > 70)

    low = asked(high)
    assert len(low.costs) >= 25
    assert low.tunes.pitches[low.tunes.there].max() <= 70
    none = asked(lambda pitches, lengths, starts, new: np.ones(len(pitches), dtype=bool))
    assert none.costs.size == 0
    assert none.sung > 0


def test_what_is_new_fits_its_chords() -> None:
    best = best_of()
    time = best.tunes.lengths * best.new
    fit = (time * best.tunes.fits).sum(axis=1) / time.sum(axis=1)
    assert fit.min() > 0.6
