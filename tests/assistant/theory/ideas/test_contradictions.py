"""What is asked for against what the song is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.contradictions import check_key, check_meter, check_mode, check_typed
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import Plan, make_plan
from bridge.presets import data

LIBRARY = open_library(data)
HEARD = Heard(read_key("C"), 0.9, read_key("A minor"), 97.0, Meter(0.0, 4, 4), 40)


@dataclass(frozen=True)
class Wanted:
    prompt: str = ""
    key: str = ""
    tempo: float | None = None
    meter: str | None = None
    style: str = ""
    surprise: float = 0.3


def plan(prompt: str = "") -> Plan:
    return make_plan(Wanted(prompt), LIBRARY, HEARD, np.random.default_rng(0))


@pytest.mark.parametrize("key", ["D", "C", "A major", "A dorian"])
def test_another_key_is_refused_where_that_of_the_song_is_kept(key: str) -> None:
    with pytest.raises(SettingError, match=r"heard as A minor, but key is '.*'; say one of them"):
        check_key(("key",), read_key(key), read_key("A minor"))
    check_key((), read_key(key), read_key("A minor"))


def test_the_same_key_is_kept_however_it_is_spelled() -> None:
    check_key(("key",), read_key("A harmonic minor"), read_key("A minor"))
    check_key(("key",), read_key("F#"), read_key("Gb"))
    check_key(("key",), None, None)


@pytest.mark.parametrize("prompt", ["sad, minor", "dorian", "not major"])
def test_a_mode_that_the_song_is_not_in_is_refused(prompt: str) -> None:
    with pytest.raises(SettingError, match="the song is in C major, but prompt says '"):
        check_mode("", plan(prompt), HEARD.key)


def test_the_keys_that_could_be_meant_are_named() -> None:
    with pytest.raises(SettingError) as told:
        check_mode("", plan("minor"), HEARD.key, new="do new")
    assert str(told.value) == (
        "the song is in C major, but prompt says 'minor'; say the key, 'A minor' or 'C minor', or"
        " do new."
    )


@pytest.mark.parametrize("prompt", ["", "sad", "major", "lydian", "in C minor"])
def test_a_mode_of_the_same_side_or_a_key_in_full_may_be_asked(prompt: str) -> None:
    check_mode("", plan(prompt), HEARD.key)
    check_mode("C minor", plan("minor"), HEARD.key)


def test_another_metre_than_that_of_the_song_is_refused() -> None:
    with pytest.raises(SettingError, match="meter is 3/4, but the song is in 4/4"):
        check_meter("3/4", plan(), HEARD)
    with pytest.raises(SettingError, match="prompt asks for 3/4, but the song is in 4/4"):
        check_meter(None, plan("a waltz"), HEARD)
    check_meter("4/4", plan(), HEARD)
    check_meter("3/4", plan(), None)
    check_meter(None, plan(), HEARD)


def test_typed_chords_are_never_dropped() -> None:
    with pytest.raises(SettingError, match="finds chords for the melody, but chords are typed"):
        check_typed("Am F", "harmonise")
    check_typed("Am F", "continue")
    check_typed(" ", "harmonise")
