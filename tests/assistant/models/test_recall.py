from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.memory import SongMemory
from assistant.models.recall import FIRST, LIKENESSES, ROWS, UNTIMED, Loudness, Recall, worth

STEPS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([1.0, 2.0, 4.0])), max_size=24)
THIRDS = np.array([0, 0, 1, 2, 2], dtype=np.int32)


def heard(steps: list[tuple[int, float]], timed: bool = True) -> Recall:
    recall = Recall.begin()
    for chord, beats in steps:
        come = np.array([chord], dtype=np.int32)
        recall = recall.after(come, THIRDS[come], np.array([beats], np.float32) if timed else None)
    return recall


@given(STEPS)
@settings(max_examples=50)
def test_matches_are_those_of_a_song_memory(steps: list[tuple[int, float]]) -> None:
    recall = heard(steps)
    chords = [chord for chord, _ in steps]
    thirds = [int(THIRDS[chord]) for chord in chords]
    assert recall.exact[0].tolist() == SongMemory(chords).matched.tolist()
    assert recall.rough[0].tolist() == SongMemory(thirds).matched.tolist()
    assert recall.long[0].tolist() == SongMemory(steps).matched.tolist()
    assert (recall.rough >= recall.exact).all()
    assert (recall.forgiving >= recall.rough).all()
    assert (recall.exact >= recall.long).all()


@given(STEPS, st.booleans())
@settings(max_examples=50)
def test_loudness_adds_the_rows_of_the_table(steps: list[tuple[int, float]], timed: bool) -> None:
    table = np.random.default_rng(1).normal(size=(ROWS, 2)).astype(np.float32)
    recall = heard(steps, timed)
    rows = np.zeros((len(LIKENESSES), len(steps)), dtype=int)
    for at, likeness in enumerate(recall.likenesses()):
        rows[at] = likeness + FIRST[at]
    wanted = np.exp(np.minimum(table[rows].sum(axis=0), 10)).T
    np.testing.assert_allclose(Loudness(table)(recall)[:, 0], wanted, rtol=1e-5)


@given(STEPS)
@settings(max_examples=50)
def test_leads_and_turns_are_those_of_the_matches(steps: list[tuple[int, float]]) -> None:
    told = dict(zip(LIKENESSES, heard(steps).likenesses(), strict=True))
    matched = heard(steps).exact[0].tolist()
    longest = [max(heard(steps[:at]).exact[0], default=0) for at in range(len(steps) + 1)]
    for at, match in enumerate(matched):
        later = match - max(matched[at + 1 :], default=0)
        earlier = match - max(matched[:at], default=0)
        leads = [max(min(lead, 4), -5) + 5 for lead in (later, earlier)]
        assert told["lead"][0, at] == 10 * leads[0] + leads[1]
        step = (0, 1, 2, 3, 3, 4, 4, 4, 4, 5)[min(longest[at], 9)]
        assert told["turn"][0, at] == 2 * step + (longest[at + 1] > longest[at])


def test_distances_count_apart_while_near() -> None:
    ago = LIKENESSES.index("ago")
    told = heard([(at % 5, 1.0) for at in range(300)]).likenesses()[ago][::-1].tolist()
    assert told[:63] == [*range(1, 64)]
    assert told[63] == told[89] == 64
    assert told[90] == 65
    assert told[299] == 68
    assert max(heard([(0, 1.0)] * 1100).likenesses()[ago]) == 71


def test_copies_go_their_own_way() -> None:
    steps = [(0, 4.0), (1, 2.0), (2, 2.0)] * 3
    wide = heard(steps).spread(3)
    come = np.array([0, 1, 4], dtype=np.int32)
    beats = np.array([4, 2, 1], dtype=np.float32)
    wide = wide.after(come, THIRDS[come], beats)
    for song, (chord, length) in enumerate(zip(come, beats, strict=True)):
        one = heard([*steps, (int(chord), float(length))])
        assert wide.exact[song].tolist() == one.exact[0].tolist()
        for many, single in zip(wide.likenesses(), one.likenesses(), strict=True):
            assert np.atleast_2d(many)[song if many.ndim == 2 else 0].tolist() == (
                np.atleast_2d(single)[0].tolist()
            )


def test_even_distances_are_more_alike() -> None:
    even = LIKENESSES.index("even")
    told = heard([(0, 16.0), (1, 16.0), (2, 4.0), (0, 1.0)]).likenesses()[even][0]
    # 37, 21, 5 and 1 beats ago: none even by two beats; then 36 and 20: by four; then 32 and 64.
    assert told.tolist() == [0, 0, 0, 0]
    assert heard([(0, 16.0), (1, 20.0)]).likenesses()[even][0].tolist() == [6, 6]
    assert heard([(0, 32.0), (1, 32.0)]).likenesses()[even][0].tolist() == [18, 17]
    assert heard([(0, 16.0)]).likenesses()[even][0].tolist() == [13]


def test_without_lengths_nothing_is_said_of_lengths() -> None:
    recall = heard([(0, 4.0), (1, 4.0), (0, 4.0)], timed=False)
    told = dict(zip(LIKENESSES, recall.likenesses(), strict=True))
    for name, value in UNTIMED.items():
        assert told[name].tolist() == [[value] * 3]
    assert told["exact"].tolist() == [[0, 1, 0]]


def test_worth_grows_with_the_match_and_then_no_more() -> None:
    told = worth(np.arange(200, dtype=np.int32))
    assert told[:13].tolist() == list(range(13))
    assert (np.diff(told) >= 0).all()
    assert told.max() == 14
