"""Phrases, and which of them come back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.theory.tune.phrasing import forms, phrases
from tests.assistant.theory.tune.tunes import framed


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8), (12, 8), (5, 4), (7, 8), (2, 4)])
@pytest.mark.parametrize("bars", [1, 2, 3, 5, 8, 13])
def test_phrases_fill_the_bars(meter: tuple[int, int], bars: int) -> None:
    lines = framed(bars=bars, meter=meter).measures
    found = phrases(lines)
    assert found[0].start == 0
    assert found[-1].end == lines[-1].end
    assert all(one.end == two.start for one, two in pairwise(found))
    assert all(one.start <= one.last_bar < one.end for one in found)


def test_two_bars_of_four_quarters_are_a_phrase() -> None:
    assert [(one.start, one.last_bar) for one in phrases(framed(bars=4).measures)] == [
        (0, 16),
        (32, 48),
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 12, 16, 32])
def test_forms_repeat_only_what_was_there(count: int) -> None:
    found = forms(count)
    assert sum(form.weight for form in found) == pytest.approx(1.0)
    for form in found:
        assert len(form.letters) == count
        for place, source in enumerate(form.sources):
            assert -1 <= source < place
            assert source == -1 or form.letters[source] == form.letters[place]
    assert count < 4 or all(len(set(form.letters)) < count for form in found)
