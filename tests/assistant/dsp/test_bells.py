"""What is shown of bells: how they look, and that views are smoothest without those in them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.bells import (
    GAINS_DB,
    NATS,
    QS,
    QUANTILES,
    Bell,
    Levels,
    levels_of,
    nats_without,
)
from assistant.dsp.equaliser import Band, equalise, response_db
from assistant.dsp.spectral_views import STEPS_HZ, SpectralViews
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


def levels(sound: Audio) -> Levels:
    found = levels_of(seen(sound))
    assert found is not None
    return found


def table(sound: Audio) -> NDArray[np.float64]:
    """Tell nats by Q, gain and step."""
    return nats_without(levels(sound).averages_db).reshape(len(QS), len(GAINS_DB) - 1, -1)


def smoothest(sound: Audio) -> tuple[float, float, float]:
    """Tell frequency, gain and Q of the bell without which views are most precise."""
    nats = table(sound)
    q, gain, step = np.unravel_index(np.argmax(nats), nats.shape)
    return float(STEPS_HZ[step]), float(GAINS_DB[gain + 1]), QS[q]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("hertz", "gain", "q"),
    [(200.0, 8.0, 4.0), (1000.0, 6.0, 4.0), (3000.0, 12.0, 7.0), (400.0, 8.0, 0.7)],
)
def test_views_are_smoothest_without_the_bell_that_is_in_them(
    hertz: float, gain: float, q: float, channels: int
) -> None:
    told_hz, told_db, told_q = smoothest(lifted(pink(channels), Band("bell", hertz, gain, q)))
    assert abs(np.log2(told_hz / hertz)) < 1.0 / 6.0
    assert told_db == pytest.approx(gain, abs=2.0)
    assert 0.4 < told_q / q < 2.5


def test_no_bell_makes_noise_smoother() -> None:
    shelf = Band("high shelf", 2000.0, 9.0)
    for sound in (pink(), lifted(pink(), shelf)):
        assert table(sound)[1:].max() < 0.3


def test_a_bell_that_is_taken_out_is_not_there_any_more() -> None:
    bell = Bell(700.0, 10.0, 4.0)
    filtered = lifted(pink(), Band("bell", 700.0, 10.0, 4.0))
    without = levels(filtered).without(bell)
    plain = levels(pink())
    for one in (without, levels(lifted(filtered, bell.cut))):  # which are alike goes by power
        apart_db = one.averages_db.mean(axis=0) - plain.averages_db.mean(axis=0)
        assert np.abs(apart_db).max() < 1.0
        assert one.quantiles_db == pytest.approx(plain.quantiles_db, abs=1.0)


def test_how_loud_it_is_changes_nothing() -> None:
    rows = levels(pink()).averages_db
    assert nats_without(rows - 40.0) == pytest.approx(nats_without(rows), abs=1e-6)


def test_a_bell_moves_what_is_told_by_its_gain() -> None:
    """What was smoothest at one gain is smoothest at 4.5 dB more when 4.5 dB are put on."""
    rows = levels(pink()).averages_db
    gains = []
    for gain in (4.5, 9.0, 13.5):
        nats = nats_without(rows + Bell(1000.0, gain, 4.0).levels_db)
        row = nats.reshape(len(QS), len(GAINS_DB) - 1, -1)[QS.index(4.0)]
        step = int(np.argmin(np.abs(STEPS_HZ - 1000.0)))
        gains.append(GAINS_DB[1 + np.argmax(row[:, step])])
    assert np.diff(gains).tolist() == [4.5, 4.5]


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_any_rate_has_all_steps(rate: int) -> None:
    told = levels(pink(1, rate))
    assert told.averages_db.shape[1] == len(STEPS_HZ)
    assert told.quantiles_db.shape == (2 * QUANTILES, len(STEPS_HZ))
    nats = nats_without(told.averages_db)
    assert nats.shape == (NATS, len(STEPS_HZ))
    assert np.isfinite(nats).all()


@pytest.mark.parametrize("frames", [1, 100, RATE])
def test_silence_and_what_is_short_tell_nothing(frames: int) -> None:
    assert levels_of(seen(Audio(np.zeros((2, frames), np.float32), RATE))) is None
    assert levels_of(SpectralViews(np.ones((7, 5)), np.ones((20, 5)))) is None


def test_bells_are_those_of_the_equaliser() -> None:
    own = Bell(1000.0, 9.0, 1.0).levels_db
    bands = [Band("bell", 1000.0, 9.0, 1.0)]
    assert own == pytest.approx(response_db(bands, STEPS_HZ, 192_000), abs=0.1)
