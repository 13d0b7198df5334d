"""Tunes, a note at a time over all of them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.places import Kept, Taste, no_notes
from assistant.theory.tune.proposals import lay_out
from assistant.theory.tune.rhythm import Given, Manner, make_rhythms
from assistant.theory.tune.rows import CLOSE, Rhythms
from assistant.theory.tune.writing import Tunes, compose
from tests.assistant.theory.tune.tunes import TABLES, framed


def written(
    frame: Frame, *, kept: Kept | None = None, taste: Taste | None = None, seed: int = 0
) -> tuple[Tunes, Rhythms]:
    rng = np.random.default_rng(seed)
    breaths = phrases(frame.measures)
    fixed = np.zeros(frame.slots, dtype=bool)
    onsets = np.zeros(frame.slots, dtype=bool)
    if kept is not None:
        fixed[: np.flatnonzero(kept.fixed >= 0)[-1] + 1] = True
        onsets[kept.fixed >= 0] = True
    rhythms = make_rhythms(
        frame, breaths, forms(len(breaths)), Manner(), Given(fixed, onsets), TABLES.cell, 50, rng
    )
    tunes = compose(
        frame,
        breaths,
        rhythms,
        lay_out(TABLES, frame, 0.8),
        taste or Taste(),
        kept or no_notes(frame),
        1_000,
        rng,
    )
    return tunes, rhythms


def test_notes_are_of_the_key_or_the_chord_and_in_range() -> None:
    frame = framed("A minor", "Am F E7 Am")
    tunes, _ = written(frame)
    pitches = tunes.pitches[tunes.there]
    assert set((pitches % 12).tolist()) <= {9, 11, 0, 2, 4, 5, 7, 8}
    assert pitches.min() >= 60
    assert pitches.max() <= 79


def test_fits_tells_the_chord_tones() -> None:
    frame = framed()
    tunes, rhythms = written(frame)
    starts = rhythms.starts[tunes.rhythm]
    for row in range(0, 1_000, 97):
        for place in np.flatnonzero(tunes.there[row]):
            chord = frame.chords[frame.harmony[starts[row, place]]]
            fits = int(tunes.pitches[row, place]) % 12 in chord.pitch_classes
            assert bool(tunes.fits[row, place]) == fits


def test_most_of_the_time_is_spent_on_chord_tones_but_not_all() -> None:
    tunes, _ = written(framed())
    time = tunes.lengths * tunes.there
    assert 0.65 < (time * tunes.fits).sum() / time.sum() < 0.9


def test_a_close_rests_on_the_tonic_where_its_chord_sounds() -> None:
    frame = framed(chords="C F G C")
    tunes, rhythms = written(frame)
    closing = rhythms.ends[tunes.rhythm] == CLOSE
    assert closing.any()
    assert set((tunes.pitches[closing] % 12).tolist()) == {0}


def test_phrases_come_back() -> None:
    tunes, rhythms = written(framed(chords="C"))
    source = rhythms.source[tunes.rhythm]
    rows, notes = np.nonzero((source >= 0) & tunes.there)
    same = tunes.pitches[rows, notes] == tunes.pitches[rows, source[rows, notes]]
    assert 0.4 < same.mean() < 0.95


def test_given_notes_stay() -> None:
    frame = framed()
    fixed = np.full(frame.slots, -1, dtype=np.int16)
    fixed[[0, 4, 8, 16, 24]] = [3, 4, 5, 2, 6]
    tunes, _ = written(frame, kept=Kept(fixed, no_notes(frame).model))
    assert (tunes.steps[:, :5] == [3, 4, 5, 2, 6]).all()


def test_height_moves_the_line() -> None:
    low, high = (written(framed(), taste=Taste(height=height))[0] for height in (0.0, 1.0))
    assert low.pitches[low.there].mean() + 3 < high.pitches[high.there].mean()


def test_the_same_dice_write_the_same_tunes() -> None:
    once, again = (written(framed(), seed=5)[0] for _ in range(2))
    assert np.array_equal(once.pitches, again.pitches)
    assert np.array_equal(once.bits, again.bits)


@pytest.mark.parametrize("meter", [(3, 4), (7, 8), (12, 8)])
def test_other_metres(meter: tuple[int, int]) -> None:
    tunes, _ = written(framed(bars=5, meter=meter))
    assert tunes.there.any(axis=1).all()
    assert np.isfinite(tunes.bits).all()


def test_an_answer_does_not_say_its_question_again() -> None:
    frame = framed(chords="C")
    for answering in (False, True):
        tunes, rhythms = written(frame, taste=Taste(answering=answering))
        source = rhythms.source[tunes.rhythm]
        own = rhythms.phrase[tunes.rhythm]
        rows, notes = np.nonzero((source >= 0) & tunes.there)
        first = source[rows, notes]
        across = own[rows, notes] != own[rows, first]
        same = tunes.pitches[rows, notes] == tunes.pitches[rows, first]
        assert (same[across].mean() < 0.4) == answering


def test_each_tune_follows_one_of_its_models() -> None:
    frame = framed(bars=4)
    model = np.full((2, frame.slots), -1, dtype=np.int16)
    model[0, ::8], model[1, ::8] = 2, 6
    nothing = np.zeros(frame.slots, dtype=bool)
    onsets = model[0] >= 0
    rng = np.random.default_rng(0)
    breaths = phrases(frame.measures)
    rhythms = make_rhythms(
        frame, breaths, forms(2), Manner(), Given(nothing, onsets, 1.0), TABLES.cell, 20, rng
    )
    kept = Kept(np.full(frame.slots, -1, dtype=np.int16), model, 1.0)
    draws = lay_out(TABLES, frame, 0.8)
    tunes = compose(frame, breaths, rhythms, draws, Taste(), kept, 200, rng)
    told = {int(steps[0]) for steps in tunes.steps}
    assert told == {2, 6}
    assert all(len(set(steps[:8].tolist())) == 1 for steps in tunes.steps)
