"""`words`: times, numbers with sign and unit, text that is safe to show."""

from __future__ import annotations

import pytest

from assistant.contract import Quantity
from assistant.reports.words import clock, quantity, safe, signed


def test_times_in_words() -> None:
    assert [clock(seconds) for seconds in (0.0, 9.96, 65.2, 3725.04)] == [
        "0:00.0",
        "0:10.0",
        "1:05.2",
        "1:02:05.0",
    ]
    assert clock(65.0, tenths=False) == "1:05"


def test_numbers_have_their_sign_and_nothing_has_none() -> None:
    assert [signed(cents) for cents in (12.4, -0.4, -31.6)] == ["+12", "0", "\u221232"]
    assert [signed(change, 1) for change in (-0.04, 0.06, -3.25)] == ["0.0", "+0.1", "\u22123.2"]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Quantity(-20.14, -14.0, "LUFS"), "\u221220.14 \u2192 \u221214 LUFS"),
        (Quantity(None, 63.2, "%"), "63.2\u2009%"),
        (Quantity(None, 3.0, ""), "3"),
        (Quantity(1.0, None, "<b>"), "1 &lt;b&gt;"),
        (Quantity(23_456.4, None, "a minute"), "23,456 a minute"),
    ],
)
def test_what_was_measured_has_its_unit(one: Quantity, said: str) -> None:
    assert quantity(one) == said


def test_text_is_no_markup_and_can_be_shown() -> None:
    assert safe('<i a="b">\x07\u202e&\u2009') == "&lt;i a=&quot;b&quot;&gt;  &amp;\u2009"
