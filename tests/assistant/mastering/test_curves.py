from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.third_octaves import BANDS, CENTRES_HZ
from assistant.errors import MaterialError, UnknownName
from assistant.mastering.curves import choose, deviation, load_curve
from assistant.mastering.genres import GENRES, NEUTRAL
from bridge import presets
from tests.assistant.mastering.spectra import CURVES, NAMES, like, spectrum

FOLDER = Path(presets.__file__).parents[1] / "presets" / "curves"
PAGE: dict[str, Any] = {
    "title": "flat",
    "levels_db": [[20, 0], [20_000, 0]],
    "tolerance_db": {"sub": 1, "low": 2, "mid": 3, "high": 4, "air": 5},
}


def test_auto_knows_every_curve() -> None:
    assert sorted((*GENRES, NEUTRAL)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_curve_is_whole_and_says_where_it_is_from(name: str) -> None:
    page = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    assert {"title", "about", "source", "judgement", "checked"} <= page.keys()
    curve = CURVES[name]
    assert curve.levels_db.shape == curve.tolerance_db.shape == (BANDS,)
    assert curve.levels_db[CENTRES_HZ.index(1000.0)] == pytest.approx(0.0, abs=1e-9)
    assert (curve.tolerance_db >= 2.0).all()
    assert np.abs(np.diff(curve.levels_db)).max() <= 9.0


@pytest.mark.parametrize("name", sorted({*NAMES} - {"speech", "classical", "ambient"}))
def test_music_falls_by_about_5_db_an_octave_per_hertz(name: str) -> None:
    """As Pestana et al. found from 100 Hz to 4 kHz; in third octaves it is 3 dB less."""
    span = slice(CENTRES_HZ.index(100.0), CENTRES_HZ.index(4000.0) + 1)
    octaves = np.log2(np.array(CENTRES_HZ[span]))
    slope = np.polyfit(octaves, CURVES[name].levels_db[span], 1)[0]
    assert -5.6 <= slope - 3.01 <= -4.0


def test_genres_lean_the_way_they_were_found_to() -> None:
    bass = {name: CURVES[name].levels_db[CENTRES_HZ.index(31.5)] for name in NAMES}
    assert max(bass, key=lambda name: bass[name]) == "hip-hop"
    top = {name: CURVES[name].levels_db[CENTRES_HZ.index(10_000.0)] for name in NAMES}
    for forward in ("pop", "rock", "hip-hop", "edm"):
        for soft in ("jazz", "folk"):
            assert bass[forward] > bass[soft]
            assert top[forward] > top[soft]


def test_tolerance_steps_where_regions_meet() -> None:
    allowed = load_curve(lambda _: PAGE, "pop").tolerance_db
    told = {hertz: allowed[CENTRES_HZ.index(hertz)] for hertz in (40.0, 50.0, 160.0, 4000.0, 20e3)}
    assert told == {40.0: 1.0, 50.0: 2.0, 160.0: 3.0, 4000.0: 4.0, 20e3: 5.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels_db": [[100, 0], [50, 0]]},
        {"levels_db": [1, 2, 3]},
        {"levels_db": "loud"},
        {"levels_db": [[0, 0], [50, 0]]},
        {"tolerance_db": {"sub": 1}},
        {"tolerance_db": {**PAGE["tolerance_db"], "mid": 0}},
    ],
)
def test_a_broken_curve_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(MaterialError, match="'pop'"):
        load_curve(lambda _: PAGE | wrong, "pop")


def test_an_unknown_curve_is_refused() -> None:
    with pytest.raises(UnknownName, match="folk"):
        load_curve(presets.data, "folc")


@given(st.sampled_from(NAMES), st.floats(-60.0, 0.0))
def test_what_is_like_a_curve_lies_on_it_at_any_level(name: str, level_db: float) -> None:
    curve = CURVES[name]
    told = deviation(spectrum(curve.levels_db, level_db=level_db), curve)
    assert told.distance_db == pytest.approx(0.0, abs=1e-6)
    assert told.heard.all()
    assert told.core == 20


def test_what_is_above_half_the_rate_is_not_heard() -> None:
    told = deviation(like(CURVES["pop"], rate=8_000), CURVES["pop"])
    assert not told.heard[np.array(CENTRES_HZ) > 3500.0].any()
    assert told.heard[: CENTRES_HZ.index(2500.0)].all()


def test_auto_takes_the_nearest_where_it_is_clearly_nearest() -> None:
    others = [CURVES[name] for name in GENRES]
    chosen, why = choose(like(CURVES["classical"]), others, CURVES[NEUTRAL])
    assert chosen.name == "classical"
    assert "learly nearest to classical" in why


def test_auto_is_neutral_between_two() -> None:
    others = [CURVES[name] for name in GENRES]
    between = 0.5 * (CURVES["pop"].levels_db + CURVES["latin"].levels_db)
    chosen, why = choose(spectrum(between), others, CURVES[NEUTRAL])
    assert chosen.name == NEUTRAL
    assert "neutral" in why


def test_auto_is_neutral_far_from_all() -> None:
    others = [CURVES[name] for name in GENRES]
    chosen, why = choose(spectrum(np.linspace(0.0, 25.0, BANDS)), others, CURVES[NEUTRAL])
    assert chosen.name == NEUTRAL
    assert why.startswith("No curve is near")
