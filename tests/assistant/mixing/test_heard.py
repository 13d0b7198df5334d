import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.errors import MaterialError
from assistant.material import Audio
from assistant.mixing.heard import Heard, hear
from assistant.steps import result

RATE = 44_100


def _hear(samples: np.ndarray, rate: int = RATE) -> Heard:
    return result(hear(Audio(np.atleast_2d(samples).astype(np.float32), rate)))


def _noise(seconds: float, channels: int = 1) -> np.ndarray:
    return 0.1 * np.random.default_rng(1).standard_normal((channels, round(seconds * RATE)))


def test_loudness_and_peaks_are_those_of_the_meter() -> None:
    audio = Audio(_noise(4.0, 2).astype(np.float32), RATE)
    heard, meter = result(hear(audio)), measure(audio)
    assert heard.loudness == pytest.approx(meter.integrated, abs=1e-9)
    assert heard.peak_db == pytest.approx(meter.sample_peak, abs=1e-6)
    assert heard.true_peak_db == pytest.approx(meter.true_peak, abs=0.3)
    assert heard.peak_to_loudness == pytest.approx(heard.true_peak_db - heard.loudness)


def test_rests_do_not_count_and_tell_the_noise_floor() -> None:
    sound = _noise(6.0)
    sound[:, 2 * RATE : 4 * RATE] *= 0.001
    heard = _hear(sound)
    assert heard.loudness == pytest.approx(_hear(_noise(2.0)).loudness, abs=0.5)
    assert heard.active_seconds == pytest.approx(4.0, abs=0.5)
    assert heard.noise_floor_db == pytest.approx(-80.0, abs=1.5)
    assert _hear(_noise(2.0)).noise_floor_db is None


def test_offset_balance_and_correlation() -> None:
    sound = _noise(2.0)[0]
    heard = _hear(np.stack([sound + 0.05, -0.5 * sound - 0.02]))
    assert heard.offset == pytest.approx((0.05, -0.02), abs=1e-3)
    # the offset shows under 20 Hz only
    assert heard.balance_db == pytest.approx(-6.02, abs=0.2)
    assert heard.correlation == pytest.approx(-1.0, abs=0.02)
    assert heard.side_db > 9.0
    mono = _hear(sound)
    assert (mono.correlation, mono.balance_db) == (1.0, 0.0)


@pytest.mark.parametrize("seconds", [0.2, 0.39])
def test_a_single_stroke_sounds_though_it_has_no_loudness(seconds: float) -> None:
    heard = _hear(_noise(seconds))
    assert not heard.silent
    assert heard.loudness == -np.inf
    assert heard.peak_to_loudness == 0.0


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_what_is_too_short_is_silent(seconds: float) -> None:
    heard = _hear(_noise(seconds))
    assert heard.silent
    assert heard.loudness == -np.inf
    assert heard.crest == 0.0


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (22_050, 2), (192_000, 2), (48_000, 6)])
def test_every_rate_and_layout(rate: int, channels: int) -> None:
    heard = _hear(0.1 * np.random.default_rng(2).standard_normal((channels, rate)), rate)
    assert not heard.silent
    assert heard.momentary.shape == heard.active.shape == (heard.moments.count,)
    assert np.isfinite(heard.momentary).all()


def test_the_share_done_rises_to_one() -> None:
    shares = list(hear(Audio(_noise(1.0).astype(np.float32), RATE)))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_hearing_twice_is_hearing_the_same() -> None:
    one, other = _hear(_noise(2.0, 2)), _hear(_noise(2.0, 2))
    assert one.moments.powers.tobytes() == other.moments.powers.tobytes()
    assert one.onsets.powers.tobytes() == other.onsets.powers.tobytes()
    assert one.pitch == other.pitch


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad: float) -> None:
    sound = _noise(1.0)
    sound[0, 500] = bad
    with pytest.raises(MaterialError, match="no numbers"):
        _hear(sound)


def test_the_step_of_an_offset_is_nothing_to_hear() -> None:
    only = _hear(np.full((1, 4 * RATE), 0.2))
    assert only.only_offset
    assert only.silent
    assert not _hear(0.2 + 0.5 * _noise(4.0)).silent
