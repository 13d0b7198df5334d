"""`report_words`: numbers no finer than is heard, names that stay text."""

from __future__ import annotations

import pytest

from assistant.contract import Quantity
from assistant.mixing.report_words import named, percent, reading


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Quantity(-2.861, None, "dB"), "\u22122.9 dB"),
        (Quantity(-24.0, -25.03, "LUFS"), "\u221224.0 \u2192 \u221225.0 LUFS"),
        (Quantity(None, -0.01, "dBTP"), "0.0 dBTP"),
        (Quantity(41.73, 40.2, "%"), "41.7 \u2192 40.2\u2009%"),
        (Quantity(4612.7, None, "Hz"), "4.61 kHz"),
        (Quantity(0.0, None, "Hz"), "0 Hz"),
        (Quantity(0.35, None, "ms"), "0.35 ms"),
        (Quantity(112.0, None, ""), "112"),
        (Quantity(1.0, None, "<b>"), "1 &lt;b&gt;"),
    ],
)
def test_numbers_are_told_as_fine_as_they_are_heard(one: Quantity, said: str) -> None:
    assert reading(one) == said


def test_names_and_shares() -> None:
    assert named("a<b") == "<bdi>a&lt;b</bdi>"
    assert named(" ") == "<i>(no name)</i>"
    assert percent(0.508) == "51\u2009%"
