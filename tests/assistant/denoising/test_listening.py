"""What is known of a take before anything is taken from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.contract import Progress
from assistant.denoising.asked import Asked
from assistant.denoising.listening import Listened, listen
from assistant.errors import MaterialError
from assistant.material import Audio, Samples

RATE = 22_050
SHARES = ("declip", "declick", "dehum", "deess", "deplosive", "dereverb")


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def notes(noise: float) -> Audio:
    """Play notes that ring out, and rest between them."""
    at = np.arange(8 * RATE) / RATE
    since = at % 4.0 - 1.0  # of each four seconds, the first is a rest
    fades = np.where(since > 0.0, np.exp(-6.0 * (since % 1.0)), 0.0)
    made = 0.3 * fades * np.minimum(1.0, (since % 1.0) * 300.0) * np.sin(2.0 * np.pi * 330.0 * at)
    made += noise * np.random.default_rng(1).standard_normal(at.size)
    return Audio(made[None].astype(np.float32), RATE)


def heard(take: Audio, **changed: Any) -> tuple[list[Progress], Listened]:
    usual: dict[str, Any] = {
        "amount": 1.0, "reduction_db": 18.0, "material": "instrument", "print": None,
        "pause_seconds": None, "keep_print": "", "residual": False,
        "shares": dict.fromkeys(SHARES, 1.0),
    }  # fmt: skip
    work, told = listen(take, Asked(**{**usual, **changed}), 0.8, zeros), list[Progress]()
    while True:
        try:
            told.append(next(work))
        except StopIteration as stop:
            return told, stop.value


def test_noise_is_found_and_told_apart() -> None:
    progress, made = heard(notes(0.005))
    assert [one.kind for one in made.findings] == ["noise"]
    assert made.removable.noise is not None
    assert made.has_ways
    assert made.notes == ()
    fractions = [one.fraction for one in progress]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(0.8)


def test_silent_rests_are_told_as_such() -> None:
    _, made = heard(notes(0.0))
    assert made.notes == ("Its rests are silent: there is no noise in them.",)
    assert made.findings == ()
    assert not made.has_ways
    _, made = heard(Audio(zeros((1, RATE)), RATE), keep_print="room")
    assert made.notes == ("The take is silent.", "So there is no print to keep, either.")


def test_noise_that_is_too_faint_to_matter_is_told_and_left() -> None:
    _, made = heard(notes(0.0005))
    assert made.removable.noise is None
    (note,) = made.notes
    assert "too faint" in note


def test_a_silent_print_is_told_as_such() -> None:
    _, made = heard(notes(0.005), print=Audio(zeros((1, RATE)), RATE))
    assert made.notes == ("The noise print is silent, so there is nothing to go by.",)


def test_a_print_of_a_lower_rate_is_told_to_end() -> None:
    noise = 0.005 * np.random.default_rng(2).standard_normal((1, 16_000))
    _, made = heard(notes(0.005), print=Audio(noise.astype(np.float32), 8000))
    assert "The print ends at 4 kHz; noise above that is left." in made.notes


def test_who_wants_no_noise_taken_away_is_told_nothing_of_it() -> None:
    for noise in (0.0, 0.005):
        _, made = heard(notes(noise), reduction_db=0.0)
        assert (made.notes, made.findings, made.print) == ((), (), None)
    assert heard(notes(0.005), reduction_db=0.0, keep_print="room")[1].print is not None


def test_a_pause_outside_the_take_is_refused_before_any_work() -> None:
    nothing_read = Audio(zeros((1, RATE)), RATE)
    with pytest.raises(MaterialError, match=r"the take is 1\.00 s long"):
        next(
            listen(
                nothing_read,
                Asked(1.0, 18.0, "auto", None, (0.5, 2.0), "", residual=False, shares={}),
                1.0,
                zeros,
            )
        )
