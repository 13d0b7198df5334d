"""Faults of one track that need no role, and what their moves make of them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Audio, Session, Stem
from assistant.mixing.fault import Fault
from assistant.mixing.faults.channels import find_channel_faults, mix_mono_loss, mono_losses
from assistant.mixing.heard import Heard, hear
from assistant.mixing.rendering import render
from assistant.steps import result
from tests.assistant.dsp.test_alignment import RATE, Row, hits, room
from tests.assistant.mixing.faults.test_relations import zeros


def audio(*rows: Row) -> Audio:
    return Audio(np.stack(rows).astype(np.float32), RATE)


def heard(*rows: Row) -> Heard:
    return result(hear(audio(*rows)))


def faults(*rows: Row) -> tuple[Fault, ...]:
    return find_channel_faults(["track"], [heard(*rows)])


def cured(fault: Fault, *rows: Row) -> tuple[Fault, ...]:
    session = Session((Stem("track", audio(*rows)),))
    made = result(render(session, fault.moves, zeros, tracks=True))
    return find_channel_faults(["track"], [result(hear(made.tracks[0].audio))])


def stereo(width: float, seconds: int = 6) -> tuple[Row, Row]:
    middle, side = hits(1, seconds), width * hits(2, seconds)
    return middle + side, middle - side


@pytest.mark.parametrize("width", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("channel", [0, 1])
def test_a_flipped_channel_is_found_and_flipped_back(width: float, channel: int) -> None:
    pair = list(stereo(width))
    pair[channel] = -pair[channel]
    (fault,) = faults(*pair)
    assert (fault.kind, fault.is_taste) == ("polarity", False)
    assert cured(fault, *pair) == ()


@pytest.mark.parametrize("width", [0.0, 0.5, 1.0, 1.2])
def test_what_is_wide_is_no_fault(width: float) -> None:
    assert faults(*stereo(width)) == ()


def test_spaced_microphones_are_no_fault() -> None:
    dry, other = hits(1), hits(2)
    left = room(dry, 3) + room(other, 4, 25)
    (found,) = faults(left, room(dry, 5, 30) + room(other, 6))
    assert (found.kind, found.is_taste) == ("mono_loss", True)
    assert "microphones" in found.listen_for


@pytest.mark.parametrize("late", [3, 11, 24])
def test_a_side_that_is_late_is_told(late: int) -> None:
    left, right = stereo(0.3)
    (found,) = faults(left, np.roll(right, late))
    assert (found.kind, found.is_taste, found.moves) == ("mono_loss", True, ())
    assert found.evidence["apart"].value == pytest.approx(1000.0 * late / RATE, rel=0.03)
    assert found.evidence["first notch"].value == pytest.approx(RATE / late / 2.0, rel=0.03)


def test_a_side_that_is_late_and_upside_down_is_flipped_first() -> None:
    left, right = stereo(0.3)
    (found,) = faults(left, -np.roll(right, 3))
    assert found.kind == "polarity"


def test_what_is_gone_in_mono_is_a_taste_and_narrowed() -> None:
    pair = stereo(1.6)
    (fault,) = faults(*pair)
    assert (fault.kind, fault.is_taste) == ("mono_loss", True)
    assert fault.value == pytest.approx(10.0 * np.log10(1.0 + 1.6**2), abs=0.5)
    assert cured(fault, *pair) == ()


@pytest.mark.parametrize("level", [0.0, 1e-6])
def test_a_dead_track_is_told(level: float) -> None:
    (fault,) = faults(level * np.random.default_rng(1).normal(size=4 * RATE))
    assert fault.kind == "dead"
    assert fault.moves[0].parameter == "mute"


def test_a_dead_channel_is_told_and_the_other_put_in_the_middle() -> None:
    sound = hits(1)
    (fault,) = faults(sound, 0.0 * sound)
    assert (fault.kind, fault.is_taste) == ("dead", False)
    assert "right" in fault.why
    assert cured(fault, sound, 0.0 * sound) == ()


def test_two_tracks_at_opposite_sides_are_panned() -> None:
    one, other = hits(1), hits(2)
    assert find_channel_faults(["l", "r"], [heard(one, 0 * one), heard(0 * other, other)]) == ()


def test_a_channel_that_is_softer_all_through_is_a_taste_and_set_right() -> None:
    left, right = stereo(0.8)
    (fault,) = faults(left, 0.25 * right)
    assert (fault.kind, fault.is_taste) == ("imbalance", True)
    assert fault.value == pytest.approx(-12.0, abs=0.5)
    assert fault.severity <= 0.4
    assert cured(fault, left, 0.25 * right) == ()


def test_a_panned_track_is_no_fault_and_a_lesser_taste_than_a_picture_that_leans() -> None:
    (panned,) = faults(hits(1), 0.2 * hits(1))
    left, right = stereo(0.8)
    (leaning,) = faults(left, 0.2 * right)
    assert panned.kind == leaning.kind == "imbalance"
    assert panned.is_taste
    assert panned.weight < 0.7 * leaning.weight


def test_two_that_are_panned_apart_are_nothing() -> None:
    one, other = hits(1), hits(2)
    sides = heard(one, 0.2 * one), heard(0.2 * other, other)
    assert find_channel_faults(["l", "r"], sides) == ()


def test_a_picture_that_leans_is_told_even_where_another_track_is_panned_away() -> None:
    left, right = stereo(0.8)
    other = hits(3)
    pictures = heard(left, 0.2 * right), heard(0.2 * other, other)
    alone = find_channel_faults(["wide"], pictures[:1])
    (found,) = (
        one for one in find_channel_faults(["wide", "r"], pictures) if one.targets == ("wide",)
    )
    assert (found.kind, found.is_taste) == ("imbalance", True)
    assert found.weight < alone[0].weight


def test_a_little_to_one_side_is_nothing() -> None:
    assert faults(hits(1), 0.6 * hits(1)) == ()


def test_a_flipped_channel_without_bass_is_found() -> None:
    high = np.diff(hits(1), 4)
    low = 0.03 * np.std(high) / np.std(hits(2)) * np.stack([hits(2)[4:], hits(3)[4:]])
    assert faults(high + low[0], high + low[1]) == ()
    (fault,) = faults(high + low[0], low[1] - high)
    assert (fault.kind, fault.is_taste) == ("polarity", False)


def test_mono_losses_are_told_by_bands() -> None:
    seconds = np.arange(4 * RATE) / RATE
    low, high = (0.1 * np.sin(2.0 * np.pi * hz * seconds) for hz in (60.0, 1000.0))
    losses = mono_losses(heard(high + low, high - low).moments)
    assert losses[20.0, 120.0] > 20.0
    assert losses[500.0, 2000.0] == pytest.approx(0.0, abs=0.1)


def test_a_mix_that_loses_its_bass_in_mono_is_faulty() -> None:
    seconds = np.arange(4 * RATE) / RATE
    bass = 0.1 * np.sin(2.0 * np.pi * 60.0 * seconds)
    sound = hits(1, 4)
    fault = mix_mono_loss(heard(sound + bass, sound - bass))
    assert fault is not None
    assert (fault.targets, fault.is_taste) == (("mix",), False)
    assert mix_mono_loss(heard(sound + bass, sound + bass)) is None
