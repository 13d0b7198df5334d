"""What was found is told in a few sentences."""

from __future__ import annotations

import pytest

from assistant.mixing.fault import Fault
from assistant.mixing.mending import counted, mending
from assistant.mixing.plan import Plan
from assistant.mixing.role_names import Role
from assistant.moves import Move
from tests.assistant.mixing.sessions import track


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
    assert way.title == "2 faults, 1 matter of taste"
    assert "Number 1 is wrong. Number 2 is wrong. Of taste: Number 3" in way.why
    assert "And level (bass), level (bass)." in way.why
    assert [move.value for move in way.moves] == [-float(n) for n in range(1, 8)]


def test_each_move_says_what_to_listen_for() -> None:
    (move,) = mending(Plan((fault(1),)), ()).moves
    assert move.why == "Number 1 is wrong. Listen for: listen."


def test_it_is_as_sure_as_what_was_found() -> None:
    told = (fault(1, confidence=0.9), fault(2, confidence=0.5))
    assert mending(Plan(told), ()).confidence == pytest.approx(0.7)


def test_counts_are_words() -> None:
    assert [counted(n, "fault", "faults") for n in (0, 1, 2)] == [
        "no faults",
        "1 fault",
        "2 faults",
    ]


def test_what_a_guess_says_is_told_and_how_to_say_otherwise() -> None:
    guessed = [track("Track 3", Role.BASS, -20.0, sure=0.2), track("b", Role.PAD, -20.0, sure=0.2)]
    assert "What Track 3 plays is a guess (bass)" in mending(Plan(), guessed[:1]).why
    assert "say it with roles: Track 3=guitar." in mending(Plan(), guessed[:1]).why
    assert "What Track 3 (bass) and b (pad) play is a guess" in mending(Plan(), guessed).why
