from __future__ import annotations

import pytest

from assistant.material import Note
from assistant.theory.verse.alignment import Spot, Step, SungSyllable
from assistant.theory.verse.rubs import counted, places_of


def syllable(text: str, word: str, stress: int, begins: bool = True) -> SungSyllable:
    return SungSyllable(text, word, stress, begins, not begins, False, text == word, False)


def spot(start: float, length: float, weight: int, opens: bool = False) -> Spot:
    """Place a note in 3/4."""
    bar, beat = divmod(start, 3.0)
    return Spot(Note(60.0, start, length), weight, opens, int(bar) + 1, beat + 1.0)


@pytest.mark.parametrize(
    ("step", "sung", "spots", "told"),
    [
        (
            Step(0, 1, 0, 1),
            [syllable("pre", "siempre", 0, begins=False)],
            [spot(12.0, 1.0, 4)],
            (5, 1.0, "the unstressed 'pre' of 'siempre' falls on a strong beat"),
        ),
        (
            Step(0, 1, 0, 1),
            [syllable("siem", "siempre", 2)],
            [spot(7.5, 0.5, 1)],
            (3, 2.5, "the stressed 'siem' of 'siempre' falls between the beats"),
        ),
        (
            Step(0, 2, 0, 1),
            [syllable("siem", "siempre", 2), syllable("pre", "siempre", 0, begins=False)],
            [spot(6.0, 2.0, 4)],
            (3, 1.0, "1 syllable more than notes: 'siempre' would need the half note split"),
        ),
        (
            Step(0, 1, 0, 3),
            [syllable("ah", "ah", 2)],
            [spot(0.0, 1.0, 4), spot(1.0, 1.0, 2), spot(2.0, 1.0, 2)],
            (1, 1.0, "'ah' is held over 3 notes"),
        ),
        (
            Step(0, 1, 0, 1),
            [syllable("pre", "siempre", 0, begins=False)],
            [spot(4.0, 1.0, 2, opens=True)],
            (2, 2.0, "a rest breaks 'siempre' before 'pre'"),
        ),
        (
            Step(0, 0, 0, 1),
            [],
            [spot(1.0, 1.0, 2)],
            (1, 2.0, "1 note left without words, the first here"),
        ),
        (
            Step(0, 1, 0, 0),
            [syllable("no", "no", 2)],
            [spot(1.0, 1.0, 2)],
            (1, 2.0, "no note is left for 1 syllable: no"),
        ),
    ],
)
def test_what_rubs_is_said(
    step: Step, sung: list[SungSyllable], spots: list[Spot], told: tuple[int, float, str]
) -> None:
    (place,) = places_of([step], sung, spots)
    assert (place.bar, place.beat, place.text) == told


def test_one_is_counted_as_one() -> None:
    assert [counted(count, "note") for count in (0, 1, 2)] == ["0 notes", "1 note", "2 notes"]


def test_what_fits_is_not_said() -> None:
    fitting = [syllable("siem", "siempre", 2)]
    assert not list(places_of([Step(0, 1, 0, 1)], fitting, [spot(0.0, 1.0, 4)]))
