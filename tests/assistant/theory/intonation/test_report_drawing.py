"""`report_drawing`: both curves, the notes meant and those left alone, each in its place."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from assistant.material import note_name
from assistant.theory.intonation.report_drawing import draw
from assistant.theory.intonation.report_rows import Mark, rows_of
from assistant.theory.intonation.take import Lanes, TakeNote, Target


def mark(number: int, start: float, end: float, sung: float = 69.4, moves: bool = True) -> Mark:
    target = Target(float(round(sung)), 0.8, moves, "it fits", other=70.0)
    return Mark(number, TakeNote(start, end, sung), target)


def lanes(*marks: Mark) -> Lanes:
    times = np.arange(0.0, marks[-1].note.end + 1.0, 0.005)
    before, after = np.full(times.size, np.nan), np.full(times.size, np.nan)
    for one in marks:
        inside = (times >= one.note.start) & (times < one.note.end)
        before[inside] = one.note.centre
        after[inside] = one.target.pitch if one.target.moves else one.note.centre
    return Lanes(times, before, after)


def drawn(*marks: Mark, bars: tuple[float, ...] = ()) -> ET.Element:
    (row,) = rows_of(marks)
    return parsed(draw(row, lanes(*marks), note_name, bars))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text


def height(svg: ET.Element, kind: str) -> float:
    (path,) = (one for one in svg.iter("path") if one.get("class") == kind)
    numbers = [float(number) for number in re.findall(r"[\d.]+", path.get("d", ""))]
    return numbers[1]


def test_both_lines_lie_in_their_lanes() -> None:
    svg = drawn(mark(1, 1.0, 2.0, 69.4))
    tops = [float(one.get("y", "")) for one in svg.iter("rect") if "lane" in one.get("class", "")]
    lane = tops[0] - tops[1]
    assert height(svg, "before") == pytest.approx(height(svg, "after") - 0.4 * lane, abs=0.11)
    (block,) = (one for one in svg.iter("rect") if one.get("class") == "block")
    middle = float(block.get("y", "")) + float(block.get("height", "")) / 2
    assert height(svg, "after") == pytest.approx(middle, abs=0.11)


def test_what_is_voiced_is_drawn_and_nothing_else() -> None:
    svg = drawn(mark(1, 1.0, 2.0), mark(2, 2.5, 3.0), mark(3, 3.0, 4.0, 72.2))
    for kind in ("before", "after"):
        (path,) = (one for one in svg.iter("path") if one.get("class") == kind)
        assert path.get("d", "").count("M") == 2


def test_a_note_that_is_left_alone_lies_where_it_was_sung_with_its_reason() -> None:
    svg = drawn(mark(7, 1.0, 3.0, 69.45, moves=False))
    (block,) = (one for one in svg.iter("rect") if one.get("class") == "alone")
    middle = float(block.get("y", "")) + float(block.get("height", "")) / 2
    assert height(svg, "before") == height(svg, "after") == pytest.approx(middle, abs=0.11)
    assert [one.text for one in svg.iter("text") if one.get("class") == "reason"] == ["it fits"]
    (link,) = svg.iter("a")
    assert link.get("href") == "#n7"
    assert link.findtext("title") == "7: left alone. it fits (80% sure)"


def test_the_less_sure_the_paler() -> None:
    opacity = []
    for confidence in (0.2, 0.9):
        sure = Mark(1, TakeNote(1.0, 2.0, 69.0), Target(69.0, confidence, True, "why"))
        svg = drawn(sure)
        (block,) = (one for one in svg.iter("rect") if one.get("class") == "block")
        opacity.append(float(block.get("fill-opacity", "")))
    assert 0.0 < opacity[0] < opacity[1] < 1.0


def test_bars_and_seconds_are_named_and_the_lanes_too() -> None:
    svg = drawn(mark(1, 1.0, 5.0), bars=(0.0, 2.0, 4.0, 6.0))
    said = [one.text for one in svg.iter("text")]
    assert {"bar 2", "bar 3", "0:02", "0:04", "A4", "B4"} <= set(said)
    assert "bar 1" not in said
    assert svg.findtext("title") == "0:00.8 to 0:05.2: pitch before and after, over the notes"
    assert svg.findtext("desc") == "Notes: 1 A4."


def test_pitches_far_apart_and_wild_curves_stay_on_the_paper() -> None:
    marks = (mark(1, 1.0, 2.0, 36.2), mark(2, 2.0, 3.0, 84.3))
    labels = [
        float(one.get("y", "")) for one in drawn(*marks).iter("text") if one.get("x") == "38.0"
    ]
    assert len(labels) > 10
    assert all(one - following >= 10.9 for one, following in pairwise(labels))
    wild = lanes(*marks)
    wild.before[300:350] = 500.0
    (row,) = rows_of(marks)
    svg = parsed(draw(row, wild, note_name, ()))
    right, bottom = (float(side) for side in svg.get("viewBox", "").split()[2:])
    assert bottom < 600.0
    for path in svg.iter("path"):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
        assert all(0.0 <= y <= bottom for y in numbers[1::2])
        assert all(0.0 <= x <= right for x in numbers[::2])
