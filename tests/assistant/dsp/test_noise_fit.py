from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.noise_fit import fits
from assistant.dsp.noise_print import print_of
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.dsp.noisy import RATE, fan, plucked, sound, white

TAKE = sound(0.3 * plucked(8.0, gap_s=0.8) + 0.03 * white(8 * RATE))
ENDLESS = sound(0.3 * plucked(8.0) + 0.03 * white(8 * RATE))
OWN = print_of(sound(0.03 * white(2 * RATE, seed=5)), 0.0, 2.0)
OTHER = print_of(sound(0.03 * fan(2 * RATE, seed=5)), 0.0, 2.0)


@pytest.mark.parametrize("take", [TAKE, ENDLESS])
def test_the_print_of_the_same_noise_is_used_as_it_is(take: Audio) -> None:
    fit = result(fits(OWN, take))
    assert fit.noise is OWN
    assert (fit.change_db, fit.why) == (0.0, "")


@pytest.mark.parametrize(("by_db", "way"), [(8.0, "softer"), (-6.0, "louder")])
def test_another_level_is_made_good(by_db: float, way: str) -> None:
    fit = result(fits(OWN.scaled(by_db), TAKE))
    assert fit.noise is not None
    assert fit.change_db == pytest.approx(-by_db, abs=1.0)
    assert np.allclose(fit.noise.levels, OWN.scaled(by_db + fit.change_db).levels)
    assert f"{abs(fit.change_db):.1f} dB {way}" in fit.why


def test_what_swells_by_itself_may_be_softer_now() -> None:
    swelling = (0.1 + 0.9 * (np.arange(8 * RATE) % RATE < RATE // 4)) * white(8 * RATE, seed=5)
    mean = 0.03 * swelling / swelling.std()
    noise = print_of(sound(mean), 0.0, 8.0)
    for take in (TAKE, ENDLESS):
        assert result(fits(noise.scaled(4.0), take)).noise is not None
        assert result(fits(noise.scaled(4.0), take)).change_db == 0.0


def test_of_what_swells_a_calm_pause_is_not_believed_whole() -> None:
    swelling = (0.6 + 0.4 * (np.arange(8 * RATE) % RATE < RATE // 4)) * white(8 * RATE, seed=5)
    noise = print_of(sound(0.03 * swelling / swelling.std()), 0.0, 8.0)
    assert 1.0 < noise.swell_db < 4.0
    fit = result(fits(noise.scaled(10.0), TAKE))
    assert -9.0 + noise.swell_db < fit.change_db < -4.0


def test_another_room_is_refused() -> None:
    fit = result(fits(OTHER, TAKE))
    assert fit.noise is None
    assert "another noise: its colour differs by" in fit.why


def test_far_too_much_noise_is_refused_without_a_pause() -> None:
    fit = result(fits(OWN.scaled(25.0), ENDLESS))
    assert fit.noise is None
    assert "dB louder than the softest moments of the take" in fit.why


def test_without_a_pause_a_print_is_never_made_louder() -> None:
    fit = result(fits(OWN.scaled(-10.0), ENDLESS))
    assert fit.change_db == 0.0


def test_a_silent_print_fits() -> None:
    silent = print_of(sound(np.zeros((1, RATE))), 0.0, 1.0)
    assert result(fits(silent, TAKE)).noise is silent


def test_silence_takes_any_print() -> None:
    assert result(fits(OWN, sound(np.zeros((1, 2 * RATE))))).noise is OWN
