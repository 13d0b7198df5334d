from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.theory.intonation.curve import correction, lanes
from assistant.theory.intonation.manner import HARD, Manner
from assistant.theory.intonation.notes import measure_note, take_notes
from assistant.theory.intonation.take import TakeNote, Target
from tests.assistant.theory.intonation.takes_made import Made, Sung, made, within

FULL = Manner(flex_cents=0.0)
KEPT = replace(FULL, drift=100.0)
LINE = (
    Sung(60.3, 0.6, drift=30.0, scoop=-150.0),
    Sung(62.4, 0.8, depth=40.0),
    Sung(63.7, 0.5, gap=0.07),
    Sung(59.8, 0.7, depth=25.0, drift=-40.0, gap=0.4),
    Sung(66.8, 0.9, scoop=-200.0, depth=50.0),
)


def to(*pitches: float | None) -> tuple[Target, ...]:
    """Aim at pitches; None leaves a note alone."""
    return tuple(Target(pitch or 60.0, 1.0, pitch is not None, "said") for pitch in pitches)


def bent(
    take: Made, notes: Sequence[TakeNote], targets: Sequence[Target], manner: Manner
) -> NDArray[np.float32]:
    return correction(take.fine, notes, targets, [manner] * len(notes))


def line(unrest: float = 3.0) -> tuple[Made, tuple[TakeNote, ...]]:
    take = made(*LINE, unrest=unrest)
    notes = take_notes(take.coarse, take.onsets, take.fine)
    assert len(notes) == len(LINE)
    return take, notes


@pytest.mark.parametrize("manner", [FULL, KEPT, replace(FULL, drift=0.0)])
def test_every_centre_arrives_at_its_target(manner: Manner) -> None:
    take, notes = line()
    targets = to(60.0, 62.0, 64.0, 60.0, 67.0)
    cents = bent(take, notes, targets, manner)
    for note, target in zip(notes, targets, strict=True):
        held = within(take.fine, *note.held)
        moved = float(np.mean(cents[held])) / 100.0
        assert note.centre + moved == pytest.approx(target.pitch, abs=0.02)


@pytest.mark.parametrize("drift", [0.0, 60.0, 100.0])
def test_a_note_does_not_waver_more_than_before(drift: float) -> None:
    short = (Sung(61.2, 0.2, scoop=-180.0, gap=0.3), Sung(63.4, 0.25, scoop=150.0, gap=0.3))
    for seed in range(6):
        take = made(*LINE, Sung(60.0, 0.4, gap=0.3), *short * 2, unrest=5.0, seed=seed)
        notes = take_notes(take.coarse, take.onsets, take.fine)
        targets = to(*(float(round(note.centre)) for note in notes))
        cents = bent(take, notes, targets, replace(FULL, drift=drift))
        ratios = []
        for note in notes:
            held = within(take.fine, *note.held)
            before = take.fine.pitch[held]
            ratios.append(np.std(before + cents[held] / 100.0) / np.std(before))
        assert max(ratios) < 1.06  # the shift goes over to the next note's in the last 10 ms
        assert np.mean(ratios) < (1.005 if drift == 100.0 else 1.0)


def test_the_effect_lies_on_its_targets_at_every_voiced_frame() -> None:
    take, notes = line()
    targets = to(60.0, 62.0, 64.0, 60.0, 67.0)
    after = lanes(take.fine, bent(take, notes, targets, HARD)).after
    for note, target in zip(notes, targets, strict=True):
        own = after[within(take.fine, note.start, note.end)]
        assert own[~np.isnan(own)] == pytest.approx(target.pitch, abs=1e-3)


def test_the_effect_does_not_follow_slips_of_the_tracker() -> None:
    take, notes = line()
    second = within(take.fine, *notes[1].held)
    slip = second.start + 30
    take.fine.pitch[slip : slip + 3] += 12.0
    cents = bent(take, notes, to(60.0, 62.0, 64.0, 60.0, 67.0), HARD)
    assert np.abs(cents[slip : slip + 3]).max() < 60.0


def ornamented() -> tuple[Made, tuple[TakeNote, ...], NDArray[np.bool_]]:
    """Sing one note with an ornament three semitones up; and where it is."""
    take = made(Sung(60.2, 1.0))
    times = take.fine.times
    off = np.clip((0.06 - np.abs(times - take.starts[0] - 0.55)) / 0.03 + 0.5, 0.0, 1.0)
    take.fine.pitch[:] += 3.0 * off
    note = measure_note(take.fine, take.starts[0], take.starts[0] + 1.0)
    return take, (note,), np.asarray(off > 0.5)


def test_the_effect_flattens_ornaments_or_steps_with_them() -> None:
    take, notes, there = ornamented()
    own = within(take.fine, notes[0].start, notes[0].end)
    flat = lanes(take.fine, bent(take, notes, to(60.0), HARD)).after[own]
    assert flat == pytest.approx(60.0, abs=0.05)
    cents = correction(take.fine, notes, to(60.0), [HARD], lambda low, high: np.array([60.0, 63.0]))
    stepped = lanes(take.fine, cents).after[own]
    assert stepped == pytest.approx(np.where(there, 63.0, 60.0)[own], abs=0.05)
    kept = correction(take.fine, notes, to(60.0), [FULL], lambda low, high: np.array([60.0, 63.0]))
    np.testing.assert_array_equal(kept, bent(take, notes, to(60.0), FULL))


@pytest.mark.parametrize("manner", [FULL, HARD, replace(FULL, speed_ms=300.0)])
def test_what_is_not_moved_is_exactly_zero(manner: Manner) -> None:
    take, notes = line()
    cents = bent(take, notes, to(None, 62.0, None, 60.0, None), manner)
    for place in (0, 2, 4):
        assert not cents[within(take.fine, *notes[place].held)].any()
    near = np.zeros(cents.size, dtype=bool)
    for place in (1, 3):
        near[within(take.fine, notes[place].start - 0.05, notes[place].end + 0.05)] = True
    assert not cents[~near].any()
    assert cents[near].any()


def test_at_strength_zero_or_with_no_notes_nothing_changes() -> None:
    take, notes = line()
    targets = to(60.0, 62.0, 64.0, 60.0, 67.0)
    assert not bent(take, notes, targets, replace(HARD, strength=0.0)).any()
    none = correction(take.fine, (), (), ())
    assert none.dtype == np.float32
    assert none.shape == take.fine.times.shape
    assert not none.any()


def test_half_the_strength_goes_half_the_way() -> None:
    take, notes = line()
    targets = to(60.0, 62.0, 64.0, 60.0, 67.0)
    whole, half = (bent(take, notes, targets, replace(FULL, strength=s)) for s in (100.0, 50.0))
    assert half == pytest.approx(0.5 * whole, abs=1e-3)


def test_notes_near_their_target_are_left_alone_without_a_jump() -> None:
    take = made(Sung(60.0, 1.0))
    (note,) = take_notes(take.coarse, take.onsets, take.fine)
    held = within(take.fine, *note.held)
    manner = replace(KEPT, flex_cents=8.0)
    shifts = [
        abs(float(bent(take, [note], to(60.0 + off / 100.0), manner)[held].mean()))
        for off in np.arange(0.0, 20.0, 0.5)
    ]
    assert max(shifts[:15]) == 0.0
    assert shifts[-1] == pytest.approx(19.5, abs=0.2)
    assert max(np.diff(shifts)) < 2.0


def test_a_scoop_keeps_its_shape_or_goes() -> None:
    take = made(Sung(66.8, 0.9, scoop=-200.0))
    (note,) = take_notes(take.coarse, take.onsets, take.fine)
    scoop = within(take.fine, note.start, note.held[0])
    assert scoop.stop - scoop.start >= 8
    kept = bent(take, [note], to(67.0), KEPT)[scoop]
    assert kept == pytest.approx(100.0 * (67.0 - note.centre), abs=0.01)
    flat = bent(take, [note], to(67.0), replace(KEPT, scoops=0.0))[scoop]
    assert take.fine.pitch[scoop] + flat / 100.0 == pytest.approx(67.0, abs=0.05)


@pytest.mark.parametrize(
    ("vibrato", "depth"), [(0.0, 0.0), (50.0, 20.0), (100.0, 40.0), (200.0, 80.0)]
)
def test_vibrato_is_kept_shaped_or_taken_away(vibrato: float, depth: float) -> None:
    take = made(Sung(60.2, 1.5, depth=40.0))
    (note,) = take_notes(take.coarse, take.onsets, take.fine)
    cents = bent(take, [note], to(60.0), replace(KEPT, vibrato=vibrato))
    inside = within(take.fine, note.start + 0.2, note.end - 0.2)
    after = 100.0 * (take.fine.pitch[inside] - 60.0) + cents[inside]
    assert np.sqrt(2.0) * np.std(after) == pytest.approx(depth, abs=5.0)


def test_long_notes_keep_their_drift_where_they_are_humanized() -> None:
    take = made(Sung(60.3, 0.2, drift=30.0, gap=0.4), Sung(62.3, 1.2, drift=30.0))
    notes = take_notes(take.coarse, take.onsets, take.fine)
    tight = replace(FULL, drift=0.0)
    after = {}
    for humanize in (0.0, 100.0):
        cents = bent(take, notes, to(60.0, 62.0), replace(tight, humanize=humanize))
        pitch = take.fine.pitch + cents / 100.0
        after[humanize] = [np.ptp(pitch[within(take.fine, *note.held)]) for note in notes]
    assert after[0.0][1] < 0.03
    assert after[100.0][1] > 0.25
    assert after[100.0][0] < 0.1


def test_between_two_notes_the_shift_goes_over_smoothly() -> None:
    take = made(Sung(60.4, 0.6), Sung(62.3, 0.6, glide=0.06))
    notes = take_notes(take.coarse, take.onsets, take.fine)
    cents = bent(take, notes, to(60.0, 63.0), KEPT)
    assert cents.max() <= 71.0
    assert cents.min() >= -41.0
    between = cents[within(take.fine, notes[0].held[0], notes[1].held[1])]
    assert np.all(np.diff(between) >= -1e-3)
    assert np.diff(between).max() < 45.0


def test_speed_tells_when_a_correction_takes_hold() -> None:
    take = made(Sung(60.5, 1.0))
    (note,) = take_notes(take.coarse, take.onsets, take.fine)
    arrived = []
    for speed in (0.0, 100.0, 200.0, 400.0):
        cents = bent(take, [note], to(60.0), replace(KEPT, speed_ms=speed))
        own = cents[within(take.fine, note.start, note.end)]
        arrived.append(0.005 * float(np.argmax(own < -49.0)))
    assert arrived[0] == 0.0
    assert arrived == sorted(arrived)
    assert arrived[3] == pytest.approx(0.36, abs=0.06)


def test_lanes_show_what_is_voiced() -> None:
    take, notes = line()
    cents = bent(take, notes, to(60.0, 62.0, 64.0, 60.0, 67.0), FULL)
    shown = lanes(take.fine, cents)
    voiced = take.fine.confidence >= 0.5
    assert np.array_equal(~np.isnan(shown.before), voiced)
    assert shown.after[voiced] == pytest.approx(take.fine.pitch[voiced] + cents[voiced] / 100.0)
