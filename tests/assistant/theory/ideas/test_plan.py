from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pytest

from assistant.errors import MaterialError, SettingError, UnknownName
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
     (Wanted("in D minor", "D"), "D minor"), (Wanted("", "H moll"), "B minor"),
     (Wanted("gospel in A"), "A major"), (Wanted("Am"), "A minor"), (Wanted("in D, dorian"),
     "D dorian"), (Wanted("", "auto"), "None")],
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
     (Wanted("in D minor, in E"), "prompt asks for 'D minor' and 'E major'"),
     (Wanted("very fast", tempo=40.0), "tempo is 40 bpm, but prompt asks for 'very fast'"),
     (Wanted("slow", tempo=200.0), "tempo is 200 bpm, but prompt asks for 'slow'"),
     (Wanted("slow, 200 bpm"), "prompt says 200 bpm, but prompt asks for 'slow'"),
     (Wanted("fast and slow"), "prompt asks for 'fast' and 'slow'"),
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


def test_a_style_of_the_prompt_that_gives_way_to_the_setting_is_named() -> None:
    (remark,) = plan(Wanted("jazz", style="rock")).remarks
    assert remark == "Style is rock, as set; jazz of your words is left aside"
    assert plan(Wanted("rock, sad", style="rock")).remarks == ()
    assert plan(Wanted("jazz")).remarks == ()


def test_a_pace_beside_the_tempo_of_a_song_is_named() -> None:
    (remark,) = plan(Wanted("slow"), HEARD).remarks
    assert "keeps its tempo; for one that is slower say the tempo" in remark
    assert plan(Wanted("slow", tempo=70.0), HEARD).remarks == ()


def test_a_mode_turns_a_key_that_was_hardly_heard_to_its_other() -> None:
    unsure = replace(HEARD, confidence=0.4)
    assert key(Wanted("major"), unsure) == "C major"


@pytest.mark.parametrize("origin", ["score", "sound"])
def test_a_key_that_was_not_heard_must_be_said(origin: Literal["score", "sound"]) -> None:
    unheard = replace(HEARD, confidence=0.1, origin=origin)
    with pytest.raises(MaterialError, match=r"No key was heard .*say the key"):
        plan(Wanted(), unheard)
    assert key(Wanted(key="D"), unheard) == "D major"


def test_no_key_is_spelled_with_more_than_seven_flats() -> None:
    heard = replace(HEARD, key=read_key("Gb"), second=read_key("Eb minor"))
    assert key(Wanted("minor"), heard) == "F# minor"
