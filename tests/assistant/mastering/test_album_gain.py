from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dsp.equaliser import Band
from assistant.errors import TargetError
from assistant.mastering.album_gain import Rule, drives_of, gain_for, held_together
from assistant.mastering.balance import Advice
from assistant.mastering.finishing import Delivery
from assistant.mastering.mastered import Goal
from assistant.mastering.ways import Way
from assistant.material import Session, Stem
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, song, zeros

TRACKS = Session((Stem("quiet", song(2.0, level=0.1)), Stem("loud", song(3.0))))
GOAL = Goal(-14.0, -1.0, RATE, Delivery(32, "none"))
PLAIN = Way("Plain", "plainly done")
BRIGHTER = replace(
    PLAIN, title="Brighter", advice=(Advice(Band("high shelf", 3000.0, 4.0, 0.6), "more"),)
)
DRIVES = result(drives_of(TRACKS, PLAIN, GOAL, zeros))


@pytest.mark.parametrize("rule", ["whole", "loudest"])
def test_the_gain_leads_to_the_loudness_by_either_rule(rule: Rule) -> None:
    gain_db = result(gain_for(DRIVES, GOAL, rule))
    assert result(DRIVES.loudness_at(gain_db, rule)) == pytest.approx(-14.0, abs=0.01)


def test_the_track_that_stops_it_is_told_where_it_is_out_of_reach() -> None:
    assert DRIVES.tightest == "loud"
    with pytest.raises(TargetError, match="of limiting in loud, whose peaks come to the ceiling"):
        result(gain_for(DRIVES, replace(GOAL, loudness=0.0), "whole"))


def test_without_limiting_all_ways_are_held_where_the_first_stops() -> None:
    goal = replace(GOAL, loudness=-9.0, limits=False)
    held = result(held_together(TRACKS, (PLAIN, BRIGHTER), goal, "whole", zeros))
    assert held.held_by == "Brighter"
    gain_db = result(gain_for(DRIVES, held, "whole"))
    assert gain_db < DRIVES.headroom_db
    assert result(DRIVES.loudness_at(gain_db, "whole")) == pytest.approx(held.level, abs=0.01)
