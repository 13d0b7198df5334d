from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.ear import BANDS, COMPONENTS
from assistant.dsp.partial_loudness import (
    THRESHOLD_SONES,
    partial_loudness,
    phons,
    sones,
    specific_loudness,
)
from tests.assistant.dsp.ear_sounds import (
    flat_noise,
    loudness,
    loudness_beside,
    pink_noise,
    tones,
)

levels_db = st.floats(-20.0, 110.0)


# The examples of ANSI S3.4-2007.


@pytest.mark.parametrize(
    ("level_db", "want_sones"),
    [
        *((10.0, 0.029), (20.0, 0.142), (30.0, 0.422), (40.0, 0.997), (50.0, 2.098)),
        *((60.0, 4.166), (70.0, 8.102), (80.0, 15.980), (90.0, 33.216), (100.0, 70.362)),
    ],
)
def test_1_khz_is_as_loud_as_published(level_db: float, want_sones: float) -> None:
    found = loudness(tones(1000.0, level_db))
    assert found == pytest.approx(want_sones, rel=0.02, abs=0.001)  # the table has three decimals
    assert float(phons(found)) == pytest.approx(level_db, abs=0.2)


@pytest.mark.parametrize(
    ("level_db", "want_sones"), [(20.0, 0.35), (40.0, 1.8), (60.0, 7.1), (80.0, 27.5)]
)
def test_3_khz_is_as_loud_as_published(level_db: float, want_sones: float) -> None:
    assert loudness(tones(3000.0, level_db)) == pytest.approx(want_sones, rel=0.02)


def test_100_hz_is_as_loud_as_published() -> None:
    assert loudness(tones(100.0, 50.0)) == pytest.approx(0.345, rel=0.02)


@pytest.mark.parametrize(
    ("hertz", "level_db", "want_sones"),
    [
        ([1500, 1600, 1700], 60.0, 6.35),
        ([1000, 1600, 2400], 60.0, 12.62),
        (range(100, 1100, 100), 30.0, 1.99),
    ],
)
def test_chords_are_as_loud_as_published(
    hertz: list[int], level_db: float, want_sones: float
) -> None:
    assert loudness(tones(list(hertz), level_db)) == pytest.approx(want_sones, rel=0.02)


@pytest.mark.parametrize(
    ("width_hz", "db_a_hz", "want_sones"),
    [(100, 40.0, 4.25), (1000, 40.0, 14.29), (1000, 30.0, 8.02)],
)
def test_noise_is_as_loud_as_published(width_hz: int, db_a_hz: float, want_sones: float) -> None:
    band = flat_noise(1000.0 - width_hz / 2, 1000.0 + width_hz / 2, db_a_hz)
    assert loudness(band) == pytest.approx(want_sones, rel=0.02)


@pytest.mark.parametrize(("level_db", "want_sones"), [(0.0, 3.62), (20.0, 16.0), (40.0, 49.28)])
def test_pink_noise_is_as_loud_as_published(level_db: float, want_sones: float) -> None:
    assert loudness(pink_noise(50.0, 15_000.0, level_db)) == pytest.approx(want_sones, rel=0.02)


def test_a_tone_in_noise_is_as_loud_as_published() -> None:
    both = flat_noise(950.0, 1050.0, 40.0) + tones(1000.0, 60.0)
    assert loudness(both) == pytest.approx(5.14, rel=0.02)


@pytest.mark.parametrize(
    ("hertz", "threshold_db_spl"),
    [
        *((63.0, 37.5), (125.0, 22.1), (250.0, 11.4), (500.0, 4.4), (1000.0, 2.4)),
        *((2000.0, -1.3), (4000.0, -5.4), (8000.0, 12.6)),
    ],
)
def test_what_is_just_heard_is_as_faint_everywhere(hertz: float, threshold_db_spl: float) -> None:
    """The free-field thresholds of ISO 226:2003."""
    found = loudness(tones(hertz, threshold_db_spl))
    assert found == pytest.approx(THRESHOLD_SONES, rel=0.15)
    assert float(phons(found)) == pytest.approx(2.2, abs=0.4)


@pytest.mark.parametrize("level_db", [40.0, 50.0, 60.0, 70.0, 80.0])
def test_10_db_more_is_about_twice_as_loud(level_db: float) -> None:
    ratio = loudness(tones(1000.0, level_db + 10.0)) / loudness(tones(1000.0, level_db))
    assert 1.9 < ratio < 2.15


def test_phons_end_at_the_ends_of_the_table() -> None:
    assert float(phons(0.0)) == 0.0
    assert float(phons(1e6)) == 120.0
    assert np.all(np.diff(phons(np.geomspace(0.0011, 340.0, 100))) > 0.0)


def test_silence_has_no_loudness() -> None:
    none = np.zeros((2, BANDS))
    assert not specific_loudness(none).any()
    assert not partial_loudness(none, none).any()
    assert not partial_loudness(none, none + 1e6).any()
    assert loudness(np.zeros((1, COMPONENTS))) == 0.0


def test_sones_sum_along_the_last_axis() -> None:
    assert sones(np.ones((3, 4, BANDS))).shape == (3, 4)
    assert float(sones(np.ones(BANDS))) == BANDS * 0.5


def test_without_a_masker_nothing_is_lost() -> None:
    excited = 10.0 ** (np.arange(-20.0, 121.0)[:, None] / 10.0) * np.ones(BANDS)
    np.testing.assert_allclose(
        partial_loudness(excited, np.zeros_like(excited)), specific_loudness(excited), rtol=1e-9
    )


@given(levels_db, levels_db, st.floats(0.01, 40.0))
def test_a_louder_signal_is_heard_louder_and_a_louder_masker_takes_more(
    signal_db: float, masker_db: float, more_db: float
) -> None:
    ones = np.ones(BANDS)
    signal, masker = ones * 10.0 ** (signal_db / 10.0), ones * 10.0 ** (masker_db / 10.0)
    more = 10.0 ** (more_db / 10.0)
    heard = partial_loudness(signal, masker)
    assert np.all(heard >= 0.0)
    assert np.all(heard <= specific_loudness(signal))
    slack = 1e-12
    assert np.all(partial_loudness(signal * more, masker) >= heard - slack)
    assert np.all(partial_loudness(signal, masker * more) <= heard + slack)


def test_a_tone_in_noise_is_just_heard_at_the_critical_ratio() -> None:
    """3 dB less than the noise in a filter, which is 132 Hz wide: 18 dB above that in a Hz."""
    noise = flat_noise(20.0, 15_000.0, 40.0)
    above_db = np.arange(10.0, 26.0, 0.25)
    heard = [loudness_beside(tones(1000.0, 40.0 + over), noise) for over in above_db]
    just = above_db[int(np.searchsorted(heard, THRESHOLD_SONES))]
    assert 16.0 <= just <= 20.0


def test_a_tone_in_noise_goes_from_nothing_to_its_loudness_in_quiet() -> None:
    noise = flat_noise(20.0, 15_000.0, 0.0)
    shares = [
        loudness_beside(tones(1000.0, level), noise) / loudness(tones(1000.0, level))
        for level in (5.0, 15.0, 20.0, 30.0, 50.0, 80.0)
    ]
    assert shares[0] < 0.01
    assert np.all(np.diff(shares) > 0.0)
    assert shares[-1] > 0.9


def test_bass_has_to_stand_farther_above_its_masker() -> None:
    """13 dB above at 50 Hz, while at 1 kHz and above 3 dB less will do."""
    signal = np.full(BANDS, 1e7)
    shares = partial_loudness(signal, 0.1 * signal) / specific_loudness(signal)
    assert shares[0] < 0.05
    assert np.all(shares[BANDS // 2 :] > 0.5)


@pytest.mark.parametrize(
    ("signal_db", "masker_db", "want"),
    [(60.0, 50.0, 0.5144), (80.0, 40.0, 1.789), (60.0, 58.0, 0.2841), (50.0, 60.0, 0.0002356)],
)
def test_equations_17_and_18_worked_out_by_hand(
    signal_db: float, masker_db: float, want: float
) -> None:
    """From 500 Hz on, in sone per Cam."""
    signal, masker = (np.full(BANDS, 10.0 ** (db / 10.0)) for db in (signal_db, masker_db))
    np.testing.assert_allclose(partial_loudness(signal, masker)[BANDS // 2 :], want, rtol=1e-3)


def test_a_masker_below_takes_more_than_one_above() -> None:
    signal = tones(1000.0, 55.0)
    below, above = (loudness_beside(signal, tones(hertz, 80.0)) for hertz in (500.0, 2000.0))
    assert below < 0.8 * above
    assert above < loudness(signal)


def test_a_masker_far_away_takes_next_to_nothing() -> None:
    signal = tones(250.0, 60.0)
    far = loudness_beside(signal, flat_noise(5000.0, 8000.0, 20.0))
    assert far == pytest.approx(loudness(signal), rel=0.01)
