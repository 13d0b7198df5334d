from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.equaliser import Band, equalise, response_db
from assistant.dsp.resonances import Resonance, _bell_db, broad_bell, resonances, without
from assistant.dsp.spectral_views import STEPS_HZ
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.dsp.test_spectral_views import seen

RATE, SECONDS = 44_100, 12.0


def pink(channels: int = 2, rate: int = RATE) -> Audio:
    """Make noise that falls by 3 dB an octave."""
    frames = round(SECONDS * rate)
    lines = np.fft.rfft(np.random.default_rng(4).standard_normal((channels, frames)))
    lines /= np.sqrt(np.maximum(np.fft.rfftfreq(frames, 1.0 / rate), 20.0))
    noise = np.fft.irfft(lines, frames)
    return Audio((0.1 * noise / noise.std()).astype(np.float32), rate)


def zeros(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.zeros(shape, np.float32)


def lifted(sound: Audio, *bands: Band) -> Audio:
    return result(equalise(sound, bands, zeros))


def found(sound: Audio) -> list[Resonance]:
    return resonances(seen(sound))


def tune(dice: np.random.Generator) -> Audio:
    """Play notes whose overtones differ from one to the next, with rests, over a little hiss."""
    times = np.arange(RATE) / RATE
    notes = []
    for pitch in dice.integers(45, 70, round(SECONDS)):
        hertz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        levels = 10.0 ** (dice.normal(0.0, 5.0, 30) / 20.0) / np.arange(1, 31)
        lines = np.sin(2.0 * np.pi * hertz * np.outer(np.arange(1, 31), times))
        notes.append(np.exp(-16.0 * times) * (levels @ lines))
    played = np.concatenate(notes)
    hiss = 1e-4 * dice.standard_normal(played.size)
    return Audio((0.1 * played / played.std() + hiss).astype(np.float32)[None], RATE)


@pytest.mark.parametrize(
    ("hertz", "gain", "q"), [(200.0, 9.0, 3.0), (1000.0, 6.0, 4.0), (3000.0, 12.0, 7.0)]
)
def test_a_bell_is_found_with_its_gain_and_width(hertz: float, gain: float, q: float) -> None:
    best = found(lifted(pink(), Band("bell", hertz, gain, q)))[0]
    assert abs(np.log2(best.freq_hz / hertz)) < 1.0 / 6.0
    assert best.gain_db == pytest.approx(gain, abs=2.0)
    assert 0.5 < best.q / q < 2.0


@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("hertz", [500.0, 1000.0, 2500.0])
def test_a_bell_is_found_in_a_tune(seed: int, hertz: float) -> None:
    best = found(lifted(tune(np.random.default_rng(seed)), Band("bell", hertz, 9.0, 4.0)))[0]
    assert abs(np.log2(best.freq_hz / hertz)) < 1.0 / 6.0
    assert best.gain_db == pytest.approx(9.0, abs=2.0)


def test_what_is_cut_is_not_found_again() -> None:
    band = Band("bell", 700.0, 10.0, 4.0)
    sound = lifted(pink(), band)
    (best,) = found(sound)
    assert found(lifted(sound, best.cut)) == []
    assert resonances(without(seen(sound), [best])) == []


def test_two_bells_are_told_apart() -> None:
    bands = Band("bell", 400.0, 9.0, 4.0), Band("bell", 2500.0, 10.0, 4.0)
    places = sorted(one.freq_hz for one in found(lifted(pink(), *bands)))
    assert places == pytest.approx([400.0, 2500.0], rel=0.12)


def test_no_more_are_told_than_asked_for() -> None:
    bands = Band("bell", 400.0, 9.0, 4.0), Band("bell", 2500.0, 10.0, 4.0)
    views = seen(lifted(pink(), *bands))
    assert [len(resonances(views, most)) for most in (0, 1, 2)] == [0, 1, 2]


def test_a_slope_a_shelf_and_a_tune_have_none() -> None:
    shelf = Band("high shelf", 2000.0, 9.0)
    for sound in (pink(), lifted(pink(), shelf), tune(np.random.default_rng(3))):
        assert all(one.gain_db < 3.0 for one in found(sound))


def test_a_slope_and_a_tune_have_no_broad_one() -> None:
    for sound in (pink(), tune(np.random.default_rng(3))):
        assert broad_bell(seen(sound), (2000.0, 4500.0)) is None


@pytest.mark.parametrize("hertz", [400.0, 3000.0])
def test_a_broad_bell_is_found_and_is_no_narrow_one(hertz: float) -> None:
    views = seen(lifted(pink(), Band("bell", hertz, 8.0, 0.7)))
    best = broad_bell(views, (0.7 * hertz, 1.4 * hertz))
    assert best is not None
    assert best.gain_db == pytest.approx(8.0, abs=2.0)
    assert resonances(without(views, [best])) == []


def test_a_narrow_bell_is_no_broad_one() -> None:
    views = seen(lifted(pink(), Band("bell", 3000.0, 9.0, 4.0)))
    assert broad_bell(views, (2000.0, 4500.0)) is None


def test_more_lift_is_told_as_more_and_level_as_nothing() -> None:
    sounds = [lifted(pink(), Band("bell", 1000.0, gain, 4.0)) for gain in (6.0, 9.0, 12.0)]
    gains = [found(sound)[0].gain_db for sound in sounds]
    assert np.diff(gains) == pytest.approx([3.0, 3.0], abs=0.5)
    softer = Audio((0.01 * sounds[1].samples).astype(np.float32), RATE)
    assert found(softer)[0].gain_db == pytest.approx(gains[1], abs=0.01)


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_any_rate_and_one_channel(rate: int) -> None:
    best = found(lifted(pink(1, rate), Band("bell", 1000.0, 9.0, 4.0)))[0]
    assert best.freq_hz == pytest.approx(1000.0, rel=0.1)


@pytest.mark.parametrize("frames", [1, 100, RATE])
def test_silence_has_none(frames: int) -> None:
    assert found(Audio(np.zeros((2, frames), np.float32), RATE)) == []


def test_bells_are_those_of_the_equaliser() -> None:
    own = _bell_db(1000.0, 9.0, 1.0)
    assert own == pytest.approx(
        response_db([Band("bell", 1000.0, 9.0, 1.0)], STEPS_HZ, 192_000), abs=0.1
    )
