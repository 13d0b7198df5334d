"""A song's own past is heard where it resembles, and only the past."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.echoes import blend, echoes, recall
from assistant.models.melodies import PITCHES, Melodies, tokens
from assistant.models.melody import MelodyNet
from bridge.presets import weights


@pytest.fixture(scope="module")
def shipped() -> dict[str, np.ndarray]:
    return dict(weights("melody-pop"))


def song(pitches: list[int], lengths: list[int] | None = None) -> Melodies:
    held = np.array([lengths or [2] * len(pitches)])
    return Melodies(np.array([pitches]), held, np.cumsum(held, axis=1) - held, 0, "maj")


def random_song(seed: int, notes: int) -> Melodies:
    random = np.random.default_rng(seed)
    pitches = 60 + random.choice([0, 2, 4, 5, 7, 9], notes)
    return song(pitches.tolist(), random.choice([1, 2, 4], notes).tolist())


PITCH_LINES = st.lists(st.integers(60, 64), min_size=1, max_size=30)


@given(PITCH_LINES)
def test_likeness_counts_what_is_the_same_on_end(pitches: list[int]) -> None:
    found = echoes(song(pitches))
    places: dict[int, list[int]] = {}
    for note, figures in zip(found.notes, found.likeness, strict=True):
        places.setdefault(int(note), []).append(round(float(np.expm1(figures[0]))))
    for note in range(len(pitches)):
        wanted = [
            next(
                k
                for k in range(place + 1)
                if k == place or pitches[note - 1 - k] != pitches[place - 1 - k]
            )
            for place in range(note)
        ]
        matches = sorted(run for run in wanted if run)
        assert sorted(run for run in places.get(note, []) if run) == matches


@given(PITCH_LINES)
def test_fresh_means_that_the_last_two_have_not_stood_together(pitches: list[int]) -> None:
    pairs = list(pairwise(pitches))
    wanted = [note < 2 or pairs[note - 2] not in pairs[: note - 2] for note in range(len(pitches))]
    assert echoes(song(pitches)).fresh.tolist() == wanted


@given(st.integers(0, 99), st.integers(1, 39))
def test_only_the_past_is_heard(seed: int, note: int) -> None:
    whole = random_song(seed, 40)
    found, start = echoes(whole), echoes(whole.notes(0, note + 1))
    early = found.notes <= note
    np.testing.assert_array_equal(found.likeness[early], start.likeness)
    np.testing.assert_array_equal(found.summary[: note + 1], start.summary)
    lower = echoes(replace(whole, pitches=whole.pitches - (np.arange(40) == note)))
    np.testing.assert_array_equal(found.summary[: note + 1], lower.summary[: note + 1])


def test_a_moved_phrase_speaks_for_moved_pitches() -> None:
    found = echoes(song([60, 62, 65, 64, 72, 74, 77, 76]))
    last = found.notes == 7
    assert 76 - 30 in found.moved[last]
    assert 76 - 30 not in found.same[last]


@given(st.integers(0, 20), st.sampled_from([1, 2, 8, 60]))
def test_odds_add_up(shipped: dict[str, np.ndarray], seed: int, notes: int) -> None:
    logs = recall(random_song(seed, notes), shipped)
    assert logs.shape == (notes, PITCHES)
    np.testing.assert_allclose(np.exp(logs).sum(axis=1), 1, rtol=1e-4)


def bits(logs: np.ndarray, line: Melodies) -> np.ndarray:
    own = np.take_along_axis(logs, tokens(line)[0][:, None], axis=1)[:, 0]
    return np.asarray(-own / np.log(2))


def test_what_comes_again_is_expected(shipped: dict[str, np.ndarray]) -> None:
    phrase = random_song(3, 32)
    assert int(phrase.lengths.sum()) <= 128
    starts = np.concatenate([phrase.starts + 128 * time for time in range(3)], axis=1)
    line = replace(
        phrase,
        pitches=np.tile(phrase.pitches, 3), lengths=np.tile(phrase.lengths, 3), starts=starts,
    )  # fmt: skip
    told, alone = bits(recall(line, shipped), line), bits(MelodyNet(shipped).predict(line)[0], line)
    assert told[36:64].mean() < 0.5
    assert told[64:].mean() < 0.25
    assert alone[64:].mean() > 2
    assert abs(told[:8].mean() - alone[:8].mean()) < 0.6


def test_after_a_slip_the_repeat_goes_on(shipped: dict[str, np.ndarray]) -> None:
    phrase = random_song(5, 32)
    again = phrase.pitches.copy()
    again[0, 16] += 1
    line = replace(
        phrase,
        pitches=np.concatenate([phrase.pitches, again], axis=1),
        lengths=np.tile(phrase.lengths, 2),
        starts=np.concatenate([phrase.starts, phrase.starts + 128], axis=1),
    )
    told = bits(recall(line, shipped), line)
    assert told[48] > 4
    assert told[49:52].mean() < 1


def test_without_echoes_the_network_speaks(shipped: dict[str, np.ndarray]) -> None:
    line = song([60, 67])
    alone = MelodyNet(shipped).predict(line)[0]
    found = echoes(line)
    assert len(found.notes) == 0
    assert (blend(found, alone, shipped).argmax(axis=1) == alone.argmax(axis=1)).all()
