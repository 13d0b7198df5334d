from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.frames import FEATURES, STEPS, Line, Slots, alike, half_bars, hear

NOTES = st.lists(
    st.tuples(st.integers(48, 84), st.integers(0, 4), st.integers(1, 8)), min_size=1, max_size=40
)


def tune(notes: list[tuple[int, int, int]]) -> Line:
    """Lay notes of (pitch, rest before, length) one after the other, in sixteenths."""
    table = np.array(notes)
    ends = np.cumsum(table[:, 1] + table[:, 2])
    return Line(table[:, 0], (ends - table[:, 2]) / 4.0, table[:, 2] / 4.0)


SCALE = tune([(60, 0, 4), (62, 0, 4), (64, 0, 8), (67, 4, 4)])


def test_half_bars_reach_the_end_of_the_song() -> None:
    assert half_bars(16.0).starts.tolist() == [0, 2, 4, 6, 8, 10, 12, 14]
    assert len(half_bars(16.5).starts) == 9
    assert half_bars(6.0, bar=3.0).lengths.tolist() == [1.5] * 4
    assert len(half_bars(0.0).starts) == 1


def test_steps_tell_what_sounds_when() -> None:
    steps = hear(SCALE, 0, "maj", half_bars(8.0)).steps.reshape(4, STEPS, 12)
    assert steps[0, :4, 0].tolist() == [1] * 4
    assert steps[0, 4:, 2].tolist() == [1] * 4
    assert steps[1, :, 4].tolist() == [1] * 8
    assert steps[2, :4].sum() == 0
    assert steps[2, 4:, 7].tolist() == [1] * 4
    assert steps.sum() == 20
    assert steps[3].sum() == 0


@settings(max_examples=30, deadline=None)
@given(NOTES, st.integers(0, 11), st.integers(-7, 7))
def test_a_song_sounds_the_same_in_every_key(
    notes: list[tuple[int, int, int]], tonic: int, up: int
) -> None:
    line = tune(notes)
    places = half_bars(float(line.starts[-1] + line.lengths[-1]))
    here = hear(line, tonic, "min", places)
    there = hear(
        Line(line.pitches + up, line.starts, line.lengths), (tonic + up) % 12, "min", places
    )
    assert here.features.shape == (len(places.starts), FEATURES)
    np.testing.assert_allclose(here.features, there.features, atol=1e-6)
    np.testing.assert_array_equal(here.steps, there.steps)


def test_no_melody_is_heard_as_silence() -> None:
    nothing = Line(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    frames = hear(nothing, 3, "maj", half_bars(8.0))
    assert frames.steps.sum() == 0
    assert np.isfinite(frames.features).all()
    np.testing.assert_array_equal(alike(frames.steps), 0.0)


def test_modes_differ_and_an_unknown_one_is_neither() -> None:
    major, minor, neither = (
        hear(SCALE, 0, mode, half_bars(4.0)).features for mode in ("maj", "min", "unk")
    )
    assert np.abs(major - minor).sum(axis=1).tolist() == [2.0, 2.0]
    assert np.abs(major - neither).sum(axis=1).tolist() == [1.0, 1.0]


def test_slots_of_another_length_stretch_the_steps() -> None:
    waltz = hear(SCALE, 0, "maj", half_bars(6.0, bar=3.0)).steps.reshape(4, STEPS, 12)
    assert waltz[0].sum(axis=0)[0] == pytest.approx(5, abs=1)  # one beat of the one and a half
    shifted = Slots(np.array([1.0]), np.array([1.0]))
    assert hear(SCALE, 0, "maj", shifted).steps.reshape(STEPS, 12)[:, 2].sum() == STEPS


def test_likeness_finds_what_comes_back() -> None:
    phrase = [(60, 0, 8), (64, 0, 8), (67, 0, 8), (65, 0, 8)]
    other = [(61, 0, 8), (66, 0, 8), (70, 0, 8), (68, 0, 8)]
    steps = hear(tune(phrase + other + phrase), 0, "maj", half_bars(24.0)).steps
    near = alike(steps)
    assert near.shape == (3, 12, 12)
    np.testing.assert_allclose(near, near.transpose(0, 2, 1), atol=1e-6)
    assert (near[0].diagonal() == 0.5).all()  # one of one, and one more below
    assert near[0][0].argsort()[-2:].tolist() in ([0, 8], [8, 0])
    assert near[1, 1, 9] > near[0, 1, 9]
    assert near[0, :4, 4:8].max() == 0.0
    assert alike(steps[:2]).shape == (3, 2, 2)
