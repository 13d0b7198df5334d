"""Tracks that swing about another level than zero."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.offsets import find_offsets
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.steps import result
from tests.assistant.dsp.hums import tune
from tests.assistant.mixing.played import RATE, Row, track, zeros


def found(*rows: Row) -> tuple[Fault, ...]:
    return find_offsets([track(np.array(rows), Role.GUITAR)])


@pytest.mark.parametrize("offset", [0.0015, -0.005, 0.05, -0.1])
def test_an_offset_is_found_and_taken_away(offset: float) -> None:
    one = track(tune(6.0, RATE) + offset, Role.GUITAR)
    (fault,) = find_offsets([one])
    assert (fault.kind, fault.is_taste) == ("dc", False)
    assert fault.value == pytest.approx(offset, rel=0.1)
    made = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True))
    assert found(*made.tracks[0].audio.samples) == ()


def test_an_offset_of_one_channel_is_enough() -> None:
    (fault,) = found(tune(6.0, RATE), tune(6.0, RATE) - 0.01)
    assert fault.value == pytest.approx(-0.01, rel=0.1)


def test_an_offset_that_was_cut_into_regions_is_found() -> None:
    region = tune(4.0, RATE) + 0.01
    silence = np.zeros(4 * RATE)
    (fault,) = found(np.concatenate([silence, region, silence]))
    assert fault.value == pytest.approx(0.01, rel=0.1)


def test_a_sound_that_is_not_alike_above_and_below_has_none() -> None:
    driven = 10.0 * tune(6.0, RATE)
    crooked = np.where(driven > 0.0, 1.0 - np.exp(-driven), 0.5 * np.expm1(driven))
    assert abs(crooked.mean()) > 0.02
    assert found(0.3 * crooked) == ()


@pytest.mark.parametrize("hertz", [41.2, 49.0])
def test_a_low_note_without_a_rest_has_none(hertz: float) -> None:
    time = np.arange(6 * RATE) / RATE
    assert found(0.3 * np.sin(2.0 * np.pi * hertz * time + 1.0)) == ()


def test_a_short_noise_has_none() -> None:
    dice = np.random.default_rng(1)
    noises = [0.01 * dice.standard_normal((2, 2_400)) for _ in range(60)]
    assert find_offsets([track(one, Role.FX, rate=8_000) for one in noises]) == ()


def test_silence_has_none() -> None:
    assert found(np.zeros(RATE)) == ()


@pytest.mark.parametrize("offset", [0.5, -0.3])
def test_a_track_that_is_nothing_but_an_offset_is_found(offset: float) -> None:
    (fault,) = found(np.full(6 * RATE, offset))
    assert fault.value == pytest.approx(offset, rel=0.01)
