import numpy as np
import pytest

from assistant.dsp.onset_shapes import onset_shapes
from assistant.material import Audio
from assistant.steps import result

RATE = 44_100


def _clicks(times: list[float], hertz: float, seconds: float, decay: float = 0.03) -> np.ndarray:
    samples = np.zeros(round(seconds * RATE))
    for start in times:
        begin = round(start * RATE)
        time = np.arange(min(RATE // 3, samples.size - begin)) / RATE
        samples[begin : begin + time.size] += np.sin(2 * np.pi * hertz * time) * np.exp(
            -time / decay
        )
    return samples


TIMES = [0.0, 0.5, 1.0, 1.75, 2.5]


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_onsets_are_found_where_they_are(rate: int) -> None:
    samples = _clicks(TIMES, 1_000.0, 3.0)
    at = np.interp(np.arange(3 * rate) / rate, np.arange(samples.size) / RATE, samples)
    found = result(onset_shapes(Audio(at[None].astype(np.float32), rate), 0.02))
    assert found.times == pytest.approx(TIMES, abs=0.03)


def test_they_are_where_the_power_is() -> None:
    found = result(onset_shapes(Audio(_clicks(TIMES, 1_000.0, 3.0)[None].astype("f4"), RATE), 0.02))
    assert found.powers.mean(axis=0).argmax() == 4  # 800 Hz to 1.6 kHz
    assert np.median(found.left_db) < -20.0


def test_a_rumble_adds_nothing_to_them() -> None:
    clear = _clicks(TIMES, 5_000.0, 3.0)
    rumble = 2.0 * np.sin(2 * np.pi * 30.0 * np.arange(clear.size) / RATE)
    found = result(onset_shapes(Audio((clear + rumble)[None].astype(np.float32), RATE), 0.02))
    assert found.times == pytest.approx(TIMES, abs=0.03)
    added = found.powers.mean(axis=0)
    assert added[:3].max() < 0.05 * added[6]


def test_gain_changes_nothing() -> None:
    samples = _clicks(TIMES, 300.0, 3.0)[None].astype(np.float32)
    one = result(onset_shapes(Audio(samples, RATE), 0.02))
    other = result(onset_shapes(Audio(samples * np.float32(0.125), RATE), 0.02 * 0.125**2))
    assert other.times.tolist() == one.times.tolist()
    assert other.powers == pytest.approx(one.powers, rel=1e-4, abs=1e-9)


def test_a_seam_between_stretches_neither_hides_an_onset_nor_doubles_it() -> None:
    times = [29.6, 30.0, 30.4, 31.0]
    found = result(onset_shapes(Audio(_clicks(times, 1e3, 32.0)[None].astype("f4"), RATE), 0.02))
    assert found.times == pytest.approx(times, abs=0.03)


@pytest.mark.parametrize("frames", [0, 1, 100, 4_410])
def test_silence_and_what_is_short_have_none(frames: int) -> None:
    found = result(onset_shapes(Audio(np.zeros((1, frames), np.float32), RATE), 1e-12))
    assert found.count == 0
    assert found.powers.shape == (0, 9)
