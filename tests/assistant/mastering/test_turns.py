from __future__ import annotations

from collections.abc import Generator

import pytest

from assistant.contract import Progress
from assistant.mastering.turns import Turns


def work(made: str | None) -> Generator[float, None, str | None]:
    yield 0.5
    yield 1.0
    return made


@pytest.mark.parametrize(
    ("left", "wanted", "makes"),
    [(3, 3, ["a", None, "b"]), (4, 2, ["a", None, "b"]), (4, 9, ["a", "b", "c", None])],
)
def test_turns_share_out_what_is_left_and_never_pass_the_end(
    left: int, wanted: int, makes: list[str | None]
) -> None:
    turns, told = Turns(left, wanted, 0.1), list[float]()
    for made in makes:
        taking = turns.take(work(made), "a way")
        while True:
            try:
                one = next(taking)
            except StopIteration as done:
                assert done.value == made
                break
            assert isinstance(one, Progress)
            assert one.doing == "mastering: a way"
            told.append(one.fraction)
    assert told == sorted(told)
    assert told[0] > 0.1
    assert told[-1] == pytest.approx(1.0)
