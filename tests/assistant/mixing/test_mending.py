"""What was found is told in a few sentences."""

from __future__ import annotations

import pytest

from assistant.mixing.fault import Fault
from assistant.mixing.mending import counted, mending
from assistant.mixing.plan import Plan
from assistant.moves import Move


def fault(n: int, *, is_taste: bool = False, confidence: float = 0.8) -> Fault:
    why = f"Number {n} is wrong."
    move = Move("bass", "gain_db", -float(n), why, "change")
    return Fault(
        "gain", ("bass",), 0.5, float(n), "dB", confidence, why, "listen", is_taste, {}, (move,)
    )


def test_nothing_found_is_said() -> None:
    way = mending(Plan(), ())
    assert (way.title, way.moves) == ("Nothing to mend", ())
    assert "No fault was found" in way.why


def test_faults_and_tastes_are_counted_apart() -> None:
    told = tuple(fault(n, is_taste=n > 2) for n in range(1, 8))
    way = mending(Plan(told), ())
    assert way.title == "2 faults, 5 matters of taste"
    assert "Number 1 is wrong. Number 2 is wrong. Of taste: Number 3" in way.why
    assert "And 2 more." in way.why
    assert way.moves == tuple(move for one in told for move in one.moves)


def test_it_is_as_sure_as_what_was_found() -> None:
    told = (fault(1, confidence=0.9), fault(2, confidence=0.5))
    assert mending(Plan(told), ()).confidence == pytest.approx(0.7)


def test_counts_are_words() -> None:
    assert [counted(n, "fault", "faults") for n in (0, 1, 2)] == [
        "no faults",
        "1 fault",
        "2 faults",
    ]
