from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from assistant.dsp.equaliser import Band, equalise
from assistant.dsp.third_octaves import BANDS, CENTRES_HZ, FLOOR_DB, Levels, listen
from assistant.mastering.balance import BOOST_OF_CUT, MOST_DB, Balance, _nearest, advise, shaped
from assistant.mastering.curves import Deviation, deviation
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.mastering.spectra import CURVES, NAMES, deviations, like

FOLK = CURVES["folk"]


def bump(centre_hz: float, over_db: float, octaves: float = 1.0) -> Levels:
    far = np.log2(np.array(CENTRES_HZ) / centre_hz) / octaves
    return np.asarray(over_db * np.exp(-(far**2)))


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def gain_at(told: Balance, hertz: float) -> float:
    near = [b for b in told.bands if 0.6 < b.freq_hz / hertz < 1.7 or b.shape != "bell"]
    return sum(band.gain_db for band in near)


@pytest.mark.parametrize("name", NAMES)
def test_a_mix_on_its_curve_gets_nothing(name: str) -> None:
    told = advise(like(CURVES[name]), CURVES[name])
    assert told.advice == ()
    assert "left alone" in told.why


@given(st.sampled_from(NAMES), st.floats(-0.95, 0.95), st.integers(0, 2**16))
def test_a_mix_within_tolerance_gets_nothing(name: str, share: float, seed: int) -> None:
    curve = CURVES[name]
    aside = np.random.default_rng(seed).uniform(-1.0, 1.0, BANDS) * share * 0.45
    assert advise(like(curve, aside * curve.tolerance_db), curve).advice == ()


@pytest.mark.parametrize("hertz", [100.0, 250.0, 1000.0, 3150.0])
def test_a_hump_is_taken_back_by_about_half(hertz: float) -> None:
    told = advise(like(FOLK, bump(hertz, 7.0)), FOLK, most_db=6.0)
    assert -5.0 <= gain_at(told, hertz) <= -2.0
    assert told.after.distance_db < 0.75 * told.before.distance_db


@pytest.mark.parametrize("hertz", [250.0, 1000.0, 3150.0])
def test_a_dip_is_filled_by_less_than_half(hertz: float) -> None:
    told = advise(like(FOLK, bump(hertz, -7.0)), FOLK, most_db=6.0)
    assert 1.0 <= gain_at(told, hertz) <= 3.5


def test_a_move_says_why() -> None:
    told = advise(like(FOLK, bump(250.0, 6.0)), FOLK)
    (move,) = told.advice
    gain, over = move.why.split(": ")
    assert gain == f"{-move.band.gain_db:.1f} dB less at 250 Hz"
    assert over.endswith("dB over the curve for folk")
    assert float(over.split()[0]) > -move.band.gain_db
    assert move.why in told.why


def test_a_bright_mix_gets_a_shelf() -> None:
    over = np.where(np.array(CENTRES_HZ) >= 5000.0, 9.0, 0.0)
    told = advise(like(FOLK, over), FOLK)
    assert [(b.shape, b.gain_db < 0.0) for b in told.bands] == [("high shelf", True)]
    assert "from" in told.advice[0].why


def test_louder_is_no_other_balance() -> None:
    over = bump(250.0, 6.0)
    assert advise(like(FOLK, over + 20.0), FOLK).bands == advise(like(FOLK, over), FOLK).bands


@given(st.sampled_from(NAMES), deviations(), st.floats(1.0, 12.0), st.floats(0.0, 100.0))
def test_it_never_goes_farther_from_the_curve(
    name: str, over_db: Levels, most_db: float, amount: float
) -> None:
    curve = CURVES[name]
    mix = like(curve, over_db)
    told = advise(mix, curve, most_db=most_db, amount=amount)
    before = deviation(mix, curve)
    moved = deviation(shaped(mix, told.bands), curve)
    after = Deviation(moved.over_db, before.heard)
    assert after.distance_db <= before.distance_db + 1e-9
    assert len(told.advice) <= 4
    for band in told.bands:
        assert -most_db <= band.gain_db <= most_db * BOOST_OF_CUT


@given(st.sampled_from(NAMES), deviations(6.0))
def test_by_default_moves_are_small(name: str, over_db: Levels) -> None:
    told = advise(like(CURVES[name], over_db), CURVES[name])
    for each in told.advice:
        assert 0.4 <= abs(each.band.gain_db) <= MOST_DB
        assert each.band.q <= 1.5
        over = each.why.split(": ")[1]
        assert ("over" in over) == (each.band.gain_db < 0.0)


@given(deviations(8.0), st.sampled_from([0.0, 25.0, 50.0]))
def test_amount_scales_every_move(over_db: Levels, amount: float) -> None:
    whole = advise(like(FOLK, over_db), FOLK)
    part = advise(like(FOLK, over_db), FOLK, amount=amount)
    wanted = {b.freq_hz: b.gain_db * amount / 100.0 for b in whole.bands}
    wanted = {hertz: gain for hertz, gain in wanted.items() if abs(gain) >= 0.005}
    assert {b.freq_hz: b.gain_db for b in part.bands} == pytest.approx(wanted, abs=0.006)


def test_nothing_is_boosted_where_the_file_is_cut() -> None:
    cut = np.where(np.array(CENTRES_HZ) > 11_000.0, -60.0, 0.0) + bump(8000.0, -6.0)
    told = advise(like(FOLK, cut), FOLK)
    gain = shaped(like(FOLK), told.bands).levels_db - like(FOLK).levels_db
    assert gain[CENTRES_HZ.index(16_000.0)] <= 0.5
    assert not [b for b in told.bands if b.shape == "high shelf" and b.gain_db > 0.0]


def test_a_missing_bass_is_not_conjured_up() -> None:
    thin = np.where(np.array(CENTRES_HZ) < 120.0, -20.0, 0.0)
    assert advise(like(FOLK, thin), FOLK).advice == ()


@pytest.mark.parametrize("rate", [8_000, 16_000, 192_000])
def test_bands_stay_below_half_the_rate(rate: int) -> None:
    over = bump(200.0, 10.0, 0.5) + bump(2500.0, 10.0, 0.5)
    told = advise(like(FOLK, over, rate), FOLK)
    assert told.advice
    assert all(band.freq_hz < rate / 2.0 for band in told.bands)


def test_one_instrument_is_left_alone() -> None:
    bass = np.where(np.array(CENTRES_HZ) > 400.0, -90.0, 0.0)
    told = advise(like(FOLK, bass), FOLK)
    assert told.advice == ()
    assert "no whole mix" in told.why


def test_what_is_far_from_any_mix_is_left_alone() -> None:
    told = advise(like(FOLK, np.linspace(-20.0, 20.0, BANDS)), FOLK)
    assert told.advice == ()
    assert "one instrument" in told.why


def test_silence_is_left_alone() -> None:
    quiet = result(listen(Audio(zeros((2, 100_000)), 48_000)))
    assert advise(quiet, FOLK).advice == ()


def test_what_was_told_is_what_is_heard() -> None:
    dice = np.random.default_rng(0)
    lines = np.fft.rfft(dice.standard_normal((2, 960_000)))
    hertz = np.fft.rfftfreq(960_000, 1.0 / 48_000)
    levels = np.interp(
        np.log(np.maximum(hertz, 1.0)), np.log(CENTRES_HZ), FOLK.levels_db + bump(400.0, 8.0)
    )
    pink = 10.0 ** (levels / 20.0) / np.sqrt(np.maximum(hertz, 10.0))
    samples = np.fft.irfft(lines * pink)
    audio = Audio((0.1 * samples / samples.std()).astype(np.float32), 48_000)
    told = advise(result(listen(audio)), FOLK)
    made = result(equalise(audio, told.bands, zeros))
    after = deviation(result(listen(made)), FOLK)
    assert told.bands
    assert after.distance_db == pytest.approx(told.after.distance_db, abs=0.1)


def test_shaped_knows_middle_from_sides() -> None:
    mix = like(FOLK)
    moved = shaped(mix, [Band("bell", 1000.0, -6.0, side=True)])
    np.testing.assert_array_equal(moved.mid_steps_db, mix.mid_steps_db)
    assert (moved.side_db - mix.side_db).min() == pytest.approx(-6.0, abs=0.1)
    mono = shaped(like(FOLK), [Band("bell", 1000.0, -6.0, side=False)])
    assert mono.side_steps_db[0] > FLOOR_DB
    np.testing.assert_array_equal(mono.side_steps_db, mix.side_steps_db)


@given(st.integers(1, 4), st.floats(0.0, 0.9), st.integers(0, 2**16))
def test_gains_are_the_nearest_within_their_ends(bands: int, alike: float, seed: int) -> None:
    dice = np.random.default_rng(seed)
    does = (1.0 - alike) * dice.normal(size=(BANDS, bands)) + alike * dice.normal(size=(BANDS, 1))
    most = dice.uniform(-3.0, 3.0, bands)
    ends = np.minimum(most, 0.0), np.maximum(most, 0.0)
    wanted = 2.0 * dice.normal(size=BANDS)
    best = lsq_linear(does, wanted, ends, method="bvls").x
    np.testing.assert_allclose(_nearest(does, wanted, ends), best, atol=1e-7)


def test_a_move_that_would_be_said_as_nothing_is_none() -> None:
    over = bump(250.0, 6.0)
    assert advise(like(FOLK, over), FOLK).advice
    assert advise(like(FOLK, over), FOLK, amount=1.0).advice == ()
