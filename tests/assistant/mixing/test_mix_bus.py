from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing
from assistant.dsp.equaliser import response_db
from assistant.dsp.loudness import measure
from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.material import Audio
from assistant.mixing.heard import hear
from assistant.mixing.mix_bus import (
    MOST_BAND_DB,
    bus_bands,
    bus_squeeze,
    bus_width,
    density_db,
    range_lu,
)
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.played import track

HERTZ = np.array(CENTRES_HZ)
ALL = (HERTZ > 31.0) & (HERTZ < 16_500.0)
RATE = 48_000


def test_a_tilt_is_taken_back_by_broad_bands() -> None:
    short_db = 4.0 * np.log10(HERTZ / 1000.0)
    bands = bus_bands(short_db, ALL, RATE)
    assert 1 <= len(bands) <= 4
    assert [band.freq_hz for band in bands] == sorted(band.freq_hz for band in bands)
    left_db = short_db - response_db(bands, HERTZ, RATE)
    assert np.std(left_db[ALL]) < 0.6 * np.std(short_db[ALL])


def test_limits_and_nothing_to_do() -> None:
    far = np.where(HERTZ < 120.0, 30.0, 0.0)
    assert max(abs(band.gain_db) for band in bus_bands(far, ALL, RATE)) <= MOST_BAND_DB
    assert bus_bands(np.zeros(31), ALL, RATE) == ()
    assert bus_bands(np.full(31, 5.0), ALL, RATE) == ()
    assert bus_bands(far, HERTZ < 70.0, RATE) == ()
    high = np.where(HERTZ > 2_000.0, 6.0, 0.0)
    found = bus_bands(high, HERTZ < 3_600.0, 8_000)
    assert found
    assert all(band.freq_hz < 3_600.0 for band in found)


@pytest.mark.parametrize(
    ("side_db", "wanted_db", "width", "short_db"),
    [
        (-14.0, -14.5, 1.0, -0.5),
        (-14.0, -11.0, 1.41, 0.0),
        (-14.0, -4.0, 1.5, 6.5),
        (-8.0, -120.0, 0.5, -16.0),
        (-60.0, -10.0, 1.0, 20.0),
        (-60.0, -90.0, 1.0, 0.0),
    ],
)
def test_width_within_limits_and_what_it_leaves(
    side_db: float, wanted_db: float, width: float, short_db: float
) -> None:
    found = bus_width(side_db, wanted_db)
    assert found.width == pytest.approx(width, abs=0.01)
    assert found.short_db == pytest.approx(short_db, abs=0.1)


def _song(soft_db: float, seconds: float = 24.0) -> Audio:
    time = np.arange(round(seconds * RATE)) / RATE
    level = np.where(time % 8.0 < 4.0, 0.2, 0.2 * 10 ** (soft_db / 20))
    sound = level * np.random.default_rng(1).standard_normal((2, time.size)) / 3
    return Audio(sound.astype(np.float32), RATE)


def _bus(audio: Audio) -> Track:
    return track(audio.samples.astype(np.float64), Role.BUS, rate=audio.rate)


def test_range_is_that_of_the_meter() -> None:
    for soft_db in (-4.0, -10.0):
        audio = _song(soft_db)
        assert range_lu(result(hear(audio))) == pytest.approx(
            measure(audio).loudness_range, abs=0.5
        )


@pytest.mark.parametrize(("wider_lu", "taken_db"), [(1.2, 2.4), (1.5, 3.0), (9.0, 3.0)])
def test_what_ranges_further_is_squeezed_within_limits(wider_lu: float, taken_db: float) -> None:
    found = bus_squeeze(_bus(_song(-10.0)), wider_lu)
    assert found is not None
    assert found.loud_db == pytest.approx(taken_db, abs=0.1)


@pytest.mark.parametrize("wider_lu", [1.0, 1.5])
def test_the_range_comes_down_by_about_as_much_as_is_asked_for(wider_lu: float) -> None:
    song = _song(-6.0)
    found = bus_squeeze(_bus(song), wider_lu)
    assert found is not None
    pair = song.samples.astype(np.float64)
    Compressing(found.compressor, RATE).run(pair, 0)
    after = result(hear(Audio(pair.astype(np.float32), RATE)))
    fallen_lu = range_lu(result(hear(song))) - range_lu(after)
    assert wider_lu < fallen_lu < 2.0 * wider_lu  # of a song, whose levels are many, less


def test_what_ranges_alike_is_left() -> None:
    bus = _bus(_song(-10.0))
    assert bus_squeeze(bus, 0.9) is None
    assert bus_squeeze(bus, -5.0) is None


def test_density_is_how_near_peaks_are_to_loudness() -> None:
    heard = result(hear(_song(0.0, 2.0)))
    denser = replace(heard, true_peak_db=heard.true_peak_db - 3.0)
    assert density_db(heard, denser) == pytest.approx(3.0)
