from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.key import MODES, Key, read_key
from assistant.theory.intonation.scales import (
    COMMON,
    concert_offset,
    scale_from_cents,
    scale_of_key,
    tempered_scale,
)


def test_a_scale_lists_its_notes_in_every_octave() -> None:
    notes = scale_of_key(read_key("A minor")).pitches(57.0, 69.0)
    assert notes.tolist() == [57.0, 59.0, 60.0, 62.0, 64.0, 65.0, 67.0, 69.0]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_the_notes_of_its_key(mode: str) -> None:
    key = Key(2, mode)
    notes = scale_of_key(key).pitches(60.0, 71.0)
    assert {int(note) % 12 for note in notes} == key.pitch_classes


def test_minor_borrows_its_raised_seventh_sooner_than_other_notes() -> None:
    pitches, weights = scale_of_key(read_key("A minor")).ladder(57.0, 68.0)
    usual = dict(zip(pitches.tolist(), weights.tolist(), strict=True))
    assert len(usual) == 12
    assert usual[57.0] == 1.0
    assert 1.0 > usual[68.0] > usual[61.0] > 0.0


def test_a_mask_borrows_nothing() -> None:
    scale = tempered_scale("notes", 9, (0, 3, 5), strict=True)
    pitches, _ = scale.ladder(57.0, 68.0)
    assert pitches.tolist() == [57.0, 60.0, 62.0]


def test_a_scala_scale_repeats_after_its_last_step() -> None:
    scale = scale_from_cents("third of an octave", (150.0, 400.0), 2.0)
    assert scale.period == 4.0
    assert scale.pitches(62.0, 70.0).tolist() == [62.0, 63.5, 66.0, 67.5, 70.0]
    assert not scale.tempered


def test_a_step_beyond_the_period_is_taken_down_into_it() -> None:
    assert scale_from_cents("", (700.0, 1400.0, 1200.0), 0.0).steps == (0.0, 2.0, 7.0)


@pytest.mark.parametrize("cents", [(), (100.0, 0.0)])
def test_a_scale_without_a_period_is_refused(cents: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="last step"):
        scale_from_cents("", cents, 0.0)


def test_notes_between_the_keys_are_named_with_cents() -> None:
    rast = scale_from_cents("rast", (200.0, 350.0, 500.0, 700.0, 900.0, 1050.0, 1200.0), 0.0)
    assert rast.note_name(63.5) == "E4 -50"
    assert rast.note_name(60.0) == "C4"
    assert scale_of_key(read_key("Db")).note_name(61.0) == "Db4"


def test_a_scale_knows_its_own_notes() -> None:
    scale = scale_of_key(read_key("C"))
    assert scale.holds(64.0)
    assert scale.holds(72.0)
    assert not scale.holds(61.0)
    assert not scale.holds(64.3)


def test_common_scales_begin_on_their_tonic_and_ascend() -> None:
    for steps in COMMON.values():
        assert steps[0] == 0
        assert list(steps) == sorted(set(steps))
        assert steps[-1] < 12


def test_concert_pitch_is_measured_from_440() -> None:
    assert concert_offset(440.0) == 0.0
    assert np.isclose(100.0 * concert_offset(432.0), -31.77, atol=0.01)


def test_a_note_that_is_borrowed_has_the_name_that_is_read() -> None:
    scale = scale_of_key(read_key("Ab major"))
    assert [scale.note_name(pitch) for pitch in (68.0, 69.0, 71.0, 73.0)] == [
        "Ab4", "A4", "Cb5", "Db5",
    ]  # fmt: skip
