from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import equaliser
from assistant.dsp.equaliser import Band, Curve, Shape, equalise, response_db
from assistant.errors import MaterialError
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 44_100
BANDS = (
    Band("low shelf", 80.0, 2.0, 0.7),
    Band("bell", 250.0, -2.5, 0.8),
    Band("bell", 3150.0, 1.5, 1.0),
    Band("high shelf", 10_000.0, -2.0, 0.6),
)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def noise(channels: int = 2, frames: int = 200_000, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0.0, 0.1, (channels, frames)).astype(np.float32)


def analogue_db(band: Band, hertz: Curve) -> Curve:
    """Work out the analogue filters of the audio EQ cookbook."""
    s, a = 1j * hertz / band.freq_hz, 10.0 ** (band.gain_db / 40.0)
    r = math.sqrt(a) / band.q
    h = {
        "bell": (s**2 + s * a / band.q + 1) / (s**2 + s / (a * band.q) + 1),
        "low shelf": a * (s**2 + r * s + a) / (a * s**2 + r * s + 1),
        "high shelf": a * (a * s**2 + r * s + 1) / (s**2 + r * s + a),
        "high pass": s**2 / (s**2 + s / band.q + 1),
    }[band.shape]
    return np.asarray(20.0 * np.log10(np.maximum(np.abs(h), 1e-12)))


@given(
    st.sampled_from(["bell", "low shelf", "high shelf"]),
    st.floats(20.0, 20_000.0),
    st.floats(-6.0, 6.0),
    st.floats(0.5, 2.0),
)
def test_a_band_is_its_analogue_shape_up_to_half_the_rate(
    shape: Shape, hertz: float, gain_db: float, q: float
) -> None:
    band = Band(shape, hertz, gain_db, q if shape == "bell" else min(q, 0.8))
    every = np.geomspace(10.0, RATE / 2.0, 500, dtype=np.float64)
    told, wanted = response_db([band], every, RATE), analogue_db(band, every)
    assert np.abs(told - wanted).max() <= 0.14 * abs(gain_db) + 1e-6


def test_a_bell_near_the_top_is_not_cramped() -> None:
    bell = Band("bell", 12_000.0, 4.0, 1.0)
    above, below = response_db([bell], np.array([18_000.0, 8_000.0]), RATE)
    assert above == pytest.approx(below, abs=0.7)  # the bilinear transform: 1.1


@pytest.mark.parametrize("hertz", [20.0, 30.0, 60.0])
def test_a_high_pass_falls_by_12_db_an_octave(hertz: float) -> None:
    band = Band("high pass", hertz)
    every = np.geomspace(hertz / 4.0, 20_000.0, 200, dtype=np.float64)
    np.testing.assert_allclose(
        response_db([band], every, RATE), analogue_db(band, every), atol=0.05
    )


@given(st.sampled_from(["bell", "low shelf", "high shelf"]), st.floats(-12.0, 12.0))
def test_a_gain_and_its_inverse_are_the_input(shape: Shape, gain_db: float) -> None:
    given_ = noise(frames=5000)
    there = Audio(given_, RATE)
    for gain in (gain_db, -gain_db):
        there = result(equalise(there, [Band(shape, 2000.0, gain)], zeros))
    np.testing.assert_allclose(there.samples, given_, atol=1e-6)


@pytest.mark.parametrize("linear_phase", [False, True])
def test_what_comes_out_has_the_response_that_was_told(linear_phase: bool) -> None:
    click = zeros((1, 2 * RATE))
    click[0, RATE] = 1.0
    made = result(equalise(Audio(click, RATE), BANDS, zeros, linear_phase=linear_phase))
    lines = 20.0 * np.log10(np.abs(np.fft.rfft(made.samples[0].astype(np.float64))))
    hertz = np.arange(RATE + 1) / 2.0
    np.testing.assert_allclose(lines[40:], response_db(BANDS, hertz, RATE)[40:], atol=0.02)


def test_linear_phase_comes_neither_earlier_nor_later() -> None:
    click = zeros((1, RATE))
    click[0, 30_000] = 1.0
    made = result(equalise(Audio(click, RATE), BANDS, zeros, linear_phase=True)).samples[0]
    around = made[30_000 - 5000 : 30_000 + 5001]
    np.testing.assert_allclose(around, around[::-1], atol=1e-7)
    assert np.argmax(np.abs(made)) == 30_000


def test_minimum_phase_does_nothing_before_its_time() -> None:
    click = zeros((1, RATE))
    click[0, 30_000] = 1.0
    made = result(equalise(Audio(click, RATE), BANDS, zeros)).samples[0]
    assert not made[:30_000].any()


@pytest.mark.parametrize("linear_phase", [False, True])
def test_blocks_leave_no_trace(linear_phase: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    audio = Audio(noise(3), RATE)
    whole = result(equalise(audio, BANDS, zeros, linear_phase=linear_phase)).samples.copy()
    monkeypatch.setattr(equaliser, "BLOCK_FRAMES", 777)
    monkeypatch.setattr("assistant.dsp.linear_phase._BLOCKS", 1)
    parts = result(equalise(audio, BANDS, zeros, linear_phase=linear_phase)).samples
    np.testing.assert_allclose(parts, whole, atol=2e-7)


@pytest.mark.parametrize("linear_phase", [False, True])
def test_a_band_for_the_sides_leaves_the_middle_alone(linear_phase: bool) -> None:
    audio = Audio(noise(), RATE)
    band = Band("bell", 1000.0, -6.0, 1.0, side=True)
    made = result(equalise(audio, [band], zeros, linear_phase=linear_phase)).samples
    np.testing.assert_allclose(made.sum(axis=0), audio.samples.sum(axis=0), atol=1e-6)
    both = result(
        equalise(audio, [Band("bell", 1000.0, -6.0, 1.0)], zeros, linear_phase=linear_phase)
    ).samples
    np.testing.assert_allclose(made[0] - made[1], both[0] - both[1], atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3, 8])
def test_with_other_than_two_channels_all_of_it_is_middle(channels: int) -> None:
    audio = Audio(noise(channels), RATE)
    sides = Band("bell", 1000.0, -6.0, side=True)
    assert result(equalise(audio, [sides], zeros)) is audio
    made = result(equalise(audio, [Band("bell", 1000.0, -6.0, side=False)], zeros)).samples
    alone = result(equalise(Audio(audio.samples[-1:], RATE), [Band("bell", 1000.0, -6.0)], zeros))
    np.testing.assert_array_equal(made[-1], alone.samples[0])


def test_idle_bands_give_the_sound_itself() -> None:
    audio = Audio(noise(), RATE)
    assert result(equalise(audio, [], zeros)) is audio
    assert result(equalise(audio, [Band("bell", 1000.0, 0.0)], zeros, linear_phase=True)) is audio


def test_the_input_is_left_as_it_was() -> None:
    samples = noise()
    audio = Audio(samples.copy(), RATE)
    result(equalise(audio, [*BANDS, Band("bell", 500.0, 1.0, side=True)], zeros))
    np.testing.assert_array_equal(audio.samples, samples)


def test_a_band_above_half_the_rate_is_refused_by_its_frequency() -> None:
    with pytest.raises(MaterialError, match=r"5000 Hz needs a sample rate of more than 10000 Hz"):
        result(equalise(Audio(noise(), 8000), [Band("bell", 5000.0, 1.0)], zeros))


@pytest.mark.parametrize(
    ("hertz", "gain_db", "q"),
    [(0.0, 1.0, 1.0), (9.0, 25.0, 1.0), (9.0, 1.0, 0.0), (math.nan, 1.0, 1.0)],
)
def test_bands_out_of_range_are_refused(hertz: float, gain_db: float, q: float) -> None:
    with pytest.raises(MaterialError, match="above 0"):
        Band("bell", hertz, gain_db, q)


def test_silence_after_sound_dies_away() -> None:
    samples = noise(frames=400_000)
    samples[:, 1000:] = 0.0
    made = result(equalise(Audio(samples, RATE), BANDS, zeros)).samples
    assert not made[:, -1000:].any()
