from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.band_levels import Levels, listen
from assistant.dsp.crossover import edges_hz
from assistant.dsp.multiband import Compressor, compress, gain_curve
from assistant.material import Audio, Samples
from assistant.steps import result
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 44_100
CELLS = 500
BASS = Compressor(0, -25.0, 2.0, 0.2)
WHOLE = Compressor(None, -25.0, 2.0, 0.03)
NEVER = (
    Compressor(0, 60.0, 4.0, 0.2),
    Compressor(2, 60.0, 4.0, 0.1),
    Compressor(None, 60.0, 4.0, 0.03),
)


def scratch(shape: tuple[int, ...]) -> Samples:
    return np.full(shape, np.nan, dtype=np.float32)


def heard(samples: Samples, rate: int = RATE) -> Levels:
    work = listen(Audio(samples, rate), scratch)
    while True:
        try:
            next(work)
        except StopIteration as end:
            levels = end.value
            assert isinstance(levels, Levels)
            return levels


def made(samples: Samples, *wanted: Compressor, rate: int = RATE) -> Samples:
    work = compress(Audio(samples, rate), heard(samples, rate), wanted, scratch)
    done = []
    while True:
        try:
            done.append(next(work))
        except StopIteration as end:
            assert done == sorted(done)
            assert not done or done[-1] == 1.0
            return np.asarray(end.value.samples)


def tone(hertz: float, levels: list[float], seconds: float = 1.0) -> Samples:
    """Make a tone that steps from one level to the next."""
    frames = int(seconds * RATE)
    turns = 2.0 * np.pi * hertz * np.arange(frames * len(levels)) / RATE
    return np.asarray(np.repeat(levels, frames) * np.sin(turns), dtype=np.float32)[None]


def swing_db(samples: Samples, seconds: float = 1.0) -> float:
    """Compare the middles of the first two steps."""
    frames = int(seconds * RATE)
    quarter = frames // 4
    rms = [
        np.sqrt(np.mean(np.square(samples[:, start + quarter : start + frames - quarter])))
        for start in (0, frames)
    ]
    return float(20.0 * np.log10(rms[1] / rms[0]))


@given(nasty_sounds())
def test_where_no_band_works_the_sound_itself_comes_back(sound: tuple[Samples, int]) -> None:
    samples, rate = sound
    bands = len(edges_hz(rate))
    idle = [one for one in NEVER if one.band is None or one.band < bands]
    np.testing.assert_array_equal(made(samples, *idle, rate=rate), samples)


def test_progress_ends_at_1_whatever_the_length() -> None:
    for frames in (41, 53, 77):  # 0.9 times 41, over 41, is not 0.9
        made(np.ones((1, frames), np.float32), Compressor(0, -30.0, 4.0, 0.05))


@given(nasty_sounds(), st.floats(-60.0, 0.0), st.floats(1.1, 8.0))
def test_all_that_is_finite_stays_so(
    sound: tuple[Samples, int], threshold_db: float, ratio: float
) -> None:
    samples, rate = sound
    wanted = [Compressor(band, threshold_db, ratio, 0.05) for band in (0, 1, None)]
    out = made(samples, *wanted, rate=rate)
    assert out.shape == samples.shape
    assert np.isfinite(out).all()


@given(nasty_sounds(), st.floats(-60.0, 0.0), st.floats(1.1, 8.0), st.floats(0.5, 12.0))
def test_the_gain_moves_by_no_more_than_it_may(
    sound: tuple[Samples, int], threshold_db: float, ratio: float, most_db: float
) -> None:
    curve = result(
        gain_curve(heard(*sound), Compressor(0, threshold_db, ratio, 0.05, most_db), scratch)
    )
    if curve is None:
        return
    assert 20.0 * np.log10(curve.max() / curve.min()) <= most_db + 1e-3


def test_loud_and_quiet_come_nearer_by_the_ratio() -> None:
    steps = tone(60.0, [0.1, 0.3])  # -23 and -13.5 dB
    before = swing_db(steps)
    after = swing_db(made(steps, Compressor(0, -23.0, 2.0, 0.2, most_db=60.0)))
    assert before == pytest.approx(9.54, abs=0.01)
    assert after == pytest.approx(before / 2.0, abs=0.6)


def test_the_others_are_left_alone() -> None:
    high = tone(3000.0, [0.1, 0.1])
    both = tone(60.0, [0.1, 0.5]) + high
    alone = made(tone(60.0, [0.1, 0.5]), BASS)
    inside = slice(RATE // 20, -RATE // 20)  # where a tone begins or ends, it is in all bands
    rest = made(both, BASS) - high
    np.testing.assert_allclose(rest[:, inside], alone[:, inside], atol=1e-4)


def test_a_band_is_as_loud_as_before() -> None:
    steps = tone(60.0, [0.1, 0.5, 0.1, 0.3])
    out = made(steps, BASS)
    assert np.abs(out - steps).max() > 0.02
    assert np.square(out).mean() == pytest.approx(np.square(steps).mean(), rel=0.02)


def test_the_gain_is_on_its_way_before_the_note() -> None:
    levels = heard(tone(60.0, [0.02, 0.5, 0.02]))
    gain = result(gain_curve(levels, Compressor(0, -25.0, 4.0, 0.2), scratch))
    assert gain is not None
    curve = 20.0 * np.log10(gain)
    quiet, loud = curve[CELLS // 2], curve[3 * CELLS // 2]
    at_the_note = curve[CELLS]
    assert quiet - at_the_note > 0.3 * (quiet - loud)
    assert curve.min() >= loud - 0.3  # it does not shoot over


@pytest.mark.parametrize("hertz", [60.0, 997.0, 3000.0])
def test_a_steady_tone_stays_clean(hertz: float) -> None:
    steady = tone(hertz, [0.5], 4.0)
    band = next(n for n, (_, high) in enumerate(edges_hz(RATE)) if hertz < high)
    out = made(steady, Compressor(band, -25.0, 2.0, 0.1), Compressor(None, -25.0, 2.0, 0.05))
    middle = slice(RATE, 3 * RATE)
    kept, given_ = out[0, middle].astype(np.float64), steady[0, middle].astype(np.float64)
    rest = kept - given_ * (kept @ given_) / (given_ @ given_)
    assert 20.0 * np.log10(np.std(rest) / np.std(kept)) < -85.0


def test_a_hit_is_let_go_sooner_than_what_was_held_for_long() -> None:
    def after(hold: float) -> float:
        frames = int(hold * CELLS)
        powers = np.full((2, 4 * CELLS + frames), 1e-6, np.float32)
        powers[0, CELLS : CELLS + frames] = 0.1
        curve = result(
            gain_curve(Levels(powers, 88, RATE), Compressor(0, -30.0, 4.0, 0.02), scratch)
        )
        assert curve is not None
        down = 20.0 * np.log10(curve / curve.max())
        return float(down[CELLS + frames + 150] / down.min())  # 0.3 s later

    assert after(0.03) < 0.1
    assert after(2.0) > 0.3


def test_all_channels_get_one_gain() -> None:
    first = tone(60.0, [0.1, 0.5])
    both = np.concatenate([first, 0.25 * first])
    out = made(both, BASS, WHOLE)
    np.testing.assert_allclose(out[1], 0.25 * out[0], atol=1e-6)


def test_swapped_in_is_swapped_out() -> None:
    dice = np.random.default_rng(5)
    both = np.concatenate([tone(60.0, [0.1, 0.5]), tone(3000.0, [0.3, 0.1])])
    both += 0.01 * dice.standard_normal(both.shape, dtype=np.float32)
    swapped = made(np.ascontiguousarray(both[::-1]), BASS, WHOLE)
    np.testing.assert_array_equal(swapped[::-1], made(both, BASS, WHOLE))


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
def test_louder_in_at_a_higher_threshold_is_louder_out(gain_db: float) -> None:
    gain = np.float32(10.0 ** (gain_db / 20.0))
    steps = tone(60.0, [0.1, 0.5])
    moved = Compressor(0, -25.0 + gain_db, 2.0, 0.2)
    np.testing.assert_allclose(made(gain * steps, moved), gain * made(steps, BASS), atol=2e-5)


def test_silence_stays_silent() -> None:
    sound = tone(60.0, [0.1, 0.5, 0.0, 0.0, 0.5])
    assert not made(np.zeros_like(sound), BASS, WHOLE).any()
    rest = made(sound, BASS, WHOLE)[:, 2 * RATE + RATE // 2 : 4 * RATE - RATE // 2]
    assert not rest.any()


def test_what_sounds_twice_sounds_the_same_twice() -> None:
    once = np.concatenate(
        [np.zeros((1, RATE), np.float32), tone(60.0, [0.1, 0.5] + 6 * [0.0])], axis=1
    )
    frames = 88 * (once.shape[1] // 88)
    once = once[:, :frames]
    twice = made(np.concatenate([once, once], axis=1), BASS)
    np.testing.assert_allclose(twice[:, :frames], twice[:, frames:], atol=2e-4)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8_000, 192_000])
def test_every_shape_is_compressed(channels: int, rate: int) -> None:
    samples = np.random.default_rng(6).standard_normal((channels, rate // 2)).astype(np.float32)
    out = made(samples, BASS, WHOLE, rate=rate)
    assert out.shape == samples.shape
    assert (out != samples).any()
