"""A piece of work as a share of a larger one."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from assistant.steps import part, result


def counting() -> Generator[float, None, str]:
    yield 0.5
    yield 1.0
    return "made"


def test_a_part_begins_where_the_one_before_ended_and_hands_over_what_was_made() -> None:
    work = part(counting(), 0.4, 0.2)
    assert [next(work), next(work)] == pytest.approx([0.5, 0.6])
    with pytest.raises(StopIteration) as done:
        next(work)
    assert done.value.value == "made"


def test_who_does_not_ask_how_far_it_is_gets_what_was_made() -> None:
    assert result(counting()) == "made"
