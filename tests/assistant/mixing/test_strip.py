"""A channel strip at work."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import sosfilt

from assistant.dsp.biquads import Pair, sections
from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import Band
from assistant.errors import MaterialError
from assistant.mixing.console import Keyed, StripSettings
from assistant.mixing.strip import Strip
from tests.assistant.dsp.sounds import nasty

FULL = StripSettings(
    polarity=(1.0, -1.0),
    hpf_hz=80.0,
    lpf_hz=3500.0,
    gate_db=-50.0,
    bands=(Band("bell", 300.0, -5.0, 2.0), Band("high shelf", 2000.0, 4.0)),
    deesser=(3000.0, -40.0),
    compressors=(Keyed(Compressor(-20.0)), Keyed(Compressor(-30.0, 8.0, 1.0, 50.0), "kick")),
    gain_db=3.0,
    pan=0.3,
    width=0.7,
)


def noise(frames: int = 8000, seed: int = 0) -> Pair:
    return np.random.default_rng(seed).normal(0.0, 0.1, (2, frames))


def through(settings: StripSettings, pair: Pair, rate: int = 44_100) -> Pair:
    made = pair.copy()
    Strip(settings, rate).run(made, 0, {"kick": noise(pair.shape[1], 9)})
    return made


def test_a_strip_set_to_nothing_gives_what_it_is_given() -> None:
    np.testing.assert_array_equal(through(StripSettings(), noise()), noise())


@given(st.floats(-24.0, 24.0))
def test_a_gain_and_its_inverse_are_the_input(gain_db: float) -> None:
    there = through(StripSettings(gain_db=gain_db), noise())
    back = through(StripSettings(gain_db=-gain_db), there)
    np.testing.assert_allclose(back, noise(), rtol=1e-12)


def test_polarity_is_the_other_way_up_and_twice_it_is_not() -> None:
    flipped = StripSettings(polarity=(-1.0, -1.0))
    np.testing.assert_array_equal(through(flipped, noise()), -noise())
    np.testing.assert_array_equal(through(flipped, through(flipped, noise())), noise())
    one = through(StripSettings(polarity=(1.0, -1.0)), noise())
    np.testing.assert_array_equal(one, noise() * [[1.0], [-1.0]])


def test_the_fader_comes_after_the_compressor() -> None:
    pressed = (Keyed(Compressor(-30.0, 4.0)),)
    soft = through(StripSettings(compressors=pressed, gain_db=-20.0), noise())
    np.testing.assert_allclose(soft * 10.0, through(StripSettings(compressors=pressed), noise()))


def test_a_track_ducks_under_its_key() -> None:
    key = np.zeros((2, 20_000))
    key[:, 8000:] = 0.5
    ducked = StripSettings(compressors=(Keyed(Compressor(-26.0, 4.0, 1.0, 50.0), "kick"),))
    pair = noise(20_000)
    made = pair.copy()
    Strip(ducked, 44_100).run(made, 0, {"kick": key})
    np.testing.assert_array_equal(made[:, :8000], pair[:, :8000])
    down = 20.0 * math.log10(np.abs(made[:, -4000:]).sum() / np.abs(pair[:, -4000:]).sum())
    over = 20.0 * math.log10(0.5) + 26.0
    assert down == pytest.approx(-0.75 * over, abs=0.01)


def test_muted_is_silent_and_silence_stays_silent() -> None:
    assert not through(StripSettings(mute=True), noise()).any()
    assert not through(FULL, np.zeros((2, 5000)), 8000).any()


@given(st.lists(st.integers(0, 8000), max_size=5), st.sampled_from([8000, 44_100, 192_000]))
def test_it_does_not_matter_where_blocks_are_cut(cuts: list[int], rate: int) -> None:
    strip, key = Strip(FULL, rate), noise(8000, 9)
    parts = []
    for start, stop in pairwise([0, *sorted(cuts), 8000]):
        parts.append(noise()[:, start:stop].copy())
        strip.run(parts[-1], start, {"kick": key[:, start:stop].copy()})
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), through(FULL, noise(), rate))


@given(st.sampled_from(["noise", "square", "clicks", "steps", "offset"]), st.floats(0.001, 8.0))
def test_all_that_is_finite_stays_so_and_nothing_comes_early(kind: str, level: float) -> None:
    pair = np.stack([level * nasty(kind, 4000, 1)] * 2).astype(np.float64)
    pair[:, :500] = 0.0
    made = through(FULL, pair, 8000)
    assert np.isfinite(made).all()
    assert not made[:, :500].any()


def test_four_bands_and_a_compressor_cost_little_more_than_scipy_s_filter_alone() -> None:
    bands = tuple(Band("bell", 100.0 * 4.0**n, 3.0) for n in range(4))
    wanted = StripSettings(bands=bands, compressors=(Keyed(Compressor(-40.0)),))
    pair, sos = noise(300_000), np.insert(sections(bands, 44_100), 3, 1.0, axis=1)

    def seconds(work: Callable[[], object]) -> float:
        found = []
        for _ in range(5):
            before = process_time()
            work()
            found.append(process_time() - before)
        return min(found)

    yardstick = seconds(lambda: sosfilt(sos, pair))
    assert seconds(lambda: through(wanted, pair)) < 5.0 * yardstick  # 1.5


def test_a_high_pass_over_all_there_is_is_refused() -> None:
    with pytest.raises(MaterialError, match="5000 Hz"):
        Strip(StripSettings(hpf_hz=5000.0), 8000)
