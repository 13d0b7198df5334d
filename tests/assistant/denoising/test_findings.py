"""Where a fault is, in words."""

from __future__ import annotations

from assistant.denoising.findings import Finding, Span


def where(*spans: Span, most: int = 3) -> str:
    return Finding("clicks", spans, 1.0, "a minute", 1.0, "Why.").where(most)


def test_a_few_places_are_told_by_their_times_and_the_others_counted() -> None:
    assert where() == "all through"
    assert where((1.0, 1.1)) == "at 0:01.0"
    assert where((1.0, 1.1), (65.04, 65.1)) == "at 0:01.0, 1:05.0"
    assert where(*((float(n), n + 0.1) for n in range(5)), most=2) == "at 0:00.0, 0:01.0 and 3 more"


def test_no_time_is_told_twice() -> None:
    assert where((1.01, 1.02), (1.02, 1.03), (2.0, 2.1)) == "at 0:01.0, 0:02.0"
    assert where((1.01, 1.02), (1.02, 1.03), (2.0, 2.1), most=1) == "at 0:01.0 and 1 more"
