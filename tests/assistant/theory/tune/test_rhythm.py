"""Rhythms of tunes."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.frame import Frame
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.rhythm import Given, Manner, make_rhythms
from assistant.theory.tune.rows import CLOSE, OPEN, Rhythms
from tests.assistant.theory.tune.tunes import TABLES, framed


def made(frame: Frame, manner: Manner | None = None, given: Given | None = None) -> Rhythms:
    nothing = np.zeros(frame.slots, dtype=bool)
    breaths = phrases(frame.measures)
    return make_rhythms(
        frame,
        breaths,
        forms(len(breaths)),
        manner or Manner(),
        given or Given(nothing, nothing),
        TABLES.cell,
        60,
        np.random.default_rng(3),
    )


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (12, 8), (5, 4), (7, 8), (2, 4), (5, 8)])
@pytest.mark.parametrize("bars", [1, 3, 8])
def test_notes_follow_each_other_within_the_frame(meter: tuple[int, int], bars: int) -> None:
    frame = framed(bars=bars, meter=meter)
    rhythms = made(frame)
    for row in range(60):
        count = int(rhythms.counts[row])
        starts, lengths = rhythms.starts[row, :count], rhythms.lengths[row, :count]
        assert count > 0
        assert (np.diff(starts) > 0).all()
        assert (lengths > 0).all()
        assert (starts[:-1] + lengths[:-1] <= starts[1:]).all()
        assert starts[-1] + lengths[-1] <= frame.slots
        assert (rhythms.source[row, :count] < np.arange(count)).all()
        assert set(rhythms.ends[row].tolist()) <= {0, OPEN, CLOSE}
    assert not rhythms.lengths[np.arange(rhythms.starts.shape[1]) >= rhythms.counts[:, None]].any()


def test_density_rises_and_tempo_thins() -> None:
    frame = framed(bars=16)
    few, some, many = (made(frame, Manner(density=d)).counts.mean() for d in (0.0, 0.5, 1.0))
    assert 1.3 * few < some < many / 1.3
    assert made(frame, Manner(bpm=180.0)).counts.mean() < some


def test_plain_rhythms_stay_on_the_eighths() -> None:
    frame = framed(bars=16)
    plain, odd = (made(frame, Manner(complexity=c)) for c in (0.0, 1.0))
    share = [float(np.mean(one.starts[one.starts < frame.slots] % 2 == 1)) for one in (plain, odd)]
    assert share[0] < 0.06
    assert share[1] > 0.2


def test_given_onsets_are_kept() -> None:
    frame = framed(bars=4)
    fixed = np.zeros(frame.slots, dtype=bool)
    fixed[:32] = True
    onsets = np.zeros(frame.slots, dtype=bool)
    onsets[[0, 5, 9, 30]] = True
    rhythms = made(frame, given=Given(fixed, onsets))
    for starts in rhythms.starts:
        assert starts[starts < 32].tolist() == [0, 5, 9, 30]


def test_a_phrase_comes_back_in_its_rhythm() -> None:
    frame = framed(bars=8)
    rhythms = made(frame)
    followed = (rhythms.source >= 0).sum() / rhythms.counts.sum()
    assert followed > 0.35


def test_the_last_phrase_closes_as_often_as_asked() -> None:
    frame = framed()
    open_, close = (made(frame, Manner(closing=share)).ends for share in (0.0, 1.0))
    assert not (open_ == CLOSE).any()
    assert ((close == CLOSE).sum(axis=1) == 1).all()


def test_the_sparsest_have_a_note_every_other_beat() -> None:
    frame = framed(bars=16)
    a_bar = made(frame, Manner(density=0.0, bpm=92.0)).counts.mean() / 16
    assert 1.8 < a_bar < 2.5


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (9, 8), (12, 8)])
def test_most_bars_begin_with_a_note(meter: tuple[int, int]) -> None:
    frame = framed(bars=8, meter=meter)
    rhythms = made(frame)
    downbeats = [bar.start for bar in frame.measures]
    share = np.mean([np.isin(downbeats, starts).mean() for starts in rhythms.starts])
    assert share > 0.84


def test_a_given_phrase_ends_on_its_last_note_and_so_do_its_repeats() -> None:
    frame = framed(bars=8)
    fixed = np.zeros(frame.slots, dtype=bool)
    fixed[:64] = True
    onsets = np.zeros(frame.slots, dtype=bool)
    onsets[[0, 4, 8, 14, 16, 20, 24, 32, 36, 48, 56, 62]] = True  # what leads on is no end
    rhythms = made(frame, given=Given(fixed, onsets))
    new = rhythms.starts[(rhythms.starts >= 64) & (rhythms.starts < frame.slots)]
    assert new.size
    assert not np.isin(new, (95, 127)).any()
    ends = (rhythms.ends > 0) & (rhythms.starts < 64)
    assert set(rhythms.starts[ends].tolist()) <= {24, 56}


def test_an_empty_given_phrase_has_no_end() -> None:
    frame = framed(bars=4)
    fixed = np.zeros(frame.slots, dtype=bool)
    fixed[:32] = True
    rhythms = made(frame, given=Given(fixed, np.zeros(frame.slots, dtype=bool)))
    assert rhythms.starts.min() >= 32
    assert not (rhythms.starts == 63).any()


def test_a_variation_ends_where_its_model_does() -> None:
    frame = framed(bars=4)
    onsets = np.zeros(frame.slots, dtype=bool)
    onsets[[0, 4, 8, 16, 22, 32, 40, 48, 52]] = True
    rhythms = made(frame, given=Given(np.zeros(frame.slots, dtype=bool), onsets, 1.0))
    assert (rhythms.starts[:, 8] == 52).all()
    assert (rhythms.ends[:, 8] > 0).all()
