from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.third_octaves import BANDS, CENTRES_HZ, FLOOR_DB, STEPS_HZ, Levels, listen
from assistant.mastering.matching import MOST_DB, apply, match
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.mastering.spectra import CURVES, deviations, like, spectrum

POP = CURVES["pop"]
FLAT = np.zeros(BANDS)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def music(tilt_db: float, width: float, seed: int, rate: int = 44_100, seconds: int = 20) -> Audio:
    """Make noise that falls by a tilt in dB an octave per hertz, with sides of its own."""
    dice = np.random.default_rng(seed)
    frames = seconds * rate
    lines = np.fft.rfft(dice.standard_normal((2, frames)))
    hertz = np.maximum(np.arange(lines.shape[1]) / seconds, 20.0)
    middle, sides = np.fft.irfft(lines * hertz ** (tilt_db / 6.02), frames)
    both = np.stack([middle + width * sides, middle - width * sides])
    return Audio((0.1 * both / both.std()).astype(np.float32), rate)


def width_db(audio: Audio) -> Levels:
    told = result(listen(audio))
    return told.side_db - told.mid_db


@pytest.mark.parametrize("level_db", [-50.0, -30.0, 0.0])
def test_only_the_shape_counts(level_db: float) -> None:
    found = match(like(POP), spectrum(POP.levels_db, level_db=level_db))
    assert not found.middle_db.any()
    assert not found.sides_db.any()
    assert "nothing is corrected" in found.why


@given(deviations(4.0))
def test_a_match_comes_nearer(over_db: Levels) -> None:
    found = match(like(POP, over_db), like(POP))
    assert found.after_db <= found.before_db + 1e-9


@given(deviations(20.0), deviations(20.0), st.floats(0.5, 12.0))
def test_the_correction_is_bounded(one: Levels, other: Levels, most_db: float) -> None:
    found = match(like(POP, one), like(POP, other), most_db=most_db)
    for gains in (found.middle_db, found.sides_db):
        assert np.abs(gains).max() <= most_db + 1e-9
        assert np.abs(gains[STEPS_HZ < 30.0]).max() <= 0.6 * most_db
        assert np.abs(gains[STEPS_HZ > 16_000.0]).max() <= 0.6 * most_db


@given(deviations(20.0), deviations(20.0))
def test_the_correction_is_smooth(one: Levels, other: Levels) -> None:
    found = match(like(POP, one), like(POP, other))
    assert np.abs(np.diff(found.middle_db)).max() <= 0.75 * MOST_DB


@given(st.floats(-60.0, 0.0), st.floats(-60.0, 0.0))
def test_the_sides_change_by_3_db_against_the_middle_at_most(mine: float, theirs: float) -> None:
    found = match(spectrum(POP.levels_db, mine), spectrum(POP.levels_db, theirs))
    change = found.sides_db - found.middle_db
    assert change.min() >= -3.0 - 1e-9
    assert change.max() <= 3.0 + 1e-9
    if mine < -30.0 or theirs < -30.0:
        assert not change.any()


def test_what_a_mix_has_at_its_sides_is_not_blown_up() -> None:
    found = match(spectrum(POP.levels_db, -27.0), spectrum(POP.levels_db, -3.0))
    assert (found.sides_db - found.middle_db).max() <= 0.7


@pytest.mark.parametrize("reference_side", [None, -40.0, -25.0])
def test_a_mono_reference_does_not_collapse_the_image(reference_side: float | None) -> None:
    mix = music(-3.0, 0.5, 0)
    found = match(result(listen(mix)), spectrum(np.linspace(3.0, -3.0, BANDS), reference_side))
    made = result(apply(mix, found, zeros))
    assert (width_db(made) - width_db(mix))[2:].min() >= -3.2


def test_nothing_is_boosted_where_the_mix_is_cut() -> None:
    cut = np.where(np.array(CENTRES_HZ) > 11_000.0, -70.0, 0.0)
    found = match(like(POP, cut), like(POP, np.linspace(-4.0, 4.0, BANDS)))
    assert found.middle_db[STEPS_HZ > 12_500.0].max() <= 0.2


@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_a_narrow_reference_does_not_cut_the_top(rate: int) -> None:
    found = match(like(POP), like(POP, rate=rate))
    np.testing.assert_allclose(found.middle_db, 0.0, atol=0.3)
    lossy = like(POP, np.where(np.array(CENTRES_HZ) > 11_000.0, -70.0, 0.0))
    np.testing.assert_allclose(match(like(POP), lossy).middle_db, 0.0, atol=0.3)


@given(deviations(6.0), st.floats(0.0, 100.0))
def test_amount_scales_the_correction(over_db: Levels, amount: float) -> None:
    whole = match(like(POP, over_db), like(POP))
    part = match(like(POP, over_db), like(POP), amount=amount)
    np.testing.assert_allclose(part.middle_db, whole.middle_db * amount / 100.0, atol=1e-9)
    np.testing.assert_allclose(part.sides_db, whole.sides_db * amount / 100.0, atol=1e-9)


def test_without_a_correction_the_mix_is_itself() -> None:
    mix = music(-3.0, 0.5, 0, seconds=4)
    heard = result(listen(mix))
    assert result(apply(mix, match(heard, heard), zeros)) is mix
    other = result(listen(music(-6.0, 0.5, 1, seconds=4)))
    assert result(apply(mix, match(heard, other, amount=0.0), zeros)) is mix


@pytest.mark.parametrize(
    ("rate", "reference_rate", "mono"), [(44_100, 48_000, False), (48_000, 16_000, True)]
)
def test_a_mix_is_brought_to_its_reference(rate: int, reference_rate: int, mono: bool) -> None:
    mix, reference = music(-3.0, 0.4, 0, rate), music(-4.0, 0.4, 1, reference_rate)
    if mono:
        mix = Audio(mix.samples[:1], rate)
    target = result(listen(reference))
    found = match(result(listen(mix)), target)
    made = result(listen(result(apply(mix, found, zeros))))
    whole = np.array(CENTRES_HZ) < 0.4 * min(rate, reference_rate)
    apart = (target.levels_db - made.levels_db)[whole][4:]
    before = (target.levels_db - result(listen(mix)).levels_db)[whole][4:]
    assert np.std(apart) <= 0.35 * np.std(before)
    assert found.after_db < 0.6 * found.before_db
    assert "on average" in found.why


def test_six_channels_get_one_filter() -> None:
    six = Audio(np.repeat(music(-3.0, 0.4, 0, seconds=5).samples, 3, axis=0), 44_100)
    found = match(result(listen(six)), result(listen(music(-5.0, 0.4, 1, seconds=5))))
    made = result(apply(six, found, zeros)).samples
    assert made.shape == six.samples.shape
    np.testing.assert_array_equal(made[0], made[2])
    assert not np.array_equal(made[0], six.samples[0])


def test_silence_is_matched_to_nothing() -> None:
    quiet = np.full(STEPS_HZ.shape, FLOOR_DB)
    silent = replace(like(POP), mid_steps_db=quiet, side_steps_db=quiet, seconds=0.0)
    found = match(silent, like(POP))
    assert not found.middle_db.any()
    assert np.isfinite([found.before_db, found.after_db]).all()
