"""Peaks of the sum and of tracks."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from assistant.mixing.fault import Fault
from assistant.mixing.faults.headroom import find_headroom, room_left
from assistant.mixing.heard import Heard
from assistant.mixing.role_names import Role
from tests.assistant.mixing.sessions import moved, track


def peaking(true_peak_db: float) -> Heard:
    one = track("sum", Role.BUS, -20.0)
    return moved(one, true_peak_db - one.heard.true_peak_db).heard


def of_the_sum(true_peak_db: float) -> list[Fault]:
    return list(find_headroom([], peaking(true_peak_db)))


@pytest.mark.parametrize("peak", [-30.0, -6.0, -3.1])
def test_a_sum_with_room_is_left_alone(peak: float) -> None:
    assert of_the_sum(peak) == []


@pytest.mark.parametrize("peak", [-2.9, -1.0, -0.1])
def test_a_hot_sum_is_a_taste(peak: float) -> None:
    (fault,) = of_the_sum(peak)
    assert fault.is_taste
    assert fault.targets == ("mix",)


def test_no_zero_has_a_sign() -> None:
    (fault,) = find_headroom([], replace(peaking(-1.0), true_peak_db=0.0))
    assert " 0.0 dB under full scale" in fault.why


@pytest.mark.parametrize("peak", [0.1, 3.0, 20.0])
def test_a_sum_over_full_scale_is_a_fault(peak: float) -> None:
    (fault,) = of_the_sum(peak)
    assert (fault.kind, fault.is_taste, fault.unit) == ("headroom", False, "dBTP")
    assert fault.value == pytest.approx(peak)
    assert f"{peak:.1f} dB over full scale" in fault.why


@pytest.mark.parametrize("peak", [-1.0, 2.0, 15.0])
def test_the_move_leaves_room(peak: float) -> None:
    (fault,) = of_the_sum(peak)
    (move,) = fault.moves
    assert (move.target, move.parameter, move.mode) == ("mix", "gain_db", "change")
    assert peak + move.value == pytest.approx(-6.0)
    assert of_the_sum(peak + move.value) == []


def test_the_higher_the_worse_it_is() -> None:
    severities = [of_the_sum(peak)[0].severity for peak in (-2.9, -1.0, 0.1, 3.0)]
    assert severities == sorted(severities)


def test_silence_has_room() -> None:
    silent = replace(peaking(0.0), peak_db=-math.inf, true_peak_db=-math.inf)
    assert find_headroom([], silent) == ()


@pytest.mark.parametrize(("peak", "count"), [(-3.0, 0), (0.0, 0), (0.5, 1), (9.0, 1)])
def test_a_track_over_full_scale_is_a_matter_of_care(peak: float, count: int) -> None:
    one = track("synth", Role.KEYS, -20.0)
    tracks = [moved(one, peak - one.heard.peak_db)]
    found = find_headroom(tracks, peaking(-12.0))
    assert [fault.targets for fault in found] == [("synth",)] * count
    assert all(fault.is_taste and not fault.moves for fault in found)


def test_faders_that_go_down_leave_less_for_that_of_the_mix() -> None:
    (hot,) = of_the_sum(-1.0)
    (left,) = room_left([hot], -1.5)
    assert left.moves[0].value == pytest.approx(hot.moves[0].value + 1.5)
    (more,) = room_left([hot], 3.0)
    assert more.moves[0].value == pytest.approx(hot.moves[0].value - 3.0)
    assert room_left([hot], -2.5) == ()


def test_a_sum_that_is_over_is_told_even_where_nothing_is_left_to_do() -> None:
    (over,) = of_the_sum(2.0)
    (told,) = room_left([over], -12.0)
    assert (told.moves, told.why) == ((), over.why)
