"""The chords that a tune is written over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assistant.material import Meter, Score
from assistant.settings import Bars
from assistant.theory.ear.hearing import hear
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import make_plan
from assistant.theory.tune.harmony import Harmony, harmonies
from assistant.theory.tune.passage import find_passage
from bridge.presets import data
from tests.assistant.theory.tune.tunes import LEAD, SONG

LIBRARY = open_library(data)


@dataclass(frozen=True)
class Asked:
    prompt: str = ""
    key: str = ""
    tempo: float | None = None
    meter: str | None = None
    style: str = ""
    surprise: float = 0.3
    chords: str = ""
    ending: str = "auto"
    keep: tuple[str, ...] = ()
    do: str = "auto"
    bars: int = 4
    within: Bars | None = None
    change: str = "none"


def over(asked: Asked, score: Score | None = None) -> tuple[Harmony, ...]:
    heard = hear(score) if score else None
    rng = np.random.default_rng(0)
    plan = make_plan(asked, LIBRARY, heard, rng)
    return harmonies(asked, plan, LIBRARY, find_passage(asked, heard, Meter(0.0, 4, 4)), rng)


def said(harmony: Harmony) -> str:
    return " | ".join(" ".join(map(str, bar)) for bar in harmony.bars)


def test_chords_that_were_typed_go_round() -> None:
    (found,) = over(Asked(chords="Am F", key="A minor"))
    assert said(found) == "i | VI | i | VI"
    assert found.source == "as you wrote them"


def test_where_nobody_says_some_are_tried() -> None:
    found = over(Asked(key="D"))
    assert len(found) == 3
    assert len({said(one) for one in found}) == 3
    assert all(len(one.bars) == 4 and str(one.key) == "D major" for one in found)


def test_a_song_goes_on_over_its_last_bars() -> None:
    (found,) = over(Asked(bars=6), SONG)
    assert said(found) == "I | vi | IV | V | I | vi | IV | V | I | vi"
    assert found.source == "as heard in your song"


def test_a_close_comes_to_rest() -> None:
    (found,) = over(Asked(ending="close"), SONG)
    assert str(found.bars[-1][0]) == "I"


def test_chords_are_guessed_under_a_lone_melody() -> None:
    (found,) = over(Asked(do="vary"), Score((replace(LEAD, name="alone"),)))
    assert len(found.bars) == 4
    assert found.source == "guessed from your melody"
