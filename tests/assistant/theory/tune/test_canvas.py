"""What tunes are written on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.material import Meter
from assistant.theory.ear.hearing import hear
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.tune.canvas import canvas_of, written_form
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.manner import Change
from assistant.theory.tune.passage import Doing, Passage
from assistant.theory.tune.places import Taste
from assistant.theory.tune.rhythm import Manner
from assistant.theory.tune.search import Best, Wanted, search
from tests.assistant.theory.tune.tunes import SONG, TABLES


@dataclass(frozen=True)
class Asked:
    low: float | None = None
    high: float | None = None
    density: float | None = None
    complexity: float | None = None
    change: Change = "none"
    ending: str = "auto"
    keep: tuple[str, ...] = ()


def best_of(doing: Doing, free: tuple[bool, ...]) -> tuple[Best, Passage]:
    lines = bar_lines((Meter(0.0, 4, 4),), 0, len(free))
    tune = hear(SONG).melody if doing != "new" else ()
    passage = Passage(doing, 0, free, lines, tune)
    bars = read_bars(" | ".join(("I", "vi", "IV", "V") * (len(free) // 4)))
    harmony = Harmony(bars, read_key("C"), "", "")
    rng = np.random.default_rng(0)
    canvas = canvas_of(Asked(), passage, harmony, Manner(), (), TABLES, rng)
    return search(canvas, Wanted(Taste(), 0.3, 600, 20), TABLES, rng), passage


def test_a_new_tune_has_a_form() -> None:
    best, passage = best_of("new", (True,) * 8)
    letters = {written_form(best, row, passage) for row in range(len(best.costs))}
    assert all(len(form) == 4 and form[0] == "a" for form in letters)
    assert len(letters) > 1


def test_only_phrases_that_were_written_have_letters() -> None:
    best, passage = best_of("continue", (False,) * 4 + (True,) * 4)
    assert all(len(written_form(best, row, passage)) == 2 for row in range(len(best.costs)))
    assert (best.tunes.pitches[:, 0] == 64).all()


def test_an_answer_takes_up_phrases_of_its_question() -> None:
    best, _ = best_of("answer", (False,) * 4 + (True,) * 4)
    told = {form.letters: form.sources for form in best.canvas.forms}
    assert told == {"abab": (-1, -1, 0, 1), "abac": (-1, -1, 0, -1), "abaa": (-1, -1, 0, 0)}
    assert sum(form.weight for form in best.canvas.forms) == pytest.approx(1.0)


def test_a_variation_repeats_its_model_and_not_itself() -> None:
    best, _ = best_of("vary", (True,) * 4)
    assert [form.sources for form in best.canvas.forms] == [(-1, -1)]
