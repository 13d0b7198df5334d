from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Progression, read_bars
from assistant.theory.ideas.choice import Choice, Wish
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.invention import invent
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan
from assistant.theory.prompt.words import Reading
from bridge.presets import data

HOME = Progression(read_bars("I | V | vi | IV"), "major", "pop", ("hopeful",), "axis")
CHOICE = Choice(HOME, HOME.bars, (0.4, 0.1), 0.25)
PLAN = Plan(Wish(), Key(0), 0, None, None, 1.0, None, None, Reading(), None)


def made(choice: Choice = CHOICE, plan: Plan = PLAN, bars: int | None = 8) -> Idea:
    return invent(choice, plan, open_library(data), (bars, "auto"), np.random.default_rng(1))


def test_a_progression_lasts_as_long_as_is_wanted() -> None:
    idea = made()
    assert [str(bar[0]) for bar in idea.bars] == ["I", "V", "vi", "IV"] * 2
    assert idea.form == "said 2 times"
    assert idea.source == "as in pop, known as axis"
    assert (idea.title, idea.place, idea.distance) == ("axis", (0.4, 0.1), 0.25)


def test_a_borrowed_progression_is_dressed_as_the_style_is() -> None:
    plan = replace(PLAN, wish=Wish(style="jazz"))
    assert str(made(plan=plan).bars[0][0]) == "Imaj7"


def test_surprise_and_repeats_bring_changes() -> None:
    bold = made(plan=replace(PLAN, wish=Wish(surprise=1.0)), bars=16)
    assert bold.changes
    again = made(replace(CHOICE, changes=2))
    assert again.changes
    assert again.fit < made().fit


BLUES = "I7 | I7 | I7 | I7 | IV7 | IV7 | I7 | I7 | V7 | IV7 | I7 | V7"
TWELVE = Progression(read_bars(BLUES), "major", "blues", ("sad",), "twelve-bar blues")


def test_a_named_form_keeps_its_length_or_loses_its_name() -> None:
    choice = Choice(TWELVE, TWELVE.bars, (0.0, 0.0), 0.0)
    assert (len(made(choice, bars=None).bars), made(choice, bars=None).title) == (
        12,
        "twelve-bar blues",
    )
    assert made(choice, bars=24).title == "twelve-bar blues"
    cut = made(choice, bars=8)
    assert (len(cut.bars), cut.title, cut.source) == (8, "blues", "as in blues")
    assert len(made(bars=None).bars) == 8
