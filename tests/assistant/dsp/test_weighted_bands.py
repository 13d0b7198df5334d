import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.dsp.moments import moments
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.dsp.weighted_bands import band_weights, bands_loudness
from assistant.material import Audio
from assistant.steps import result


def test_weights_are_those_of_the_standard() -> None:
    weights_db = 10 * np.log10(band_weights())
    at = dict(zip(CENTRES_HZ, weights_db, strict=True))
    assert at[1000.0] == pytest.approx(0.69, abs=0.05)  # a sine of 997 Hz reads its own level
    assert at[10_000.0] == pytest.approx(4.0, abs=0.1)
    assert at[40.0] == pytest.approx(-5.6, abs=0.5)
    assert not band_weights().flags.writeable


@pytest.mark.parametrize("slope", [-0.5, -1.0])
def test_bands_together_are_as_loud_as_the_meter_says(slope: float) -> None:
    dice = np.random.default_rng(3)
    lines = np.fft.rfft(dice.standard_normal((2, 4 * 48_000)))
    lines[:, 1:] *= np.arange(1, lines.shape[1]) ** slope
    lines[:, 0] = 0.0
    sound = np.fft.irfft(lines)
    audio = Audio((0.1 * sound / sound.std()).astype(np.float32), 48_000)
    heard = result(moments(audio))
    assert bands_loudness(heard.left, heard.right) == pytest.approx(
        measure(audio).integrated, abs=0.25
    )


def test_nothing_is_not_loud() -> None:
    assert bands_loudness(np.zeros(31), np.zeros(31)) == -np.inf
