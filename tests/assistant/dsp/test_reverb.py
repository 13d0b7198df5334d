"""A reverb: how long, how loud, how unlike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from assistant.dsp.biquads import Pair
from assistant.dsp.reverb import SHORTEST_SECONDS, TREBLE_HZ, Reverb, Reverberation
from assistant.errors import MaterialError


def click(room: Reverb, rate: int, seconds: float) -> Pair:
    pair = np.zeros((2, round(seconds * rate)))
    pair[:, 0] = 1.0
    Reverberation(room, rate).run(pair, 0)
    return pair


def decay_seconds(row: Pair, rate: int) -> float:
    """Read it off the fall from -5 to -35 dB of what is still to come (Schroeder)."""
    energy = np.cumsum(np.square(row)[::-1])[::-1]
    level = 10.0 * np.log10(energy / energy[0])
    return 2.0 * float(np.argmax(level < -35.0) - np.argmax(level < -5.0)) / rate


@pytest.mark.parametrize("rate", [16_000, 44_100, 192_000])
@pytest.mark.parametrize("room", [Reverb(0.5, 0.3), Reverb(2.2, 1.1, 0.02)])
def test_it_decays_in_the_time_that_was_asked_for(room: Reverb, rate: int) -> None:
    made = click(room, rate, 1.5 * room.decay_seconds)
    low = sosfilt(butter(3, [150.0, 400.0], "band", fs=rate, output="sos"), made[0])
    high = sosfilt(
        butter(3, [0.9 * TREBLE_HZ, 1.1 * TREBLE_HZ], "band", fs=rate, output="sos"), made[0]
    )
    assert decay_seconds(low, rate) == pytest.approx(room.decay_seconds, rel=0.08)
    assert decay_seconds(high, rate) == pytest.approx(room.treble_seconds, rel=0.08)


def test_as_much_comes_back_as_is_sent_and_unlike_left_and_right() -> None:
    rate = 16_000
    noise = np.random.default_rng(5).normal(0.0, 0.1, (2, 6 * rate))
    made = noise.copy()
    Reverberation(Reverb(0.8, 0.5), rate).run(made, 0)
    steady = made[:, 2 * rate :]
    shared = np.mean(steady[0] * steady[1]) / np.var(steady)
    assert 10.0 * np.log10(np.var(steady) / np.var(noise)) == pytest.approx(0.0, abs=0.3)
    assert abs(shared) < 0.1


def test_after_a_tenth_of_a_second_its_echoes_are_as_dense_as_noise() -> None:
    rate = 44_100
    made = click(Reverb(1.4, 0.9), rate, 0.5)[0, rate // 10 :]
    windows = made[: made.size // 882 * 882].reshape(-1, 882)
    outside = np.abs(windows) > windows.std(axis=1, keepdims=True)
    assert outside.mean() == pytest.approx(0.317, abs=0.03)  # of a normal distribution


def test_nothing_comes_before_its_time() -> None:
    made = click(Reverb(1.0, 0.5, 0.02), 44_100, 0.5)
    begins = int(np.flatnonzero(made.any(axis=0))[0])
    assert begins == pytest.approx((SHORTEST_SECONDS + 0.02) * 44_100, abs=30)


def test_it_does_not_matter_where_blocks_are_cut() -> None:
    noise = np.random.default_rng(6).normal(0.0, 0.1, (2, 6000))
    whole, parts = noise.copy(), noise.copy()
    room = Reverb(0.3, 0.2, 0.05)
    Reverberation(room, 8000).run(whole, 0)
    work = Reverberation(room, 8000)
    for start, stop in ((0, 1), (1, 300), (300, 5000), (5000, 6000)):
        piece = parts[:, start:stop].copy()
        work.run(piece, start)
        parts[:, start:stop] = piece
    np.testing.assert_array_equal(parts, whole)


@pytest.mark.parametrize("numbers", [(0.05, 0.05, 0.0), (1.0, 2.0, 0.0), (1.0, 0.5, -0.1)])
def test_no_such_room(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(MaterialError, match="A reverb decays in"):
        Reverb(*numbers)
