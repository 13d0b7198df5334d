from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dsp.equaliser import Band
from assistant.mastering.balance import Advice
from assistant.mastering.finishing import Delivery
from assistant.mastering.heard import hear
from assistant.mastering.mastered import Goal
from assistant.mastering.reach import Mix, held_together, loudness_with, master_gently
from assistant.mastering.ways import Way
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, song, zeros

MIX = Mix(song(5.0), result(hear(song(5.0))), None, zeros)
GOAL = Goal(-9.0, -1.0, RATE, Delivery(32, "none"))
PLAIN = Way("Plain", "plainly done")
MOST_DB = 8.0


def brighter(share: float) -> Way:
    """Bring out the drums, and with them the peaks."""
    if share == 0.0:
        return PLAIN
    band = Band("high shelf", 3000.0, 3.0 * share, 0.6)
    return replace(PLAIN, advice=(Advice(band, f"{band.gain_db:.1f} dB more of the top"),))


def just_under_8_db() -> Goal:
    """Ask for what the mix alone reaches with a little less than 8 dB of limiting."""
    reached = result(loudness_with(MOST_DB, MIX, PLAIN, GOAL))
    assert reached is not None
    return replace(GOAL, loudness=reached - 0.1)


def test_ways_are_held_where_the_first_of_them_stops() -> None:
    goal = replace(GOAL, limits=False)
    ways = PLAIN, replace(brighter(1.0), title="Brighter")
    held = result(held_together(MIX, ways, goal))
    made = [result(master_gently(MIX, way, held)) for way in ways]
    assert held.held_by == "Brighter"
    assert made[0].loudness.integrated == pytest.approx(made[1].loudness.integrated, abs=0.02)
    easy = replace(goal, loudness=-30.0)
    assert result(held_together(MIX, ways, easy)) == easy


def test_a_way_that_comes_to_nothing_holds_no_other() -> None:
    short = song(0.6)
    mix = Mix(short, result(hear(short)), None, zeros)
    dense = Way("Dense", "held", body=True, density=1.0, dynamics=1.0)
    assert result(loudness_with(0.0, mix, dense, GOAL)) is None
    assert result(held_together(mix, [dense], GOAL)) == GOAL


def test_moves_alone_never_take_the_limiter_past_what_the_mix_stays_under() -> None:
    goal = just_under_8_db()
    full = result(master_gently(MIX, brighter(1.0), goal))
    less = result(master_gently(MIX, brighter(1.0), goal, brighter))
    assert full.finished.master.limiting_db > MOST_DB >= less.finished.master.limiting_db
    assert less.loudness.integrated == pytest.approx(goal.loudness, abs=0.05)
    assert less.sensible is None
    assert (
        f"in full they would take the limiter to {full.finished.master.limiting_db:.2f} dB"
        in less.way.kept
    )
    assert abs(sum(band.gain_db for band in less.way.bands)) < 3.0


def test_where_the_mix_alone_takes_more_too_its_moves_are_made() -> None:
    goal = replace(GOAL, loudness=just_under_8_db().loudness + 1.0)
    made = result(master_gently(MIX, brighter(1.0), goal, brighter))
    assert made.way.bands == brighter(1.0).bands
    assert made.sensible is not None
    assert made.way.kept == ""
