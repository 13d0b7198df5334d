"""The report of a cleaned take."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np

from assistant.contract import Quantity
from assistant.denoising.findings import Finding
from assistant.denoising.report import DenoiseReport, page

SEEN = np.full((192, 960), -60.0, np.float32)
VOID = {"meta", "img"}


class Balanced(HTMLParser):
    """Sees that each element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(told: DenoiseReport) -> Balanced:
    read_ = Balanced()
    read_.feed(page(told))
    assert read_.open == []
    return read_


def test_it_tells_what_was_found_and_done() -> None:
    clicks = Finding(
        "clicks", tuple((float(n), n + 0.01) for n in range(9)), 9.0, "clicks", 0.93, "9 <clicks>."
    )
    hum = Finding("hum", (), -41.5, "dBFS", 1.0, "A hum at 50 Hz.")
    told = DenoiseReport(
        "Balanced", "Why & how.", 10.0, 44_100, SEEN, SEEN, SEEN,
        {"taken for": "speech"}, (clicks, hum),
        {"noise": Quantity(-40.0, -58.0, "dBFS")}, ("9 clicks are mended.",),
    )  # fmt: skip
    text = read(told).text
    for words in ("9 <clicks>.", "93", "\u221241.5 dBFS", "all through", "and 3 more", "speech"):
        assert words in text
    assert "9 clicks are mended." in text
    assert "from 30 Hz to 22.1 kHz" in text
    assert "from \u2212110 to \u221220 dBFS" in text
    assert page(told).count("data:image/png;base64,") == 3
    assert "http" not in page(told)


def test_a_clean_take_is_told_as_such() -> None:
    text = read(DenoiseReport("Nothing to remove", "Clean.", 1.0, 8000, SEEN, SEEN, SEEN)).text
    assert "Nothing that should not be there." in text
    assert "the take is as it was" in text
