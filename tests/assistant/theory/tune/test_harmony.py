"""The chords that a tune is written over."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from assistant.contract import Context
from assistant.errors import SettingError
from assistant.material import Meter, Score
from assistant.models import opening
from assistant.models.carrying import carry
from assistant.models.paths import Path
from assistant.settings import Bars
from assistant.theory.ear.hearing import hear
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import make_plan
from assistant.theory.ideas.song import Song
from assistant.theory.tune.harmony import Harmonist, Harmony, harmonies, strays_of
from assistant.theory.tune.passage import find_passage
from bridge.presets import data, weights
from tests.assistant.theory.tune.tunes import LEAD, SONG

LIBRARY = open_library(data)
CONTEXT = Context(0, 1, data, weights=weights)


def carried(song: Song, rng: np.random.Generator) -> list[Path]:
    return carry(CONTEXT, song, 1, 0.3, rng)


HARMONIST = Harmonist(carried, lambda: opening.next_chord(CONTEXT, "pop"))


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
    keep_bars: Bars | None = None
    change: str = "none"


def over(asked: Asked, score: Score | None = None) -> tuple[Harmony, ...]:
    heard = hear(score) if score else None
    rng = np.random.default_rng(0)
    plan = make_plan(asked, LIBRARY, heard, rng)
    passage = find_passage(asked, heard, Meter(0.0, 4, 4))
    return harmonies(asked, plan, LIBRARY, passage, rng, HARMONIST)


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
    assert found.source == "found for your melody"


@pytest.mark.parametrize("do", ["continue", "answer"])
def test_chords_go_on_from_those_found_for_a_lone_melody(do: str) -> None:
    found = over(Asked(do=do), Score((replace(LEAD, name="alone"),)))
    assert found
    for one in found:
        assert len(one.bars) == 8  # four of the song, and four more
        assert one.bars[:4] == found[0].bars[:4]
        assert one.source == "going on from chords found for your melody"
        outside = [
            chord for bar in one.bars for chord in bar
            if not set(realise(chord, one.key).pitch_classes) <= one.key.pitch_classes
        ]  # fmt: skip
        assert len(outside) <= 1
    closed = over(Asked(do=do, ending="close"), Score((replace(LEAD, name="alone"),)))
    assert all(str(one.bars[-1][-1]) == "I" for one in closed)


def test_your_own_chords_are_never_closed_and_that_is_said() -> None:
    (found,) = over(Asked(chords="F G Am G", key="C", ending="close"))
    assert said(found) == "IV | V | vi | V"
    assert found.source == (
        "as you wrote them; your last chord, G, is not the tonic, so that the tune rests on a tone"
        " of it"
    )
    (rests,) = over(Asked(chords="F G C C", key="C", ending="close"))
    assert rests.source == "as you wrote them"


@pytest.mark.parametrize(
    ("asked", "told"),
    [(Asked(prompt="in D minor", keep=("key",)), "heard as C major, but key is 'D minor'"),
     (Asked(key="A minor", keep=("key",)), "heard as C major, but key is 'A minor'"),
     (Asked(prompt="minor"), "the song is in C major, but prompt says 'minor'"),
     (Asked(prompt="minor", do="new"), "the song is in C major, but prompt says 'minor'")],
)  # fmt: skip
def test_what_the_song_contradicts_is_refused(asked: Asked, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        over(asked, SONG)


def test_notes_against_the_key_that_was_said_are_named() -> None:
    asked = Asked(key="C minor", do="vary")
    (found,) = over(asked, SONG)
    heard = hear(SONG)
    passage = find_passage(asked, heard, Meter(0.0, 4, 4))
    (told,) = strays_of(asked, found, passage)
    assert re.fullmatch(r"Outside C minor: .* of the time of your melody\.", told)
    typed = Asked(chords="C E Am", key="C minor")
    (found,) = over(typed)
    (told,) = strays_of(typed, found, find_passage(typed, None, Meter(0.0, 4, 4)))
    assert "E natural for " in told
    assert told.endswith("of the time of your chords.")
