from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from assistant.theory.ideas.choice import Choice, Wish, choose
from assistant.theory.ideas.library import open_library
from bridge.presets import data

LIBRARY = open_library(data)


def first(wish: Wish, count: int = 10, seed: int = 0) -> list[Choice]:
    return list(islice(choose(LIBRARY, wish, np.random.default_rng(seed)), count))


@pytest.mark.parametrize("mood", LIBRARY.vocabulary.moods)
def test_what_is_offered_is_nearer_to_the_mood_than_the_shelf_is(mood: str) -> None:
    place = LIBRARY.vocabulary.moods[mood]
    offered = [choice.distance for choice in first(Wish(place, {mood: 1.0}))]
    average = np.hypot(*(LIBRARY.places - np.array(place)).T).mean()
    assert np.mean(offered) < 0.75 * average


@pytest.mark.parametrize("style", LIBRARY.styles)
def test_a_style_comes_from_home_first(style: str) -> None:
    assert {choice.progression.style for choice in first(Wish(style=style))} == {style}


def test_after_home_the_same_is_changed_and_then_others_come() -> None:
    wish = Wish(style="reggae")
    offered = first(wish, 40)
    home = sum(each.style == "reggae" for each in LIBRARY.progressions)
    assert [choice.changes for choice in offered[: 3 * home]] == [0] * home + [1] * home + [
        2
    ] * home
    assert offered[3 * home].progression.style != "reggae"


def test_a_family_and_a_mode_are_kept() -> None:
    assert {each.progression.family for each in first(Wish(family="minor"))} == {"minor"}
    for choice in first(Wish(family="minor", mode="dorian")):
        assert choice.bars != ()
        assert choice.progression.family == "minor"


def test_an_unwanted_style_stays_away() -> None:
    styles = {each.progression.style for each in first(Wish(without=frozenset({"pop"})), 50)}
    assert "pop" not in styles


def test_surprise_is_rare() -> None:
    rarities = []
    for surprise in (0.0, 0.5, 1.0):
        offered = first(Wish(surprise=surprise), 30)
        bits = [LIBRARY.bits[LIBRARY.progressions.index(each.progression)] for each in offered]
        rarities.append(float(np.mean(bits)))
    assert rarities[0] + 0.3 < rarities[1] < rarities[2] - 0.3


def test_the_order_is_that_of_the_dice() -> None:
    def order(seed: int) -> list[object]:
        return [choice.bars for choice in first(Wish(), 8, seed)]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_forms_for_which_there_is_no_room_come_late() -> None:
    for seed in range(5):
        offered = first(Wish(style="blues", bars=8), 8, seed)
        assert all(len(choice.bars) <= 8 for choice in offered)
    longest = {len(each.bars) for seed in range(5) for each in first(Wish(style="blues"), 8, seed)}
    assert 12 in longest


def test_a_plain_style_is_at_home_where_no_style_is_said() -> None:
    for seed in range(5):
        offered = first(Wish(plain=("folk", "classical")), 6, seed)
        assert {choice.progression.style for choice in offered} <= {"folk", "classical"}


@pytest.mark.parametrize("mood", ["triumphant", "sad", "joyful", "dark"])
def test_a_mood_that_is_named_is_met_first(mood: str) -> None:
    wish = Wish(LIBRARY.vocabulary.moods[mood], {mood: 1.0})
    for seed in range(10):
        distances = [choice.distance for choice in first(wish, 3, seed)]
        assert max(distances) < 0.5


def test_power_chords_and_bare_diminished_triads_do_not_come_first_unasked() -> None:
    bare = [
        any(chord.kind in {"5", "dim"} and not chord.inversion
            for bar in choice.bars for chord in bar)
        for seed in range(20)
        for choice in first(Wish(), 3, seed)
    ]  # fmt: skip
    assert np.mean(bare) < 0.05
