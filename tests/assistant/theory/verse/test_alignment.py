from __future__ import annotations

from assistant.material import Note
from assistant.theory.verse.alignment import Spot, Step, SungSyllable, align


def syllable(text: str, stress: int = 1, optional: bool = False) -> SungSyllable:
    return SungSyllable(text, text, stress, True, True, False, True, optional)


def spot(start: float, weight: int = 2, opens: bool = False) -> Spot:
    return Spot(Note(60.0, start, 1.0), weight, opens, 1, start + 1.0)


def test_as_many_syllables_as_notes_go_one_by_one() -> None:
    steps, cost = align([syllable("a"), syllable("b")], [spot(0.0), spot(1.0)], 100.0)
    assert steps == [Step(0, 1, 0, 1), Step(1, 1, 1, 1)]
    assert cost == 0.0


def test_a_light_syllable_is_not_the_one_that_is_held() -> None:
    sung = [syllable("a", 2), syllable("b", 0)]
    steps, _ = align(sung, [spot(0.0, 4), spot(1.0), spot(2.0, 2)], 100.0)
    assert steps == [Step(0, 1, 0, 2), Step(1, 1, 2, 1)]


def test_an_optional_syllable_is_the_first_to_go() -> None:
    sung = [syllable("a"), syllable("b", optional=True), syllable("c")]
    steps, cost = align(sung, [spot(0.0), spot(1.0)], 100.0)
    assert steps == [Step(0, 1, 0, 1), Step(1, 1, 1, 0), Step(2, 1, 1, 1)]
    assert 0.0 < cost < 0.2


def test_a_note_is_divided_rather_than_a_syllable_left_out() -> None:
    sung = [syllable("a"), syllable("b"), syllable("c")]
    steps, _ = align(sung, [spot(0.0), spot(1.0)], 60.0)
    assert sorted(step.taken for step in steps) == [1, 2]
    assert {step.held for step in steps} == {1}


def test_a_fast_note_costs_more_to_divide() -> None:
    sung = [syllable("a"), syllable("b")]
    assert align(sung, [spot(0.0)], 300.0)[1] > align(sung, [spot(0.0)], 60.0)[1]
