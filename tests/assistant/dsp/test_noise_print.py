from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy.signal import resample_poly

from assistant.dsp.noise_print import Print, print_of, print_of_pieces
from assistant.dsp.short_spectra import powers, spectra
from assistant.errors import MaterialError
from tests.assistant.dsp.noisy import RATE, Signal, fan, sound, white


def decibels(ratio: Signal | float) -> Signal:
    return np.asarray(10.0 * np.log10(ratio))


@pytest.mark.parametrize("size", [256, 1_024, 4_096])
def test_shorter_windows_see_what_they_would_have_measured(size: int) -> None:
    noise = 0.1 * fan(10 * RATE)
    seen = print_of(sound(noise), 0.0, 10.0).seen(size, RATE, 1)[0]
    measured = powers(spectra(noise.astype(np.float32), size))[3:-4].mean(axis=0)
    assert np.abs(decibels(seen / measured))[2:-4].max() < 0.2


def test_a_print_is_kept_per_channel() -> None:
    noise = white(2 * RATE, 2) * np.array([[0.1], [0.001]])
    seen = print_of(sound(noise), 0.0, 2.0).seen(1_024, RATE, 2)
    assert decibels(seen[0].mean() / seen[1].mean()) == pytest.approx(40.0, abs=0.5)


def test_one_channel_stands_for_all_but_two_do_not_for_three() -> None:
    one = print_of(sound(white(RATE)), 0.0, 1.0)
    seen = one.seen(512, RATE, 3)
    assert seen.shape == (3, 257)
    assert np.array_equal(seen[0], seen[2])
    with pytest.raises(MaterialError, match="2 channels does not go with a take of 3"):
        print_of(sound(white(RATE, 2)), 0.0, 1.0).seen(512, RATE, 3)


def test_a_print_goes_with_takes_of_another_rate() -> None:
    noise = fan(8 * RATE)
    twice = resample_poly(noise, 2, 1, axis=1)
    there = print_of(sound(noise), 0.0, 8.0).seen(2_048, 2 * RATE, 1)[0]
    measured = powers(spectra(twice.astype(np.float32), 2_048))[3:-4].mean(axis=0)
    below, above = slice(4, 480), slice(540, None)
    assert np.abs(decibels(there[below] / measured[below])).mean() < 0.5
    assert there[above].max() < 1e-6 * there[below].max()  # of which nothing is known


@pytest.mark.parametrize("seconds", [0.3, 3.0])
def test_an_offset_is_no_noise(seconds: float) -> None:
    noise = 0.01 * white(round(seconds * RATE))
    plain, offset = (print_of(sound(noise + by), 0.0, seconds) for by in (0.0, 0.2))
    assert plain.level_db == pytest.approx(-40.0, abs=1.0)
    assert offset.level_db == pytest.approx(plain.level_db, abs=0.1)
    assert np.abs(decibels(offset.seen(512, RATE, 1) / plain.seen(512, RATE, 1)))[0, 2:].max() < 0.1


def test_scaling_is_in_decibels() -> None:
    one = print_of(sound(white(RATE)), 0.0, 1.0)
    assert decibels(one.scaled(-7.0).levels / one.levels) == pytest.approx(-7.0)


def test_steady_noise_swells_little_and_noise_that_comes_and_goes_much() -> None:
    steady = white(4 * RATE)
    moving = steady * (0.1 + (np.arange(4 * RATE) % RATE < RATE // 4))
    swells = [
        print_of(sound(one), 0.0, 4.0).swelling(1_024, RATE)[50:450] for one in (steady, moving)
    ]
    told = [print_of(sound(one), 0.0, 4.0).swell_db for one in (steady, moving)]
    assert told[0] < 1.0
    assert told[1] == pytest.approx(5.0, abs=1.5)
    assert swells[0].max() < 1.5
    assert swells[1].min() > 2.0


def test_where_no_swell_is_known_there_is_none() -> None:
    assert Print(np.ones((1, 9)), RATE, 1.0, "given", 1.0).swelling(64, RATE).tolist() == [1.0] * 33


def test_it_is_surer_of_more() -> None:
    noise = sound(white(4 * RATE))
    short, long_ = (print_of(noise, 0.0, end, "range") for end in (0.3, 3.0))
    assert short.confidence == pytest.approx(0.3)
    assert long_.confidence == 1.0
    assert (long_.how, long_.seconds, long_.channels) == ("range", 3.0, 1)


def test_pieces_count_by_their_length() -> None:
    pieces = [white(3 * RATE).astype(np.float32), 2.0 * white(RATE, seed=2).astype(np.float32)]
    made = print_of_pieces(pieces, RATE, "pauses")
    assert made.levels.mean() == pytest.approx((3.0 * 1.0 + 1.0 * 4.0) / 4.0, rel=0.05)


def test_a_minute_takes_little_more_memory_than_ten_seconds() -> None:
    noise = sound(white(60 * RATE))

    def peak(seconds: float) -> int:
        tracemalloc.start()
        try:
            print_of(noise, 0.0, seconds)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1.0)
    assert peak(60.0) < 1.2 * peak(10.0)


def test_a_short_print_is_coarse_but_right() -> None:
    made = print_of(sound(0.1 * white(RATE)), 0.5, 0.6)
    assert made.levels.mean() == pytest.approx(0.01, rel=0.2)


@pytest.mark.parametrize(("start_s", "end_s"), [(0.5, 0.55), (2.0, 3.0), (0.5, 0.2), (-1.0, 1.0)])
def test_too_little_is_refused(start_s: float, end_s: float) -> None:
    with pytest.raises(MaterialError, match=r"needs 0\.1 s of noise alone"):
        print_of(sound(white(RATE)), start_s, end_s)


def test_silence_is_known() -> None:
    assert print_of(sound(np.zeros((1, RATE))), 0.0, 1.0).is_silent
    assert not print_of(sound(1e-6 * white(RATE)), 0.0, 1.0).is_silent
