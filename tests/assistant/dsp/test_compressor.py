"""A compressor for tracks: what its knobs say is what it does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.biquads import Pair
from assistant.dsp.compressor import Compressing, Compressor, Reduction
from assistant.dsp.peak_hold import HOLD_SECONDS
from assistant.errors import MaterialError

RATE = 44_100


def tone(peak_db: float, hertz: float, seconds: float = 1.0, rate: int = RATE) -> Pair:
    turns = 2.0 * np.pi * hertz * np.arange(int(seconds * rate)) / rate
    return np.stack([10.0 ** (peak_db / 20.0) * np.sin(turns)] * 2)


def compressed(pair: Pair, wanted: Compressor, rate: int = RATE, key: Pair | None = None) -> Pair:
    made = pair.copy()
    Compressing(wanted, rate).run(made, 0, key)
    return made


def level_db(pair: Pair) -> float:
    last = pair[:, -pair.shape[1] // 4 :]
    return float(20.0 * np.log10(np.sqrt(2.0 * np.mean(np.square(last)))))


@given(
    st.floats(-40.0, -6.0),
    st.floats(1.0, 20.0),
    st.floats(50.0, 8000.0),
    st.floats(0.1, 30.0),
    st.sampled_from([16_000, 44_100, 192_000]),
)
def test_a_steady_tone_is_turned_down_by_what_the_ratio_says(
    threshold_db: float, ratio: float, hertz: float, attack_ms: float, rate: int
) -> None:
    hertz = min(hertz, rate / 40.0)  # above, samples may miss the peak by more
    pair = tone(-3.0, hertz, 0.6, rate)
    wanted = Compressor(threshold_db, ratio, attack_ms, 50.0)
    over = -3.0 - threshold_db
    down = level_db(compressed(pair, wanted, rate)) - level_db(pair)
    assert down == pytest.approx(-over * (1.0 - 1.0 / ratio), abs=0.05)


def test_make_up_is_added() -> None:
    pair = tone(-10.0, 500.0)
    made = compressed(pair, Compressor(-20.0, 2.0, makeup_db=4.0))
    assert level_db(made) == pytest.approx(-10.0 - 5.0 + 4.0, abs=0.05)


@given(st.floats(-20.0, 0.0), st.floats(1.0, 50.0))
def test_below_the_threshold_nothing_is_done(threshold_db: float, ratio: float) -> None:
    pair = tone(threshold_db - 0.1, 200.0, 0.1)
    np.testing.assert_array_equal(compressed(pair, Compressor(threshold_db, ratio)), pair)


@pytest.mark.parametrize("attack_ms", [0.5, 10.0, 80.0])
def test_after_the_attack_63_percent_of_the_reduction_is_there(attack_ms: float) -> None:
    step = np.concatenate([np.full(1000, 0.001), np.full(2 * RATE, 1.0)])
    gains = Reduction(Compressor(-20.0, 4.0, attack_ms, 200.0), RATE).gains(step)
    down = -20.0 * np.log10(gains[1000:])
    assert down[-1] == pytest.approx(15.0, abs=1e-6)
    after = round(attack_ms * RATE / 1000.0)
    assert down[after - 1] == pytest.approx(15.0 * (1.0 - np.exp(-1.0)), abs=0.15)


@pytest.mark.parametrize("release_ms", [20.0, 100.0, 400.0])
def test_once_the_peaks_are_gone_the_release_takes_63_percent_away(release_ms: float) -> None:
    frames = round(0.5 * RATE)
    pair = np.zeros((2, 4 * frames))
    pair[:, :frames] = tone(0.0, 1000.0, 0.5)
    pair[:, frames:] = 1e-4  # what shows the gain
    made = compressed(pair, Compressor(-20.0, 4.0, 1.0, release_ms))
    down = -20.0 * np.log10(made[0, frames:] / 1e-4)
    assert down[0] == pytest.approx(15.0, abs=0.05)
    held = HOLD_SECONDS * RATE
    after = round(release_ms * RATE / 1000.0)
    assert (down[: int(0.9 * held)] > 14.9).all()
    left = down[round(held * 17 / 16) + after]
    assert left == pytest.approx(15.0 * np.exp(-1.0), rel=0.04)


def test_both_channels_are_turned_down_as_one() -> None:
    pair = tone(-6.0, 300.0)
    pair[1] *= 0.1
    made = compressed(pair, Compressor(-30.0, 8.0))
    np.testing.assert_allclose(made[1], 0.1 * made[0], rtol=1e-12)


def test_a_key_is_what_counts() -> None:
    pair, key = tone(-30.0, 60.0), tone(-10.0, 100.0)
    made = compressed(pair, Compressor(-20.0, 2.0), key=key)
    assert level_db(made) == pytest.approx(-35.0, abs=0.05)
    np.testing.assert_array_equal(compressed(pair, Compressor(-20.0, 2.0), key=0.0 * key), pair)


@given(st.lists(st.integers(0, 8000), max_size=6))
def test_it_does_not_matter_where_blocks_are_cut(cuts: list[int]) -> None:
    pair = np.random.default_rng(3).laplace(0.0, 0.2, (2, 8000))
    whole = compressed(pair, Compressor(-18.0, 4.0, 2.0, 30.0))
    work, made = Compressing(Compressor(-18.0, 4.0, 2.0, 30.0), RATE), pair.copy()
    edges = [0, *sorted(cuts), 8000]
    for start, stop in pairwise(edges):
        piece = made[:, start:stop].copy()
        work.run(piece, start)
        made[:, start:stop] = piece
    np.testing.assert_array_equal(made, whole)


def test_louder_in_is_never_softer_out_and_silence_stays_silence() -> None:
    levels = [level_db(compressed(tone(db, 400.0), Compressor(-24.0, 3.0))) for db in range(-40, 0)]
    assert levels == sorted(levels)
    assert not compressed(np.zeros((2, 999)), Compressor(-24.0, 3.0, makeup_db=6.0)).any()


@pytest.mark.parametrize(("ratio", "attack_ms"), [(0.5, 1.0), (2.0, 0.0), (float("nan"), 1.0)])
def test_numbers_out_of_range_are_refused(ratio: float, attack_ms: float) -> None:
    with pytest.raises(MaterialError, match="ratio of at least 1"):
        Compressor(-20.0, ratio, attack_ms)
