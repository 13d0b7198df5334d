from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import Key
from assistant.theory.ideas.paths import first_as_asked


@dataclass(frozen=True)
class Way:
    chords: tuple[str, ...]
    likelihood: float = -1.0


OPEN, CLOSED = Way(("I:maj",) * 4 + ("V:maj",) * 4), Way(("V:maj",) * 4 + ("I:maj",) * 4)
BUSY = Way(("V:maj", "I:maj") * 4)


@pytest.mark.parametrize(
    ("ending", "density", "order"),
    [("auto", None, [OPEN, CLOSED, BUSY]), ("close", None, [CLOSED, BUSY, OPEN]),
     ("loop", None, [OPEN, CLOSED, BUSY]), ("auto", 1.0, [BUSY, OPEN, CLOSED]),
     ("close", 1.0, [BUSY, CLOSED, OPEN])],
)  # fmt: skip
def test_the_ending_goes_before_the_pace(
    ending: Ending, density: float | None, order: list[Way]
) -> None:
    assert first_as_asked([OPEN, CLOSED, BUSY], ending, Key(0), density) == order
