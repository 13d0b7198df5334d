"""A print or a pause that is none is refused before any work is done."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.denoising.asked import Asked
from assistant.denoising.given import check_noise, noise_alone
from assistant.errors import MaterialError
from assistant.material import Audio

RATE = 8000
TAKE = Audio(np.ones((2, 4 * RATE), np.float32), RATE)


def asked(print_: Audio | None = None, pause: tuple[float, float] | None = None) -> Asked:
    return Asked(1.0, 18.0, "auto", print_, pause, "", residual=False, shares={})


def sound(channels: int, frames: int, value: float = 0.1) -> Audio:
    return Audio(np.full((channels, frames), value, np.float32), RATE)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_print_that_will_do_is_taken(channels: int) -> None:
    one = asked(sound(channels, RATE))
    check_noise(TAKE, one)
    assert noise_alone(TAKE, one) is one.print


@pytest.mark.parametrize(
    ("print_", "told"),
    [
        (sound(8, RATE), "8 channels does not go with a take of 2"),
        (sound(2, 1), r"0\.000 s long; it needs 0\.1 s"),
        (sound(2, 0), r"0\.000 s long"),
        (sound(2, RATE, np.nan), "no numbers"),
        (sound(2, RATE, np.inf), "no numbers"),
    ],
)
def test_a_print_that_is_none_is_refused_by_name(print_: Audio, told: str) -> None:
    with pytest.raises(MaterialError, match=told):
        check_noise(TAKE, asked(print_))


def test_a_pause_is_cut_out_of_the_take() -> None:
    one = asked(pause=(1.0, 2.5))
    check_noise(TAKE, one)
    alone = noise_alone(TAKE, one)
    assert alone is not None
    assert alone.samples.shape == (2, 12_000)
    assert noise_alone(TAKE, asked()) is None


def test_a_pause_may_end_with_the_take_as_clocks_are_read() -> None:
    check_noise(TAKE, asked(pause=(3.0, 4.005)))


@pytest.mark.parametrize(
    ("pause", "told"),
    [
        ((3.0, 4.2), r"from 3 to 4\.2 s: the take is 4\.00 s long"),
        ((100.0, 101.0), "from 100 to 101 s"),
        ((1.0, 1.05), r"0\.050 s long; a noise print needs 0\.1 s"),
    ],
)
def test_a_pause_that_is_none_is_refused_by_its_times(
    pause: tuple[float, float], told: str
) -> None:
    with pytest.raises(MaterialError, match=told):
        check_noise(TAKE, asked(pause=pause))
