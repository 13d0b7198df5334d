"""`paper`: values where they belong, axes that read well, nothing beyond the paper."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reports.paper import Paper, axis


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text


def said(svg: ET.Element) -> list[str]:
    return [one.text or "" for one in svg.iter("text")]


@given(st.floats(-120.0, 20.0), st.floats(0.1, 90.0))
def test_an_axis_holds_what_it_must_in_few_steps(low: float, width: float) -> None:
    start, end, step = axis(low, low + width)
    assert start <= low
    assert low + width <= end
    assert (end - start) / step <= 9.001
    assert start % step == end % step == 0.0


def test_values_lie_where_the_grid_says() -> None:
    paper = Paper(0.0, 10.0, -30.0, 0.0, 6.0, 200.0)
    svg = parsed(paper.svg("x"))
    heights = {one.text: float(one.get("y", "")) - 4.0 for one in svg.iter("text")}
    assert paper.y(np.array([-12.0])) == pytest.approx([heights["\u221212"]], abs=0.06)
    places = {one.text: float(one.get("x", "")) for one in svg.iter("text")}
    assert paper.x(np.array([5.0])) == pytest.approx([places["0:05"]], abs=0.06)


def test_an_octave_is_as_wide_as_any_other() -> None:
    paper = Paper(20.0, 20_000.0, -30.0, 0.0, 6.0, 200.0, octaves=True)
    widths = np.diff(paper.x(np.array([100.0, 200.0, 400.0, 800.0])))
    assert widths == pytest.approx(np.full(3, widths[0]))
    assert {"20 Hz", "500 Hz", "2 kHz", "20 kHz"} <= set(said(parsed(paper.svg("x"))))


@pytest.mark.parametrize("seconds", [0.05, 0.4, 3.0, 61.0, 240.0, 3600.0, 36_000.0, 200_000.0])
def test_times_are_named_a_few_and_stay_on_the_paper(seconds: float) -> None:
    svg = parsed(Paper(0.0, seconds, -30.0, 0.0, 6.0, 200.0).svg("x"))
    right = float(svg.get("viewBox", "").split()[2])
    times = [one for one in svg.iter("text") if ":" in (one.text or "")]
    assert 1 <= len(times) <= 13
    for one in times:
        half = 3.3 * len(one.text or "") * (2 if one.get("anchor") == "end" else 1)
        assert float(one.get("x", "")) <= right
        assert one.get("text-anchor") == "end" or float(one.get("x", "")) + half <= right + 1.0


def test_what_is_beyond_the_paper_lies_on_its_edge() -> None:
    paper = Paper(0.0, 4.0, -30.0, 0.0, 6.0, 200.0)
    values = np.array([50.0, -np.inf, -90.0, -10.0])
    y = [float(n) for n in re.findall(r"[\d.]+", paper.line("after", np.arange(4.0), values))][1::2]
    assert min(y) == paper.y(np.array(0.0))
    assert max(y) == paper.bottom
    assert paper.level("aim", 3.0) == ""
    assert 'class="aim"' in paper.level("aim", -3.0)


def test_an_area_goes_there_and_back() -> None:
    paper = Paper(0.0, 2.0, -30.0, 0.0, 6.0, 300.0)
    row = np.array([0.0, 2.0])
    drawn = paper.area("band", row, np.array([-3.0, -3.0]), np.array([-9.0, -9.0]))
    assert drawn == '<path class="band" d="M44.0 40.0L1110.0 40.0L1110.0 100.0L44.0 100.0Z"/>'


def test_the_title_stays_text() -> None:
    svg = parsed(Paper(0.0, 2.0, -30.0, 0.0, 6.0, 300.0).svg("<b> text"))
    assert svg.findtext("title") == "<b> text"
