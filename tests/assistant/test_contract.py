from __future__ import annotations

from collections.abc import Generator

from assistant.contract import Progress, telling


def work() -> Generator[float, None, str]:
    yield 0.25
    yield 1.0
    return "made"


def test_work_is_told_as_a_share_of_the_whole() -> None:
    told: list[Progress] = []
    walk = telling(work(), "listening", 0.5, 0.4)
    while True:
        try:
            told.append(next(walk))
        except StopIteration as done:
            assert done.value == "made"
            break
    assert told == [Progress(0.5 + 0.4 * 0.25, "listening"), Progress(0.5 + 0.4, "listening")]
