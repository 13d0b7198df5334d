from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.key import MODES, Key, read_key
from assistant.theory.harmony.modes import in_mode
from assistant.theory.harmony.progression import Progression, read_bars
from assistant.theory.harmony.roman import realise
from assistant.theory.harmony.substitution import options, substitute
from assistant.theory.ideas.library import open_library
from bridge.presets import data

PROGRESSIONS = open_library(data).progressions


@pytest.mark.parametrize(
    ("key", "bars", "option"),
    [("C", "I | vi | IV", (0, "a secondary dominant", "I V7/vi")),
     ("C", "ii | V | I", (1, "a tritone substitution", "bII7")),
     ("C", "ii | V | I", (1, "a ii before its V", "ii V")),
     ("C", "I | IV | I", (1, "a minor plagal close", "IV iv")),
     ("C", "I | V | I", (1, "the back door", "iv bVII7")),
     ("C", "I | ii | V", (0, "a passing diminished chord", "I #i°7")),
     ("C", "I | vi | IV", (1, "bVI for vi", "bVI")),
     ("C", "I | V | vi", (1, "a suspension", "Vsus4 V")),
     ("C", "IV | I | V", (1, "the chord a third below", "vi")),
     ("A minor", "i | iv | V", (1, "a neapolitan sixth", "bII6")),
     ("A minor", "i | iv | i", (1, "a dorian IV", "IV"))],
)  # fmt: skip
def test_what_could_be_changed(key: str, bars: str, option: tuple[int, str, str]) -> None:
    found = options(read_bars(bars), read_key(key))
    assert option in [(place, name, " ".join(map(str, bar))) for place, name, bar in found]


@given(st.sampled_from(PROGRESSIONS), st.integers(0, 3), st.integers(0, 99))
def test_the_opening_and_the_last_bar_stay(progression: Progression, count: int, seed: int) -> None:
    key = Key(0, progression.family)
    bars, done = substitute(progression.bars, key, count, np.random.default_rng(seed))
    assert len(bars) == len(progression.bars)
    assert bars[0][0] == progression.bars[0][0]
    assert bars[-1] == progression.bars[-1]
    assert len(done) <= count
    assert (bars == progression.bars) == (not done)
    assert all(1 <= len(bar) <= 2 for bar in bars)


@given(st.sampled_from(PROGRESSIONS), st.sampled_from(sorted(set(MODES) - {"major", "minor"})))
def test_a_change_stays_in_the_mode(progression: Progression, mode: str) -> None:
    key = Key(0, mode)
    said = in_mode(progression.bars, key) if progression.family == key.family else None
    if said is not None:
        for _, _, bar in options(said, key):
            assert all(set(realise(each, key).pitch_classes) <= key.pitch_classes for each in bar)


def test_the_later_half_is_changed_more_often() -> None:
    bars = read_bars("I | vi | IV | V | I | vi | IV | V")
    places = []
    for seed in range(300):
        _, done = substitute(bars, Key(0), 1, np.random.default_rng(seed))
        places.append(int(done[0].split()[-1]) > 4)
    assert sum(places) > 180


def test_where_nothing_can_be_changed_nothing_is() -> None:
    bars = read_bars("i")
    assert substitute(bars, Key(0, "minor"), 3, np.random.default_rng(0)) == (bars, ())
