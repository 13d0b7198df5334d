from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.memory import SongMemory, forgiving_after

SONGS = st.lists(st.sampled_from("abc"), max_size=40)


def followed(song: list[str], order: int) -> dict[str, int]:
    """Count by hand: every place whose `order` symbols before are the last ones of the song."""
    last = song[len(song) - order :]
    places = range(order, len(song))
    return Counter(song[at] for at in places if song[at - order : at] == last)


@given(SONGS, st.integers(0, 6))
def test_followers_are_those_one_counts_by_hand(song: list[str], order: int) -> None:
    order = min(order, len(song))
    told = SongMemory(song).followers(order)
    assert told == followed(song, order)
    assert list(told.values()) == sorted(told.values(), reverse=True)


@given(SONGS)
def test_the_longest_match_is_the_longest_that_has_a_follower(song: list[str]) -> None:
    orders = [order for order in range(len(song)) if followed(song, order)]
    assert SongMemory(song).longest == max(orders, default=0)


@given(SONGS)
def test_a_song_is_told_as_it_was_heard(song: list[str]) -> None:
    memory = SongMemory(song)
    assert (*memory.symbols,) == (*song,)
    assert len(memory) == len(song)


def test_of_equals_the_latest_follower_comes_first() -> None:
    assert list(SongMemory("xaxbx").followers(1).items()) == [("b", 1), ("a", 1)]


def test_a_copy_goes_its_own_way() -> None:
    memory = SongMemory("abab")
    other = memory.copy()
    other.push("c")
    memory.push("a")
    assert memory.symbols == tuple("ababa")
    assert other.symbols == tuple("ababc")
    assert memory.longest == 3
    assert other.longest == 0


def test_any_symbol_that_compares_is_taken() -> None:
    memory = SongMemory([(60, 2), (62, 4), (60, 2)])
    assert memory.followers(1) == {(62, 4): 1}


def test_a_slip_halves_a_forgiving_match() -> None:
    matched = np.array([[5, 2, 0]], dtype=np.int32)
    same = np.array([[False, True, False]])
    assert forgiving_after(matched, same).tolist() == [[0, 2, 3, 0]]
