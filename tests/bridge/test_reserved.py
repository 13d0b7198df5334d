from __future__ import annotations

import pytest

from assistant import engine
from assistant.contract import Stage
from assistant.errors import SettingError
from assistant.settings import RESERVED
from bridge import order, presets
from bridge.reserved import reserved

STAGES = [engine.stage(name) for name in engine.stage_names()]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_words_are_those_that_an_order_knows(stage: Stage) -> None:
    words = {knob.name: knob for knob in reserved(stage)}
    assert set(words) <= RESERVED
    assert ("report" in words) == stage.draws
    assert words["preset"].choices == presets.names(stage.name)
    assert not set(words) & {knob.name for knob in stage.knobs}


@pytest.mark.parametrize("name", ["seed", "count"])
def test_numbers_have_the_ends_that_an_order_has(name: str) -> None:
    stage = engine.stage("chords")
    knob = next(knob for knob in reserved(stage) if knob.name == name)
    for value in (knob.low, knob.high):
        placed = order.place("chords", "", {name: value})
        assert getattr(placed, name) == value
    for value in (knob.low - 1, knob.high + 1):
        with pytest.raises(SettingError):
            order.place("chords", "", {name: value})
    assert getattr(order.place("chords", "", {}), name) == knob.default
