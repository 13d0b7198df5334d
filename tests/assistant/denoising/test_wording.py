"""What was done to a take, in a musician's words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from assistant.contract import Quantity
from assistant.denoising.asked import Asked
from assistant.denoising.findings import Finding
from assistant.denoising.listening import Listened
from assistant.denoising.material_class import Heard
from assistant.denoising.routes import Taken
from assistant.denoising.ways import WAYS, Removable
from assistant.denoising.wording import clean_why, done_of, facts_of, strengths_of, why_of
from assistant.material import Audio

BALANCED, GENTLE, STRONG = WAYS
TAKE = Audio(np.zeros((1, 100), np.float32), 8000)
CLICKS = Finding("clicks", ((1.0, 1.1), (2.0, 2.1)), 30.0, "a minute", 0.9, "Two clicks.")
SHARP = Finding("sibilance", ((3.0, 3.1),), 2.0, "dB", 0.6, "Once an s is sharp.")
ROOM = Finding("reverberation", (), 0.8, "s", 0.7, "A room is heard.")
LOUD: Mapping[str, Quantity] = {"loud_parts": Quantity(-20.0, -20.4, "dBFS")}
SHARES = dict.fromkeys(("declip", "declick", "dehum", "deess", "deplosive"), 1.0)


def heard(*findings: Finding, noise: bool = False, notes: tuple[str, ...] = ()) -> Listened:
    taken = Taken(TAKE, "instrument", "") if noise else None
    removable = Removable(TAKE, TAKE if noise else None)
    return Listened(
        removable, findings, Heard("mix", 1.0, "No voice is heard."), None, notes, taken
    )


def asked(amount: float = 1.0, reduction_db: float = 20.0, **shares: float) -> Asked:
    told = {**SHARES, "dereverb": 0.0, **shares}
    return Asked(amount, reduction_db, "auto", None, None, "", residual=False, shares=told)


def test_each_finding_is_told_with_its_places_and_how_sure_it_is() -> None:
    told = why_of(heard(CLICKS, ROOM), BALANCED, asked(), LOUD)
    assert "Two clicks (at 0:01.0, 0:02.0; 90 % sure)." in told
    assert "A room is heard (all through; 70 % sure)." in told
    assert "within 0.4 dB" in told
    assert "noise" not in told


@pytest.mark.parametrize(
    ("amount", "reduction_db", "decibels"), [(1.0, 20.0, 20), (1.0, 6.0, 6), (0.5, 20.0, 5)]
)
def test_noise_is_told_by_how_many_decibels_it_goes_down(
    amount: float, reduction_db: float, decibels: int
) -> None:
    told = why_of(heard(noise=True), BALANCED, asked(amount, reduction_db), LOUD)
    assert f"The noise goes down by {decibels} dB." in told


def test_other_ways_go_further_and_less_far() -> None:
    assert "goes down by 30 dB" in why_of(heard(noise=True), STRONG, asked(), LOUD)
    assert "goes down by 10 dB" in why_of(heard(noise=True), GENTLE, asked(), LOUD)


def test_notes_come_last_and_a_clean_take_is_told_as_such() -> None:
    assert why_of(heard(CLICKS, notes=("Mark one.",)), BALANCED, asked(), LOUD).endswith(
        "Mark one."
    )
    told = clean_why(heard(ROOM, notes=("Mark one.",)))
    assert told.startswith("Nothing is taken away")
    assert "(all through; 70 % sure). Mark one." in told


def test_what_was_done_is_told_with_how_far() -> None:
    both = heard(CLICKS, SHARP, ROOM, noise=True)
    told = done_of(both, GENTLE, asked(0.5, dereverb=0.5))
    assert [one.split()[0] for one in told] == ["Clicks", "Each", "What", "34"]
    assert "50 % of the way" in told[0]
    assert f"{100 * 0.5 * GENTLE.shaping:.0f} % of the way" in told[1]
    assert "as music" in told[3]


def test_what_was_switched_off_was_not_done() -> None:
    assert list(done_of(heard(CLICKS, ROOM), BALANCED, asked(declick=0.0))) == []


def test_how_strong_each_fault_was_can_be_read_by_its_name() -> None:
    assert strengths_of(heard(CLICKS, ROOM)) == {
        "clicks": Quantity(30.0, None, "a minute"),
        "reverberation": Quantity(0.8, None, "s"),
    }


def test_the_facts_say_what_the_take_was_taken_for() -> None:
    assert facts_of(heard()) == {"taken for": "mix", "because": "No voice is heard."}
