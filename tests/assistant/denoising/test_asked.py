"""What is asked of a cleaning."""

from __future__ import annotations

import pytest

from assistant.denoising.asked import USUAL_DB, USUAL_VOICE_DB, Asked


@pytest.mark.parametrize(
    ("said_db", "voice", "down_db"),
    [(None, False, USUAL_DB), (None, True, USUAL_VOICE_DB), (9.0, True, 9.0), (0.0, False, 0.0)],
)
def test_what_is_said_goes_before_what_is_usual(
    said_db: float | None, voice: bool, down_db: float
) -> None:
    told = Asked(1.0, said_db, "auto", None, None, "", residual=False, shares={})
    assert told.down_db(voice=voice) == down_db
