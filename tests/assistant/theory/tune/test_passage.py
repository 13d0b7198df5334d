"""Where in a song a tune is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from assistant.errors import SettingError
from assistant.material import Meter, Note, Score
from assistant.settings import Bars
from assistant.theory.ear.hearing import hear
from assistant.theory.tune.passage import Passage, find_passage
from tests.assistant.theory.tune.tunes import KEYS, LEAD, SONG


@dataclass(frozen=True)
class Asked:
    do: str = "auto"
    bars: int = 8
    within: Bars | None = None
    keep_bars: Bars | None = None
    keep: tuple[str, ...] = ()
    change: str = "none"


GAP = replace(LEAD, notes=tuple(note for note in LEAD.notes if not 4 <= note.start < 8))


def passage(score: Score | None = SONG, **asked: Any) -> Passage:
    heard = hear(score) if score else None
    return find_passage(Asked(**asked), heard, Meter(0.0, 4, 4))


def test_without_a_song_all_is_new() -> None:
    found = passage(None, bars=3)
    assert (found.doing, found.first, found.free) == ("new", 0, (True,) * 3)


def test_a_song_is_continued_after_its_last_bar() -> None:
    found = passage(bars=4)
    assert found.doing == "continue"
    assert found.free == (False,) * 4 + (True,) * 4
    assert found.said == "bars 5 to 8"
    assert found.kept_notes() == LEAD.notes


def test_an_answer_is_as_long_as_its_question() -> None:
    assert passage(do="answer", bars=16).free == (False,) * 4 + (True,) * 4


def test_gaps_are_filled_where_there_are_any() -> None:
    found = passage(Score((GAP, KEYS)))
    assert found.doing == "fill"
    assert found.said == "bar 2"
    assert found.kept_notes() == GAP.notes


@pytest.mark.parametrize(
    ("asked", "doing", "said"),
    [
        ({"within": Bars(3, 4)}, "replace", "bars 3 to 4"),
        ({"change": "simpler"}, "vary", "bars 1 to 4"),
        ({"do": "vary", "within": Bars(2, 2)}, "vary", "bar 2"),
        ({"keep": ("rhythm",)}, "replace", "bars 1 to 4"),
        ({"do": "new", "bars": 2}, "new", "bars 1 to 2"),
    ],
)
def test_what_is_asked_for(asked: dict[str, Any], doing: str, said: str) -> None:
    found = passage(**asked)
    assert (found.doing, found.said) == (doing, said)


def test_chords_without_a_tune_get_a_new_one() -> None:
    assert passage(Score((KEYS,))).doing == "new"


@pytest.mark.parametrize(
    ("score", "asked", "told"),
    [
        (None, {"do": "vary"}, "needs a song"),
        (None, {"keep": ("key",)}, "no song to keep"),
        (None, {"within": Bars(1, 2)}, "no song"),
        (Score((KEYS,)), {"do": "continue"}, "no melody was heard"),
        (SONG, {"do": "fill"}, "nothing to fill in the melody"),
        (SONG, {"within": Bars(40, 44)}, "within is 40-44, but the song ends with bar 4"),
        (SONG, {"do": "vary", "keep": ("melody",)}, "say one of them"),
        (SONG, {"do": "continue", "keep": ("rhythm",)}, "none of to keep"),
    ],
)
def test_contradictions_are_said(score: Score | None, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        passage(score, **asked)


def test_metre_changes_are_followed() -> None:
    song = Score((LEAD, KEYS), meters=(Meter(0.0, 4, 4), Meter(16.0, 3, 4)))
    found = passage(song, bars=2)
    assert [(bar.beat, bar.numerator) for bar in found.bars[4:]] == [(16.0, 3), (19.0, 3)]


def test_a_note_over_the_end_of_the_last_bar_counts_no_bar() -> None:
    hanging = replace(LEAD, notes=(*LEAD.notes[:-1], Note(60.0, 14.0, 2.5)))
    assert passage(Score((hanging, KEYS))).said == "bars 5 to 12"


def test_bars_that_are_kept_stay_and_the_others_are_written() -> None:
    found = passage(keep_bars=Bars(3, 4))
    written = {found.first + place for place, free in enumerate(found.free) if free}
    assert found.doing == "replace"
    assert not written & {2, 3}
    assert {0, 1} <= written


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"do": "continue", "within": Bars(1, 2)}, "do is 'continue', but within names bars"),
        ({"do": "answer", "keep_bars": Bars(1, 2)}, "do is 'answer', but keep_bars names bars"),
        ({"within": Bars(1, 1), "keep_bars": Bars(2, 2)}, "both name bars"),
        ({"within": Bars(3, 99)}, r"within is 3-99, but the song ends with bar \d+\."),
        ({"keep_bars": Bars(1, 99)}, "keep_bars is 1-99, but the song ends"),
    ],
)
def test_bars_that_cannot_be_are_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        passage(**asked)


def test_bars_cannot_be_kept_of_no_song() -> None:
    with pytest.raises(SettingError, match="keep_bars names bars, but there is no song"):
        passage(None, keep_bars=Bars(1, 2))
