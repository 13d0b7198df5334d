"""Second-order sections, block by block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import sosfilt, sosfreqz

from assistant.dsp.biquads import Biquads, Pair, Sections, band_pass, low_pass, sections
from assistant.dsp.equaliser import Band, response_db
from assistant.errors import MaterialError

RATE = 44_100
BANDS = [Band("high pass", 60.0), Band("bell", 300.0, -5.0, 2.0), Band("high shelf", 8000.0, 3.0)]


def noise(frames: int = 20_000, seed: int = 0) -> Pair:
    return np.random.default_rng(seed).normal(0.0, 0.1, (2, frames))


def filtered(rows: Sections, pair: Pair, cuts: list[int]) -> Pair:
    work, pieces, first = Biquads(rows), [], 0
    for stop in [*sorted(cuts), pair.shape[1]]:
        piece = pair[:, first:stop].copy()
        work.run(piece, first)
        pieces.append(piece)
        first = stop
    return np.concatenate(pieces, axis=1)


def gain_db(rows: Sections, hertz: list[float], rate: int) -> Pair:
    sos = np.insert(rows, 3, 1.0, axis=1)
    _, response = sosfreqz(sos, worN=np.array(hertz), fs=rate)
    return np.asarray(20.0 * np.log10(np.abs(response)))


def test_sections_do_what_scipy_does_with_them() -> None:
    rows = sections(BANDS, RATE)
    pair = noise()
    wanted = sosfilt(np.insert(rows, 3, 1.0, axis=1), pair)
    np.testing.assert_allclose(filtered(rows, pair, []), wanted, atol=1e-12)


@given(st.lists(st.integers(0, 20_000), max_size=8))
def test_it_does_not_matter_where_blocks_are_cut(cuts: list[int]) -> None:
    rows = sections(BANDS, RATE)
    pair = noise()
    pair[:, 6000:] = 0.0  # and what dies away is cleared at the same frames
    np.testing.assert_array_equal(filtered(rows, pair, cuts), filtered(rows, pair, []))


def test_what_has_died_away_is_nothing() -> None:
    pair = np.zeros((2, 60_000))
    pair[:, 0] = 1.0
    tail = filtered(sections([Band("bell", 5000.0, 6.0)], RATE), pair, [])[:, -1000:]
    assert not tail.any()


def test_sections_are_those_of_the_equaliser() -> None:
    hertz = [30.0, 300.0, 1000.0, 10_000.0]
    told = response_db(BANDS, np.array(hertz), RATE)
    np.testing.assert_allclose(gain_db(sections(BANDS, RATE), hertz, RATE), told, atol=1e-9)


def test_a_bell_above_half_the_rate_has_nothing_to_change_a_high_pass_everything() -> None:
    assert len(sections([Band("bell", 5000.0, 6.0), Band("bell", 300.0, 0.0)], 8000)) == 0
    with pytest.raises(MaterialError, match="5000 Hz"):
        sections([Band("high pass", 5000.0)], 8000)


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
@pytest.mark.parametrize("share", [0.005, 0.1, 0.3])
def test_a_low_pass_is_3_db_down_at_its_corner_and_falls_by_12_an_octave(
    rate: int, share: float
) -> None:
    corner = share * rate
    down = gain_db(low_pass(corner, rate), [corner / 50.0, corner], rate)
    assert down == pytest.approx([0.0, -3.01], abs=0.01)
    if share < 0.01:
        octaves = gain_db(low_pass(corner, rate), [4.0 * corner, 8.0 * corner], rate)
        assert octaves[0] - octaves[1] == pytest.approx(12.04, abs=0.2)


def test_a_low_pass_above_half_the_rate_is_none() -> None:
    assert len(low_pass(4000.0, 8000)) == 0


@pytest.mark.parametrize("rate", [16_000, 44_100, 192_000])
def test_a_band_pass_leaves_its_centre_alone(rate: int) -> None:
    rows = band_pass(6000.0, 1.0, rate)
    _, response = sosfreqz(np.insert(rows, 3, 1.0, axis=1), worN=[6000.0], fs=rate)
    assert response[0] == pytest.approx(1.0, abs=1e-9)
    assert gain_db(rows, [100.0], rate)[0] < -30.0


def test_there_is_no_band_above_half_the_rate() -> None:
    with pytest.raises(MaterialError, match="6000 Hz"):
        band_pass(6000.0, 1.0, 8000)
