from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.errors import MaterialError
from assistant.mastering.reference import check_apart, reference_of
from assistant.material import Audio
from assistant.steps import result


def noise(seconds: float = 5.0, channels: int = 2, rate: int = 44_100, seed: int = 0) -> Audio:
    dice = np.random.default_rng(seed)
    shape = channels, int(seconds * rate)
    return Audio(dice.normal(0.0, 0.1, shape).astype(np.float32), rate)


@pytest.mark.parametrize(("channels", "rate"), [(1, 8_000), (2, 44_100), (6, 96_000)])
def test_a_reference_tells_loudness_and_dynamics(channels: int, rate: int) -> None:
    audio = noise(channels=channels, rate=rate)
    told, meter = result(reference_of(audio)), measure(audio)
    assert told.loudness == meter.integrated
    assert told.plr == pytest.approx(meter.true_peak - meter.integrated)
    assert told.lra == meter.loudness_range
    assert told.spectrum.rate == rate


def test_a_short_reference_is_refused_with_its_length() -> None:
    with pytest.raises(MaterialError, match=r"lasts 2\.5 s"):
        result(reference_of(noise(2.5)))


def test_a_silent_reference_is_refused() -> None:
    with pytest.raises(MaterialError, match="silent"):
        result(reference_of(Audio(np.zeros((2, 200_000), dtype=np.float32), 44_100)))


def test_a_reference_of_no_numbers_is_refused() -> None:
    samples = noise().samples.copy()
    samples[0, 7] = np.nan
    with pytest.raises(MaterialError, match="NaN"):
        result(reference_of(Audio(samples, 44_100)))


def test_the_mix_itself_is_no_reference() -> None:
    with pytest.raises(MaterialError, match="the mix itself"):
        check_apart(noise(10.0), noise(10.0))


def test_anything_else_is() -> None:
    check_apart(noise(), noise(seed=1))
    check_apart(noise(), noise(4.0))
    check_apart(noise(), noise(channels=1))
    other = noise(10.0).samples.copy()
    other[1, -1] += 0.1
    check_apart(noise(10.0), Audio(other, 44_100))
