from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.ear import (
    BAND_CAMS,
    BAND_HZ,
    BANDS,
    COMPONENT_EDGES_HZ,
    COMPONENT_HZ,
    COMPONENTS,
    STEP_CAMS,
    cams_of,
    erb_hz,
    hertz_of,
    transmission_db,
)


def test_1_khz_is_where_the_literature_has_it() -> None:
    assert float(cams_of(1000.0)) == pytest.approx(15.6, abs=0.03)
    assert float(erb_hz(1000.0)) == pytest.approx(132.4, abs=0.1)


def test_there_and_back_is_the_same_frequency() -> None:
    hertz = np.geomspace(20.0, 20_000.0, 50)
    np.testing.assert_allclose(hertz_of(cams_of(hertz)), hertz)


def test_a_cam_is_as_wide_as_a_filter() -> None:
    wide = hertz_of(BAND_CAMS + 0.5) - hertz_of(BAND_CAMS - 0.5)
    np.testing.assert_allclose(wide, erb_hz(BAND_HZ), rtol=0.01)


def test_bands_reach_from_50_hz_to_15_khz() -> None:
    assert len(BAND_HZ) == BANDS
    np.testing.assert_allclose(np.diff(BAND_CAMS), STEP_CAMS)
    assert BAND_HZ[0] < 50.0
    assert 14_500.0 < BAND_HZ[-1] < 15_000.0


def test_each_component_lies_between_its_edges() -> None:
    assert len(COMPONENT_EDGES_HZ) == COMPONENTS + 1
    assert np.all(COMPONENT_EDGES_HZ[:-1] < COMPONENT_HZ)
    assert np.all(COMPONENT_EDGES_HZ[1:] > COMPONENT_HZ)
    assert COMPONENT_EDGES_HZ[0] < 20.0
    assert COMPONENT_EDGES_HZ[-1] > 19_500.0


@pytest.mark.parametrize(
    ("hertz", "gain_db"), [(50.0, -18.5), (1000.0, 0.0), (3000.0, 8.0), (10_000.0, -11.7)]
)
def test_transmission_is_that_of_the_standard(hertz: float, gain_db: float) -> None:
    assert float(transmission_db(hertz)) == pytest.approx(gain_db, abs=1e-9)


def test_transmission_ends_at_the_ends_of_the_table() -> None:
    assert float(transmission_db(5.0)) == float(transmission_db(20.0))
    assert float(transmission_db(40_000.0)) == float(transmission_db(20_000.0))
