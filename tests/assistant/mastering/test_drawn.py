from __future__ import annotations

import pytest

from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.curves import Curve
from assistant.mastering.drawn import Drawn, report_of
from assistant.mastering.finishing import Delivery
from assistant.mastering.genres import NEUTRAL
from assistant.mastering.heard import hear
from assistant.mastering.mastered import Goal, master
from assistant.mastering.ways import Way
from assistant.mastering.wording import readings_of
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, song, zeros
from tests.assistant.mastering.spectra import CURVES

HEARD = result(hear(song()))


def drawn(loudness: float, aim: Curve | Spectrum) -> str:
    goal = Goal(loudness, -1.0, RATE, Delivery(32, "none"))
    made = result(master(song(), HEARD, Way("", ""), goal, None, zeros))
    told = Drawn(
        "A title",
        "A reason.",
        song(),
        HEARD.spectrum,
        made.audio,
        made.drive.gain_curve,
        ("A move",),
        "idle" if loudness == -24.0 else "busy",
    )
    measured = readings_of(HEARD.loudness, made.loudness)
    return result(report_of(told, made.finished, goal, aim, measured, ()))


def test_a_page_has_what_was_said_and_what_it_is_compared_with() -> None:
    page = drawn(-12.0, CURVES[NEUTRAL])
    for words in ("A title", "A reason.", "A move", CURVES[NEUTRAL].called):
        assert words in page
    assert "the reference" in drawn(-12.0, HEARD.spectrum)


@pytest.mark.parametrize("loudness", [-24.0, -12.0])
def test_a_limiter_that_does_nothing_is_idle(loudness: float) -> None:
    page = drawn(loudness, CURVES[NEUTRAL])
    assert ("idle" in page) == (loudness == -24.0)
    assert ("The limiter took nothing away." in page) == (loudness == -24.0)
