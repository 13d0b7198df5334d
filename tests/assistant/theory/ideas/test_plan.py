from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from assistant.errors import SettingError, UnknownName
from assistant.material import Meter
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan, make_plan
from bridge.presets import data

LIBRARY = open_library(data)
HEARD = Heard(read_key("A minor"), 0.9, read_key("C major"), 97.0, Meter(0.0, 6, 8), 40)


@dataclass(frozen=True)
class Wanted:
    prompt: str = ""
    key: str = ""
    tempo: float | None = None
    meter: str | None = None
    style: str = ""
    surprise: float = 0.3


def plan(wanted: Wanted, heard: Heard | None = None, seed: int = 0) -> Plan:
    return make_plan(wanted, LIBRARY, heard, np.random.default_rng(seed))


def key(wanted: Wanted, heard: Heard | None = None) -> str:
    return str(plan(wanted, heard).key)


def test_a_setting_goes_before_the_song() -> None:
    assert key(Wanted(key="D"), HEARD) == "D major"
    assert plan(Wanted(tempo=120.0), HEARD).bpm == 120.0
    assert plan(Wanted(meter="3/4"), HEARD).meter == Meter(0.0, 3, 4)


def test_the_prompt_goes_before_the_song() -> None:
    assert key(Wanted("in D minor"), HEARD) == "D minor"
    assert plan(Wanted("140 bpm"), HEARD).bpm == 140.0
    assert plan(Wanted("a waltz"), HEARD).meter == Meter(0.0, 3, 4)


def test_the_song_goes_before_dice() -> None:
    heard = plan(Wanted(), HEARD)
    assert (str(heard.key), heard.bpm) == ("A minor", 97.0)
    assert heard.meter == Meter(0.0, 6, 8)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(Wanted("dorian", "D"), "D dorian"), (Wanted("minor", "A"), "A minor"),
     (Wanted("minor", "A dorian"), "A dorian"), (Wanted("in D minor", "D minor"), "D minor"),
     (Wanted("", "auto"), "None")],
)  # fmt: skip
def test_key_and_prompt_complete_each_other(wanted: Wanted, found: str) -> None:
    assert key(wanted) == found


def test_a_mode_in_the_prompt_turns_the_key_of_the_song() -> None:
    assert key(Wanted("dorian"), HEARD) == "A dorian"
    assert key(Wanted("minor"), HEARD) == "A minor"
    assert key(Wanted("major"), HEARD) == "A major"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(Wanted("in D minor", "C minor"), "key is 'C minor', but prompt says 'in D minor'"),
     (Wanted("something major", "C minor"), "key is 'C minor', but prompt says 'major'"),
     (Wanted("a waltz", meter="4/4"), "meter is 4/4, but prompt asks for 3/4"),
     (Wanted("120 bpm", tempo=96.0), "tempo is 96, but prompt says 120 bpm"),
     (Wanted("no jazz", style="jazz"), "style is 'jazz', but prompt says not jazz"),
     (Wanted("999 bpm"), "prompt asks for 999 bpm; it takes 30 to 300"),
     (Wanted(key="H"), "key is 'H'")],
)  # fmt: skip
def test_contradictions_are_named(wanted: Wanted, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        plan(wanted)


def test_a_style_that_is_not_there_is_guessed() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'jazz'"):
        plan(Wanted(style="jaz"))


def test_chords_come_from_the_first_style_and_rhythm_from_the_second() -> None:
    mixed = plan(Wanted("classical with electronic beats"))
    assert (mixed.wish.style, mixed.feel) == ("classical", "house")
    both = plan(Wanted("jazzy", style="rock"))
    assert (both.wish.style, both.feel) == ("rock", "rock")


def test_dice_choose_a_key_that_is_handy() -> None:
    keys = {str(plan(Wanted(), seed=seed).key_for("minor")) for seed in range(60)}
    assert {"A minor", "E minor", "D minor"} <= keys
    for seed in range(60):
        made = plan(Wanted(), seed=seed)
        assert abs(made.key_for("major").signature) <= 4
        assert made.key_for("major").signature == made.key_for("minor").signature


def test_tempo_follows_mood_pace_and_metre() -> None:
    style = LIBRARY.styles["folk"]
    calm, excited = (plan(Wanted()).bpm_for(style, arousal) for arousal in (-1.0, 1.0))
    assert (calm, excited) == (style.slow, style.quick)
    assert plan(Wanted("slow")).bpm_for(style, 0.0) < plan(Wanted()).bpm_for(style, 0.0)
    assert plan(Wanted(meter="6/8")).bpm_for(style, 0.0) > plan(Wanted()).bpm_for(style, 0.0)


def test_a_song_without_sense_of_tempo_is_held_in_range() -> None:
    assert plan(Wanted(), replace(HEARD, bpm=1_000.0)).bpm == 300.0


def test_surprise_stays_in_range() -> None:
    assert plan(Wanted("weird, strange", surprise=0.9)).wish.surprise == 1.0
    assert plan(Wanted("familiar", surprise=0.0)).wish.surprise == 0.0
