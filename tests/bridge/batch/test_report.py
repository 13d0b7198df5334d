from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from bridge.batch.ledger import Ledger, Outcome, Row
from bridge.batch.report import Page, as_csv, as_html, write

MEASURED = {
    "integrated": {"before": -20.14, "after": -14.0, "unit": "LUFS"},
    "true_peak": {"before": None, "after": -1.02, "unit": "dBTP"},
    "overs": {"before": 3.0, "after": 0.0, "unit": ""},
}
SAID: dict[str, Any] = {
    "n": 1,
    "title": "Loud & clear",
    "why": 'It was "quiet",\n6.1 LU <b>under</b>.',
    "confidence": 0.9,
    "file": "live/a song #1.master-1.wav",
    "files": {"report": "live/a song #1.master-1.report.html"},
    "measured": MEASURED,
}
OVER = Page("master: <songs>", "master with loudness -14.0, seed 0.")
ROWS = [
    Row(1, Path("broken.wav"), "failed", Outcome(code="file", text="It is <broken>.")),
    Row(2, Path("live", "a song #1.wav"), "done", Outcome([SAID], seconds=61.25)),
    Row(3, Path("later.wav"), "queued"),
]


class Seen(HTMLParser):
    """Collects the text and the links of a page, and whatever it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a":
            self.links.append(told["href"] or "")
        elif tag in {"script", "link", "img", "iframe", "b-under"} or "src" in told:
            self.loads.append(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / ".home" / "ledger.sqlite")
    yield made
    made.close()


def test_a_spreadsheet_has_a_line_for_each_file() -> None:
    failed, done, later = csv.DictReader(io.StringIO(as_csv(ROWS), newline=""))
    assert (failed["file"], failed["state"]) == ("broken.wav", "failed")
    assert failed["error"] == "It is <broken>."
    assert done["result"] == SAID["file"]
    assert done["why"] == SAID["why"]
    assert done["integrated before [LUFS]"] == "-20.14"
    assert done["integrated after [LUFS]"] == "-14.0"
    assert (done["true_peak before [dBTP]"], done["overs after"]) == ("", "0.0")
    assert done["seconds"] == "61.25"
    assert later["state"] == "waiting"


def test_a_page_shows_everything_and_loads_nothing() -> None:
    page = Seen(as_html(ROWS, OVER))
    text = " ".join(page.said)
    assert page.loads == []
    for words in (*OVER, "It is <broken>.", 'It was "quiet", 6.1 LU <b>under</b>.'):
        assert words in text
    assert "\u221220.14 \u2192 \u221214 LUFS" in text
    assert "overs" not in text
    assert [unquote(link) for link in page.links] == [SAID["file"], *SAID["files"].values()]
    assert not {link for link in page.links if "#" in link or "<" in link}


def test_a_page_of_other_measures_shows_the_first_few() -> None:
    measured = {name: {"before": 1.0, "after": 2.0, "unit": "ms"} for name in "abcd"}
    row = Row(1, Path("a.wav"), "done", Outcome([{**SAID, "measured": measured}]))
    heads = Seen(as_html([row], OVER)).said
    assert [name for name in "abcd" if name in heads] == ["a", "b", "c"]


def test_reports_are_replaced_but_no_other_file_is(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "report.csv").write_text("mine")
    names = [path.name for path in write(ROWS, ledger, tmp_path, OVER)]
    assert names == ["report-2.csv", "report.html"]
    assert (tmp_path / "report.csv").read_text() == "mine"
    again = write(ROWS[:1], ledger, tmp_path, OVER)
    assert [path.name for path in again] == names
    assert again[0].read_bytes() == as_csv(ROWS[:1]).encode()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {".home", "report.csv", *names}


@pytest.mark.skipif(os.name == "nt", reason="on Windows names are text")
def test_names_that_are_no_text_are_shown_somehow(tmp_path: Path, ledger: Ledger) -> None:
    odd = os.fsdecode(b"caf\xe9.wav")
    row = Row(1, Path(odd), "done", Outcome([{**SAID, "file": odd, "files": {}}]))
    _, page = write([row], ledger, tmp_path, OVER)
    assert Seen(page.read_text("utf-8")).links == ["caf%E9.wav"]
