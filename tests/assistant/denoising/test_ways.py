"""How far each way goes."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.denoising.routes import Route
from assistant.denoising.ways import WAYS, Removable, Way, cleaned, usual_db
from assistant.material import Audio, Samples
from assistant.steps import result

BALANCED, GENTLE, STRONG = WAYS


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def sound(seed: int) -> Audio:
    noise = np.random.default_rng(seed).standard_normal((2, 5000))
    return Audio(noise.astype(np.float32), 8000)


def test_shares_are_those_of_the_decibels() -> None:
    assert BALANCED.share(20.0) == pytest.approx(0.9)
    assert GENTLE.share(20.0) == pytest.approx(1.0 - 10.0**-0.5)
    assert STRONG.share(20.0) == pytest.approx(1.0 - 10.0**-1.5)
    assert all(way.share(0.0) == 0.0 for way in WAYS)


@pytest.mark.parametrize(
    ("route", "swell_db", "down_db"),
    [
        ("instrument", 0.0, 24.0),
        ("instrument", 6.0, 12.0),
        ("instrument", 15.0, 0.0),
        ("speech", 6.0, 36.0),
        ("singing", 0.0, 36.0),
    ],
)
def test_noise_that_swells_goes_down_less_far_behind_music(
    route: Route, swell_db: float, down_db: float
) -> None:
    assert usual_db(route, swell_db) == down_db


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("amount", [0.3, 1.0])
def test_noise_and_what_is_shaped_are_taken_by_their_shares(way: Way, amount: float) -> None:
    take, mended, noise, shaped = map(sound, range(4))
    made = result(cleaned(take, Removable(mended, noise, shaped), way, 12.0, amount, zeros))
    all_ = mended.samples - way.share(12.0) * noise.samples - way.shaping * shaped.samples
    assert np.allclose(made.samples, (1.0 - amount) * take.samples + amount * all_, atol=1e-5)


def test_nothing_to_do_gives_the_take_itself() -> None:
    take, other = sound(0), sound(1)
    for found, reduction_db, amount in (
        (Removable(take), 12.0, 1.0),
        (Removable(take, other), 0.0, 1.0),
        (Removable(other, other, other), 12.0, 0.0),
    ):
        assert result(cleaned(take, found, BALANCED, reduction_db, amount, zeros)) is take
