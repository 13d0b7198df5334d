"""`report_drawing`: before and after at one loudness, what was aimed at, what was taken."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from assistant.dsp.third_octaves import BANDS, FLOOR_DB
from assistant.mastering.over_time import OverTime
from assistant.mastering.report_drawing import (
    draw_change,
    draw_gain,
    draw_loudness,
    draw_peaks,
    draw_spectrum,
)
from tests.assistant.mastering.sketches import FALLING, sketch_of
from tests.assistant.mastering.spectra import CURVES, spectrum

MIX, MASTER = sketch_of(-20.0), sketch_of(-14.0)


def points(svg: str, kind: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return x and y of a line or an area, shape (points, 2); none where it is not there."""
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    found = [one.get("d", "") for one in root.iter("path") if one.get("class") == kind]
    numbers = [float(number) for path in found for number in re.findall(r"-?[\d.]+", path)]
    return np.array(numbers).reshape(-1, 2)


def heights(svg: str) -> dict[str, float]:
    """Return where the values that are named lie."""
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    return {one.text or "": float(one.get("y", "")) - 4.0 for one in root.iter("text")}


@pytest.mark.parametrize("draw", [draw_loudness, draw_peaks])
def test_what_only_became_louder_is_drawn_as_one_line(draw: object) -> None:
    svg = draw(MIX, MASTER, -14.0)  # type: ignore[operator]
    assert np.array_equal(points(svg, "before"), points(svg, "after"))
    assert len(points(svg, "after")) > 10


def test_the_target_and_the_line_lie_where_the_axis_says() -> None:
    flat = OverTime(np.array([1.0, 59.0]), np.array([-14.0, -14.0]))
    svg = draw_loudness(MIX, replace(MASTER, loudness=flat), -14.0)
    y = heights(svg)["\u221214"]
    assert points(svg, "after")[:, 1] == pytest.approx([y, y], abs=0.06)
    (target,) = re.findall(r'<line class="aim"[^>]* y1="([\d.]+)"', svg)
    assert float(target) == pytest.approx(y, abs=0.06)


def test_a_target_far_above_is_still_on_the_paper() -> None:
    assert '<line class="aim"' in draw_loudness(MIX, MIX, -9.0)
    assert '<line class="aim"' in draw_peaks(MIX, MIX, -1.0)


def test_silence_and_a_mix_without_loudness_are_drawn() -> None:
    values = MASTER.loudness.values.copy()
    values[40:60] = -np.inf
    gap = replace(MASTER, loudness=OverTime(MASTER.loudness.times, values))
    assert points(draw_loudness(gap, gap, -14.0), "after")[:, 1].max() < 230.0
    nothing = OverTime(MASTER.loudness.times, np.full(100, -np.inf))
    silent = replace(MASTER, integrated=-np.inf, loudness=nothing, peaks=nothing)
    for svg in (draw_loudness(silent, silent, -14.0), draw_peaks(silent, silent, -1.0)):
        assert "nan" not in svg
        assert "inf" not in svg


def test_what_is_too_short_is_not_drawn() -> None:
    none = OverTime(np.zeros(0), np.zeros(0))
    assert draw_loudness(replace(MIX, loudness=none), replace(MASTER, loudness=none), -14.0) == ""


def test_what_the_limiter_takes_hangs_from_the_top() -> None:
    gain = OverTime(np.arange(0.5, 60.0), np.where(np.arange(60) == 30, -4.2, 0.0))
    svg = draw_gain(gain, 60.0)
    y = heights(svg)
    area = points(svg, "taken")
    assert area[:, 1].min() == pytest.approx(y["0"], abs=0.06)
    assert y["\u22124"] < area[:, 1].max() < y["\u22125"]
    assert draw_gain(OverTime(np.zeros(0), np.zeros(0)), 60.0).count("taken") == 0


def test_a_reference_is_drawn_as_loud_as_the_master_whatever_its_rate() -> None:
    quiet = spectrum(FALLING, level_db=-50.0)
    svg = draw_spectrum(MIX, MASTER, quiet)
    assert points(svg, "aim") == pytest.approx(points(svg, "after"), abs=0.11)
    dull = points(draw_spectrum(MIX, MASTER, spectrum(FALLING, rate=8000, level_db=-50.0)), "aim")
    assert len(dull) > 0
    assert dull[:, 0].max() < points(svg, "aim")[:, 0].max() - 100.0
    assert dull[0] == pytest.approx(points(svg, "aim")[0], abs=0.5)


def test_a_curve_has_its_tolerance_around_it() -> None:
    svg = draw_spectrum(MIX, MASTER, CURVES["folk"])
    band, line = points(svg, "band"), points(svg, "aim")
    top, bottom = band[:BANDS], band[BANDS:][::-1]
    whole = bottom[:, 1] < bottom[:, 1].max()  # the rest goes beyond the paper
    assert np.count_nonzero(whole) > 20
    middle = np.interp(top[whole, 0], line[:, 0], line[:, 1])
    assert middle == pytest.approx((top[whole, 1] + bottom[whole, 1]) / 2.0, abs=0.6)
    assert np.all(bottom[whole, 1] - top[whole, 1] > 20.0)
    assert len(points(draw_spectrum(MIX, MASTER, None), "aim")) == 0


def test_a_reference_with_far_more_bass_stays_on_the_paper() -> None:
    heavy = spectrum(FALLING + np.where(np.arange(BANDS) < 6, 24.0, 0.0))
    line = points(draw_spectrum(MIX, MASTER, heavy), "aim")
    assert np.count_nonzero(line[:, 1] == line[:, 1].min()) == 1


def test_bands_beyond_half_the_rate_are_not_drawn() -> None:
    dull = sketch_of(rate=8000)
    assert points(draw_spectrum(dull, dull, None), "after")[:, 0].max() < 860.0  # 4 kHz


def test_the_change_in_tone_is_none_where_all_became_louder() -> None:
    svg = draw_change(MIX, MASTER)
    assert points(svg, "after")[:, 1] == pytest.approx(heights(svg)["0"], abs=0.06)
    brighter = replace(
        MASTER, spectrum=spectrum(FALLING + np.linspace(0.0, 6.0, BANDS), level_db=-14.0)
    )
    svg = draw_change(MIX, brighter)
    assert points(svg, "after")[-1, 1] == pytest.approx(heights(svg)["6"], abs=0.06)


def test_silence_has_no_tone() -> None:
    silent = replace(MIX, spectrum=spectrum(np.full(BANDS, FLOOR_DB), None))
    assert draw_spectrum(silent, silent, CURVES["folk"]) == ""
    assert draw_change(silent, silent) == ""
