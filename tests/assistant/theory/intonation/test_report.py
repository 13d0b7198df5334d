"""`report`: the page stands alone, tells every note, escapes what it is told, stays small."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from assistant.contract import Quantity
from assistant.theory.intonation.report import MAX_LINES, MAX_ROWS, TakeReport, page
from assistant.theory.intonation.take import Lanes, TakeNote, Target

VOID = {"meta", "br", "link"}


def told(count: int = 4, rough_semitones: float = 0.0) -> TakeReport:
    """Make a take of notes of half a second, every third of them left alone."""
    dice = np.random.default_rng(5)
    notes = tuple(
        TakeNote(0.6 * i, 0.6 * i + 0.5, 60.0 + i % 12 + 0.3, vibrato_hz=5.5, vibrato_cents=40.0)
        for i in range(count)
    )
    targets = tuple(
        Target(60.0 + i % 12, 0.7, i % 3 != 2, f"reason {i}", other=61.0 + i % 12)
        for i in range(count)
    )
    times = np.arange(0.0, 0.6 * count, 0.005)
    centre = 60.3 + (times // 0.6) % 12
    sung = np.where(times % 0.6 < 0.5, centre, np.nan)
    sung += dice.normal(0.0, rough_semitones, times.size) if rough_semitones else 0.0
    after = tuple(0.4 if target.moves else 30.0 for target in targets)
    lanes = Lanes(times, sung, sung - 0.3)
    return TakeReport("Natural", "It was flat.", lanes, notes, targets, after)


class Balance(HTMLParser):
    """See that every element is closed, and remember the text of the cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in VOID

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.cells[-1] += data


def cells(html: str) -> list[list[str]]:
    """Return the rows of the table, heads first."""
    parser = Balance()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    heads = parser.cells.index("why") + 1 if parser.cells else 1
    return [parser.cells[i : i + heads] for i in range(0, len(parser.cells), heads)]


def test_the_page_stands_alone() -> None:
    html = page(told())
    assert html.startswith("<!doctype html>")
    for outside in ("http", "<script", "<link", "@import", "src=", "onload"):
        assert outside not in html
    assert set(re.findall(r"url\([^)]*\)", html)) == {"url(#hatch)"}
    assert page(told()) == html


def test_every_note_is_told() -> None:
    heads, *lines = cells(page(told()))
    assert len(lines) == 4
    first, left = dict(zip(heads, lines[0], strict=True)), dict(zip(heads, lines[2], strict=True))
    assert (first["#"], first["at"], first["length"]) == ("1", "0:00.0", "0.50 s")
    assert (first["sung"], first["meant"]) == ("C4 +30", "C4")
    assert (first["before"], first["after"], first["done"]) == ("+30", "0", "moved")
    assert (first["vibrato"], first["sure"]) == ("5.5 Hz, \u00b140", "70\u2009%")
    assert (left["done"], left["why"], left["meant"]) == ("left alone", "reason 2", "D4 or D#4")
    assert "4 notes: 3 moved, 1 left alone." in page(told())


def test_a_note_that_is_as_it_was_is_not_said_to_be_moved() -> None:
    take = told(2)
    html = page(replace(take, after_cents=(30.0, 0.0)))
    assert "2 notes: 1 moved, 1 as it was." in html
    assert "2 notes: 2 as they were." in page(replace(take, after_cents=(30.0, 30.0)))


def test_the_example_of_an_edit_names_notes_of_this_take() -> None:
    assert "--edits &quot;3=D#4, 1=leave&quot;" in page(told())


def test_no_edit_is_offered_where_edits_speak_of_another_take() -> None:
    assert "--edits" not in page(replace(told(), follows=True))


def test_the_links_of_the_drawing_lead_to_the_table() -> None:
    html = page(told(30))
    links, ids = set(re.findall(r'href="#(\w+)"', html)), re.findall(r'id="(n\d+)"', html)
    assert links == set(ids)
    assert len(ids) == len(set(ids)) == 30


def test_what_was_measured_and_found_stands_on_top() -> None:
    measured = {
        "pitch_error": Quantity(27.36, 3.1, "cents"),
        "untouched": Quantity(None, 63.2, "%"),
        "true_peak": Quantity(-1.5, -1.5, "dBTP"),
    }
    html = page(replace(told(), measured=measured, facts={"key": "C minor, 91 % sure"}))
    assert "<span>pitch error</span><b>27.36 \u2192 3.1 cents</b>" in html
    assert "<b>63.2\u2009%</b>" in html
    assert "<b>\u22121.5 \u2192 \u22121.5 dBTP</b>" in html
    assert "<span>key</span><b>C minor, 91 % sure</b>" in html


def test_names_are_spelled_as_the_key_does_and_bars_are_counted() -> None:
    names = {61: "Db4", 63: "Eb4"}
    html = page(replace(told(), names=lambda p: names.get(round(p), "x"), bars=(0.0, 1.2)))
    assert "Db4 +30" in html
    assert ">bar 2<" in html


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "a\x07&b"])
def test_whatever_it_is_told_stays_text(bad: str) -> None:
    take = told()
    targets = tuple(replace(target, why=bad) for target in take.targets)
    hostile = replace(
        take,
        title=bad,
        why=bad,
        targets=targets,
        names=lambda _: bad,
        facts={bad: bad},
        measured={bad: Quantity(1.0, 2.0, bad)},
    )
    html = page(hostile)
    assert bad not in html
    assert "<script" not in html
    assert "<img" not in html
    assert cells(html)[1][-1] == bad.replace("\x07", " ")


def test_a_take_without_notes_says_so() -> None:
    none = np.zeros(0)
    html = page(TakeReport("Nothing", "It is silent.", Lanes(none, none, none), (), (), ()))
    assert "No note was heard." in html
    assert "<table" not in html
    assert "--edits" not in html


def test_an_hour_is_told_in_bounded_size_and_says_what_is_left_out() -> None:
    html = page(told(6000, rough_semitones=0.8))
    assert len(html.encode()) < 4_000_000
    assert html.count("<figure>") == MAX_ROWS
    assert f"drawn are the {MAX_ROWS} with the most to see" in html
    assert "Of 6000 notes the" in html
    assert 100 < len(cells(html)) <= MAX_LINES + 1


def test_four_minutes_are_drawn_whole() -> None:
    html = page(told(400, rough_semitones=0.05))
    assert "most to see" not in html
    assert "that are drawn are listed" not in html
    assert len(cells(html)) == 401
    assert len(html.encode()) < 1_500_000


def test_all_is_named_and_drawn_by_the_concert_pitch_of_the_song() -> None:
    plain, low = told(), 12.0 * np.log2(415.0 / 440.0)
    lowered = replace(
        plain,
        lanes=Lanes(plain.lanes.times, plain.lanes.before + low, plain.lanes.after + low),
        notes=tuple(replace(note, centre=note.centre + low) for note in plain.notes),
        targets=tuple(
            replace(target, pitch=target.pitch + low, other=(target.other or 0.0) + low)
            for target in plain.targets
        ),
        concert=low,
    )
    assert page(lowered) == page(plain)


def test_the_drift_of_each_note_is_listed() -> None:
    plain = told()
    notes = (replace(plain.notes[0], drift_cents=-31.4), *plain.notes[1:])
    balance = Balance()
    balance.feed(page(replace(plain, notes=notes)))
    assert "drift" in balance.cells
    assert "\u221231" in balance.cells
