"""How a tune should be: by settings, mood and song."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan, make_plan
from assistant.theory.tune.manner import CHANGES, Change, compass, manner_of, taste_of
from bridge.presets import data
from tests.assistant.theory.tune.tunes import LEAD


@dataclass(frozen=True)
class Asked:
    prompt: str = ""
    key: str = ""
    tempo: float | None = None
    meter: str | None = None
    style: str = ""
    surprise: float = 0.3
    low: float | None = None
    high: float | None = None
    density: float | None = None
    complexity: float | None = None
    change: Change = "none"
    ending: str = "auto"


def plan(asked: Asked) -> Plan:
    return make_plan(asked, open_library(data), None, np.random.default_rng(0))


def test_the_range_is_as_asked_else_around_the_song() -> None:
    assert compass(Asked(), ()) == (60.0, 79.0)
    assert compass(Asked(low=50.0, high=62.0), ()) == (50.0, 62.0)
    assert compass(Asked(low=84.0), ()) == (84.0, 96.0)
    assert compass(Asked(high=55.0), ()) == (43.0, 55.0)
    assert compass(Asked(), LEAD.notes) == (55.0, 73.0)
    with pytest.raises(SettingError, match="C4 to D4"):
        compass(Asked(low=60.0, high=62.0), ())


def test_what_is_asked_for_goes_before_mood_and_song() -> None:
    asked = Asked(prompt="excited", density=0.1, complexity=0.9)
    manner = manner_of(asked, plan(asked), LEAD.notes, 120.0)
    assert (manner.density, manner.complexity) == (0.1, 0.9)


def test_mood_is_heard_in_density_and_height() -> None:
    calm, lively = (Asked(prompt=word) for word in ("peaceful", "excited"))
    densities = [manner_of(one, plan(one), (), 96.0).density for one in (calm, lively)]
    assert densities[0] < densities[1]
    dark, glad = (Asked(prompt=word) for word in ("sad", "joyful"))
    tastes = [taste_of(one, plan(one), (), (60.0, 79.0)) for one in (dark, glad)]
    assert tastes[0].height < tastes[1].height
    assert tastes[0].fall > tastes[1].fall


@pytest.mark.parametrize("change", CHANGES[1:])
def test_every_change_changes_something(change: Change) -> None:
    plain, changed = Asked(), Asked(change=change)
    told = [
        (manner_of(one, plan(one), (), 96.0), taste_of(one, plan(one), (), (60.0, 79.0)))
        for one in (plain, changed)
    ]
    assert told[0] != told[1]


def test_a_song_is_met_in_density_and_height() -> None:
    asked = Asked()
    busy = manner_of(asked, plan(asked), LEAD.notes, 120.0)
    assert 0.0 < busy.density < 0.6
    low, high = (taste_of(asked, plan(asked), LEAD.notes, span).height
                 for span in ((40.0, 73.0), (55.0, 90.0)))  # fmt: skip
    assert high < low


@pytest.mark.parametrize(("ending", "closing"), [("open", 0.0), ("close", 1.0)])
def test_endings(ending: str, closing: float) -> None:
    asked = Asked(ending=ending)
    assert manner_of(asked, plan(asked), (), 96.0).closing == closing


@pytest.mark.parametrize(
    ("prompt", "span"),
    [("cello", (43.0, 65.0)), ("low notes", (52.0, 71.0)), ("high register", (68.0, 87.0))],
)
def test_the_prompt_moves_the_range(prompt: str, span: tuple[float, float]) -> None:
    asked = Asked(prompt=prompt)
    reading = plan(asked).reading
    assert compass(asked, (), reading) == span
    song = compass(asked, LEAD.notes, reading)
    assert abs(song[0] - 55.0) <= 5.0  # the song says more
    assert compass(Asked(low=50.0, high=70.0), (), reading) == (50.0, 70.0)


def test_the_prompt_says_how_many_notes() -> None:
    few, many = (Asked(prompt=word) for word in ("sparse", "busy"))
    densities = [manner_of(one, plan(one), (), 96.0).density for one in (few, many)]
    assert densities[0] + 0.3 < densities[1]
    plain, odd = (Asked(prompt=word) for word in ("simple", "intricate"))
    told = [manner_of(one, plan(one), (), 96.0).complexity for one in (plain, odd)]
    assert told[0] < told[1]
