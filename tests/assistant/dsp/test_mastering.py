from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from assistant.dsp import mastering
from assistant.dsp.loudness import energies, integrated
from assistant.dsp.mastering import Drive, low_end
from assistant.dsp.truepeak import true_peak
from assistant.material import Audio, Samples
from tests.assistant.dsp.sounds import nasty_sounds

RATE = 48_000


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def decibels(linear: float) -> float:
    return 20.0 * math.log10(linear)


def band(seconds: float = 6.0, seed: int = 0) -> Audio:
    """Make drums over a bass and a hiss."""
    dice = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    beat = np.exp(-(time % 0.5) / 0.06)
    drums = beat * dice.standard_normal((2, time.size)) * 0.3
    bass = 0.15 * np.sin(2.0 * np.pi * 55.0 * time) * (1.0 + 0.3 * np.sin(2.0 * np.pi * 0.2 * time))
    return Audio((0.3 * (drums + bass)).astype(np.float32), RATE)


def tone(hertz: dict[float, float], seconds: float = 4.0) -> Audio:
    time = np.arange(int(seconds * RATE)) / RATE
    made = sum(level * np.sin(2.0 * np.pi * f * time) for f, level in hertz.items())
    return Audio(np.asarray(made, dtype=np.float32)[None], RATE)


def loudness(audio: Audio) -> float:
    return integrated(energies(audio.samples, audio.rate))


@settings(max_examples=60)
@given(nasty_sounds(), st.floats(-12.0, 0.0), st.floats(-10.0, 20.0))
def test_no_peak_is_over_the_ceiling_on_either_meter(
    sound: tuple[Samples, int], ceiling_db: float, over_db: float
) -> None:
    samples, rate = sound
    assume(samples.any())
    drive = Drive(Audio(samples, rate), ceiling_db, zeros)
    made = drive.master(drive.headroom_db + over_db).audio.samples
    theirs = np.abs(resample_poly(made.astype(np.float64), 16, 1, axis=1)).max()
    assert decibels(max(true_peak(made, 16), float(theirs))) <= ceiling_db


@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0, -14.0, -12.0])
def test_the_loudness_is_reached(target: float) -> None:
    master = Drive(band(), -1.0, zeros).master_at(target, 20.0)
    assert master is not None
    assert loudness(master.audio) == pytest.approx(target, abs=0.02)


def test_the_loudness_is_told_before_it_is_made() -> None:
    drive = Drive(band(), -1.0, zeros)
    for over_db in (-5.0, 0.0, 3.0, 9.0):
        gain_db = drive.headroom_db + over_db
        told = drive.loudness_at(gain_db)
        assert loudness(drive.master(gain_db).audio) == pytest.approx(told, abs=0.05)


def test_more_gain_is_louder() -> None:
    drive = Drive(band(), -1.0, zeros)
    told = [drive.loudness_at(drive.headroom_db + over_db) for over_db in range(-3, 15)]
    assert told == sorted(told)


def test_what_does_not_get_that_loud_has_no_gain() -> None:
    drive = Drive(band(), -1.0, zeros)
    assert drive.gain_for(0.0, 20.0) is None
    assert drive.master_at(0.0, 20.0) is None


def test_headroom_takes_the_highest_peak_to_the_ceiling() -> None:
    drive = Drive(band(), -3.0, zeros)
    made = drive.master(drive.headroom_db)
    assert -3.05 <= decibels(true_peak(made.audio.samples, 16)) <= -3.0
    assert made.limiting_db == 0.0
    assert made.limited == 0.0


def test_without_limiting_it_is_a_gain_and_nothing_else() -> None:
    audio = band()
    drive = Drive(audio, -1.0, zeros)
    made = drive.master(-6.0)
    assert drive.headroom_db > -6.0
    np.testing.assert_array_equal(
        made.audio.samples, audio.samples * np.float32(10.0 ** (-6.0 / 20.0))
    )


def test_not_a_frame_earlier_or_later() -> None:
    audio = band(2.0)
    drive = Drive(audio, -1.0, zeros)
    made = drive.master(drive.headroom_db + 8.0).audio.samples[0].astype(np.float64)
    frames = 2 * audio.frames
    spectra = np.fft.rfft(audio.samples[0], frames), np.fft.rfft(made, frames)
    assert np.argmax(np.fft.irfft(spectra[0].conj() * spectra[1])) == 0


def test_a_997_hz_tone_6_db_over_stays_clean() -> None:
    drive = Drive(tone({997.0: 0.5}), -1.0, zeros)
    made = drive.master(drive.headroom_db + 6.0).audio.samples[0, RATE : 3 * RATE]
    time = np.arange(made.size) / RATE
    basis = np.stack([np.sin(2.0 * np.pi * 997.0 * time), np.cos(2.0 * np.pi * 997.0 * time)], 1)
    fitted = basis @ np.linalg.lstsq(basis, made.astype(np.float64), rcond=None)[0]
    rest = decibels(float(np.std(made - fitted) / np.std(fitted)))
    assert rest <= -104.0


def test_60_hz_does_not_modulate_7_khz_6_db_over() -> None:
    drive = Drive(tone({60.0: 0.4, 7000.0: 0.1}), -1.0, zeros)
    made = drive.master(drive.headroom_db + 6.0).audio.samples[0, RATE : 2 * RATE]
    lines = np.abs(np.fft.rfft(made * np.blackman(made.size)))
    bands = [lines[7000 + 60 * n - 3 : 7000 + 60 * n + 4] for n in (-3, -2, -1, 1, 2, 3)]
    sides = math.sqrt(sum(float(np.sum(one**2)) for one in bands))
    assert decibels(sides / math.sqrt(float(np.sum(lines[6997:7004] ** 2)))) <= -60.0


def test_low_end_tells_the_share_below_100_hz() -> None:
    assert low_end(tone({50.0: 0.2})) == pytest.approx(1.0, abs=0.01)
    assert low_end(tone({50.0: 0.2, 1000.0: 0.2})) == pytest.approx(0.5, abs=0.01)
    assert low_end(tone({1000.0: 0.2})) == pytest.approx(0.0, abs=0.01)
    assert low_end(Audio(zeros((1, 1000)), RATE)) == 0.0


@given(st.floats(0.05, 1.0), st.floats(-40.0, 0.0), st.floats(-20.0, 20.0))
def test_the_search_finds_where_a_bent_line_reaches_the_target(
    slope: float, bend: float, target: float
) -> None:
    def reach(gain: float) -> float:
        return min(gain, bend + slope * (gain - bend))

    most = 60.0
    place = mastering._search(reach, target, target, most)
    if reach(most) < target - mastering.CLOSE_LU:
        assert place is None
    else:
        assert place is not None
        assert reach(place) == pytest.approx(target, abs=0.02)


def test_the_search_stops_at_a_jump() -> None:
    place = mastering._search(lambda gain: gain if gain < 3.0 else gain + 5.0, 6.0, 0.0, 20.0)
    assert place == pytest.approx(3.0, abs=0.01)
