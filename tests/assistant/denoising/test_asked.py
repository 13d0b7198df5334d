"""What is asked of a cleaning."""

from __future__ import annotations

import pytest

from assistant.denoising.asked import Asked


@pytest.mark.parametrize(("said_db", "down_db"), [(None, 24.0), (9.0, 9.0), (0.0, 0.0)])
def test_what_is_said_goes_before_what_is_usual(said_db: float | None, down_db: float) -> None:
    told = Asked(1.0, said_db, "auto", None, None, "", residual=False, shares={})
    assert told.down_db(24.0) == down_db
