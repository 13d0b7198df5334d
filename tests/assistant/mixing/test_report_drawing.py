"""`report_drawing`: lines where there is sound, shades where a track is hidden, numbers apart."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from math import dist, log2
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from assistant.mixing.report_drawing import (
    chosen,
    draw_change,
    draw_hidden,
    draw_sum,
    draw_tracks,
)
from assistant.mixing.report_told import MixReport, Region
from tests.assistant.mixing.told import GUITAR, KICK, SILENT, TOLD, hidden, hump, many, summed

NOTHING = np.full(31, -160.0)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text


def of_class(svg: str, kind: str) -> list[ET.Element]:
    return [one for one in parsed(svg).iter() if kind in (one.get("class") or "").split()]


def places(path: ET.Element) -> list[tuple[float, float]]:
    return [
        (float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d", ""))
    ]


def test_every_track_is_a_line_in_the_colour_of_its_role() -> None:
    svg = draw_tracks(TOLD)
    assert len(of_class(svg, "track")) == 2
    assert len(of_class(svg, "r-guitar")) == 3  # its line, its number, its shade
    assert len(of_class(svg, "sum")) == 1


def test_a_hidden_track_is_shaded_from_its_line_up_to_the_sum() -> None:
    svg = draw_tracks(TOLD)
    (shade,) = of_class(svg, "hidden")
    (region,) = GUITAR.regions
    x = [place[0] for place in places(shade)]
    ticks = {one.text: float(one.get("x", "0")) for one in parsed(svg).iter("text")}
    octave = ticks["200 Hz"] - ticks["100 Hz"]
    assert min(x) == pytest.approx(ticks["100 Hz"] + octave * log2(region.low_hz / 100.0), abs=0.2)
    assert max(x) == pytest.approx(ticks["100 Hz"] + octave * log2(region.high_hz / 100.0), abs=0.2)
    lines = [places(one) for one in of_class(svg, "sum")]
    top = min(y for _, y in places(shade))
    inside = [y for x_, y in lines[0] if min(x) <= x_ <= max(x)]
    assert top <= min(inside) + 0.2
    assert [one.text for one in of_class(svg, "said")] == ["1 under 2"]


def test_who_hides_without_a_line_has_no_number() -> None:
    stranger = replace(GUITAR, hidden=hidden(200.0, 900.0, "somebody"))
    svg = draw_tracks(replace(TOLD, tracks=(stranger,)))
    assert [one.text for one in of_class(svg, "said")] == ["1 hidden"]


def test_with_the_moves_nothing_is_shaded() -> None:
    svg = draw_tracks(TOLD, after=True)
    assert of_class(svg, "hidden") == []
    assert svg != draw_tracks(TOLD)


def test_at_most_ten_have_a_number_those_that_are_spoken_of_first() -> None:
    tracks = many(40)
    told = MixReport("x", "y", tracks, spectrum=summed(tracks))
    first = chosen(told)
    assert len(first) == 10
    spoken = {id(track) for track, _ in told.hidden()}
    assert spoken <= {id(one) for one in first}
    assert tracks[12] in first  # who hides them
    assert tracks[0] in first  # the loudest
    assert chosen(replace(TOLD, tracks=(KICK, replace(KICK, spectrum=None)))) == [KICK]


def test_numbers_do_not_cover_each_other() -> None:
    tracks = many(40)
    svg = draw_tracks(MixReport("x", "y", tracks, spectrum=summed(tracks)))
    discs = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in of_class(svg, "disc")]
    assert len(discs) == 10
    assert min(dist(*pair) for pair in combinations(discs, 2)) >= 12.0
    words = [(float(one.get("x", "")), float(one.get("y", ""))) for one in of_class(svg, "said")]
    assert len(words) == 5
    for (x, y), (a, b) in combinations(words, 2):
        assert abs(y - b) >= 12.0 or abs(x - a) >= 50.0


def test_a_line_leaves_the_paper_and_does_not_run_along_its_edge() -> None:
    steep = replace(KICK, spectrum=hump(60.0, -20.0, slope_db=30.0))
    svg = draw_tracks(replace(TOLD, tracks=(steep,), spectrum=hump(60.0, -20.0)))
    ground = next(one for one in parsed(svg).iter("rect"))
    bottom = float(ground.get("y", "")) + float(ground.get("height", ""))
    y = [place[1] for place in places(of_class(svg, "track")[0])]
    assert max(y) == bottom
    assert y.count(bottom) == 1  # on the right; on the left it is on the paper


@pytest.mark.parametrize("tracks", [(), (SILENT,)])
def test_silence_is_not_drawn(tracks: tuple[()]) -> None:
    assert draw_tracks(MixReport("x", "y", tracks)) == ""
    assert draw_sum(None, None) == draw_sum(NOTHING, NOTHING) == ""
    assert draw_change(NOTHING, hump(60.0, -20.0)) == ""


def test_silence_among_tracks_has_no_line() -> None:
    svg = draw_tracks(replace(TOLD, tracks=(KICK, SILENT)))
    assert len(of_class(svg, "track")) == 1
    assert len(of_class(svg, "disc")) == 1


def test_the_sum_is_drawn_before_and_after_and_what_changed() -> None:
    before = hump(500.0, -20.0)
    svg = draw_sum(before, before + 3.0)
    old, new = of_class(svg, "before")[0], of_class(svg, "after")[0]
    assert min(y for _, y in places(new)) < min(y for _, y in places(old))
    assert {y for _, y in places(of_class(draw_change(before, before), "after")[0])} == {
        float(of_class(draw_change(before, before), "zero")[0].get("y1", ""))
    }


def test_a_strip_shows_where_and_how_much() -> None:
    ruler, svg = (
        draw_hidden(()),
        draw_hidden([(Region(200.0, 1000.0, 0.95, 0.3, "kick"), "r-kick")]),
    )
    ticks = {one.text: float(one.get("x", "")) for one in parsed(ruler).iter("text")}
    (bar,) = of_class(svg, "over")
    left, width = float(bar.get("x", "")), float(bar.get("width", ""))
    assert left == pytest.approx(ticks["200"], abs=0.11)
    assert left + width == pytest.approx(ticks["1k"], abs=0.11)
    assert bar.get("fill-opacity") == "0.95"
    assert "r-kick" in (bar.get("class") or "")
