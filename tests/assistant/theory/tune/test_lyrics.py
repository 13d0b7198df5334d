"""Rhythms of tunes from words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.material import Meter, Note, Score, Track
from assistant.settings import Bars
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.lyrics import (
    Verse,
    rhythms_of_words,
    said_of,
    sung_score,
    under,
    upbeat_bars,
    words_set,
)
from assistant.theory.tune.passage import Doing, Passage
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.rhythm import Given
from assistant.theory.tune.rows import CLOSE, OPEN, Rhythms
from assistant.theory.verse.lyrics import read_lyrics
from assistant.theory.verse.syllables import read_orthographies
from bridge.presets import data
from tests.assistant.theory.tune.tunes import framed

KNOWN = read_orthographies(data("words/syllables"))
FOUR = (Meter(0.0, 4, 4),)
LINES = (
    "hello my friend / I am here to stay / tonight and every day / until the end of time"
    " / and then some more / we sing along the river side"
)


@dataclass(frozen=True)
class Asked:
    lyrics: str = "Twinkle twinkle little star / how I wonder what you are"
    language: str = "en"
    bars: float | None = None
    density: float | None = None
    do: str = "auto"
    within: Bars | None = None
    keep: tuple[str, ...] = ()


def passage(
    doing: Doing = "new", free: tuple[bool, ...] = (True,) * 8, meters: tuple[Meter, ...] = FOUR
) -> Passage:
    return Passage(doing, 0, free, bar_lines(meters, 0, len(free)))


def words(asked: Asked, where: Passage | None = None) -> Verse:
    lyrics = read_lyrics(asked.lyrics, KNOWN, asked.language)
    return words_set(asked, lyrics, where or passage(), 100.0, np.random.default_rng(0))


def rhythms(found: Verse, lead: int, after: int = 0) -> tuple[Rhythms, int]:
    """Set words after some bars with a note on each beat; tell where those bars end."""
    frame = framed(bars=lead + found.bars + after)
    start, end = lead, lead + found.bars
    fixed = np.zeros(frame.slots, dtype=bool)
    fixed[: 16 * lead] = True
    fixed[16 * end :] = True
    given = Given(fixed, np.arange(frame.slots) % 4 == 0)
    breaths = phrases(frame.measures)
    ground = (given, (start, end))
    rng = np.random.default_rng(0)
    made = rhythms_of_words(frame, breaths, forms(len(breaths)), found.settings, ground, 1.0, rng)
    return made, 16 * lead


def test_every_syllable_has_its_note() -> None:
    found = words(Asked())
    assert len(found.settings) > 3
    made, _ = rhythms(found, 0)
    assert set(made.counts.tolist()) == {14}
    assert (made.ends == CLOSE).any(axis=1).all()
    assert (made.ends[:, 6] == OPEN).any()
    assert (np.diff(made.starts[:, :14], axis=1) > 0).all()


def test_words_begin_where_the_song_ends_and_its_notes_stay() -> None:
    found = words(Asked())
    made, begins = rhythms(found, 4)
    assert set(made.counts.tolist()) == {16 + 14}
    assert (made.starts[:, :16] == np.arange(16) * 4).all()
    assert (made.starts[:, 16:30] >= begins).all()
    first = found.settings[0]
    assert made.starts[0, 16:30].tolist() == [begins + one.start for one in first.syllables]


def test_words_within_a_song_do_not_close_it() -> None:
    found = words(Asked(within=Bars(3, 6)), passage("replace", (False,) * 2 + (True,) * 4))
    assert found.bars == 4
    made, begins = rhythms(found, 2, 2)
    assert set(made.counts.tolist()) == {8 + 14 + 8}
    assert not (made.ends == CLOSE).any()
    assert (made.starts[:, 8:22] >= begins).all()
    assert (made.starts[:, 8:22] < begins + 16 * 4).all()


@pytest.mark.parametrize("seed", range(3))
def test_all_settings_have_as_many_bars_and_fill_them(seed: int) -> None:
    lyrics = read_lyrics(LINES, KNOWN, "en")
    found = words_set(Asked(), lyrics, passage(), 100.0, np.random.default_rng(seed))
    assert {one.bars for one in found.settings} == {found.bars - upbeat_bars(found.settings)}
    ends = [one.syllables[-1].start + one.syllables[-1].length for one in found.settings]
    assert all(end > 16 * (one.bars - 1) for end, one in zip(ends, found.settings, strict=True))


def test_words_fill_the_bars_that_are_named_or_are_refused() -> None:
    assert words(Asked(bars=6)).bars == 6
    with pytest.raises(SettingError, match="too long for the bars"):
        words(Asked(within=Bars(3, 3)), passage("replace", (False, False, True)))


def test_words_fill_a_gap_but_not_several() -> None:
    gap = passage("fill", (False, True, True, True, True, False))
    assert words(Asked(), gap).bars == 4
    with pytest.raises(SettingError, match="one after the other"):
        words(Asked(), passage("fill", (True, False, True, True)))


def test_the_metre_is_that_of_the_bars() -> None:
    waltz = passage("continue", (False,) * 2 + (True,) * 8, (Meter(0.0, 4, 4), Meter(8.0, 3, 4)))
    assert {(one.meter.numerator, one.meter.denominator)
            for one in words(Asked(), waltz).settings} == {(3, 4)}  # fmt: skip
    mixed = passage("replace", (True,) * 4, (Meter(0.0, 4, 4), Meter(8.0, 3, 4)))
    with pytest.raises(SettingError, match="bars of one metre"):
        words(Asked(), mixed)


def test_how_words_are_set_is_said() -> None:
    assert said_of(None) == ""
    assert said_of(words(Asked()).setting(0)).startswith("14 syllables, ")
    assert said_of(words(Asked(lyrics="月亮", language="")).setting(0)) == "2 syllables"
    assert said_of(words(Asked(lyrics="love")).setting(0)).startswith("1 syllable, ")


def test_how_sure_the_words_are_is_handed_on() -> None:
    sure, guessed = words(Asked(lyrics="la la")), words(Asked(lyrics="la la", language=""))
    assert guessed.certainty < sure.certainty
    assert not sure.said
    assert "Name the language" in guessed.said[0]


def test_words_that_nobody_can_say_are_refused() -> None:
    with pytest.raises(SettingError, match="write it in kana"):
        words(Asked(lyrics="上を向いて歩こう", language=""))
    with pytest.raises(SettingError, match="write numbers"):
        words(Asked(lyrics="1999 was 24 hours"))


@pytest.mark.parametrize("doing", ["vary", "answer"])
def test_words_and_a_rhythm_that_is_there_are_refused(doing: Doing) -> None:
    with pytest.raises(SettingError, match="lyrics set a rhythm"):
        words(Asked(), passage(doing))


def test_words_and_a_kept_rhythm_are_refused() -> None:
    with pytest.raises(SettingError, match="keep names the rhythm"):
        words(Asked(keep=("rhythm",)), passage("replace"))


def test_words_lie_under_what_was_written_and_nothing_else() -> None:
    setting = words(Asked(lyrics="never")).setting(0)
    before, *new = (Note(60.0, float(at), 1.0) for at in range(3))
    assert under(setting, (before, *new), new) == ("", "nev-", "er")
    assert under(None, (before,), ()) == ()
    score = sung_score(Score((Track("melody", (before, *new)), Track("bass", ()))), setting, new)
    assert score.tracks[0].lyrics == ("", "nev-", "er")
    assert not score.tracks[1].lyrics
    assert sung_score(Score((Track("melody", (before,)),)), None, ()).tracks[0].lyrics == ()


def test_a_syllable_without_a_note_is_a_bug_and_not_silence() -> None:
    setting = words(Asked(lyrics="never")).setting(0)
    note = Note(60.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="2 syllables were set to 1 notes"):
        under(setting, (note,), (note,))


def test_an_upbeat_takes_a_bar_more() -> None:
    found = words(Asked())
    early = tuple(
        replace(one, syllables=(replace(one.syllables[0], start=-2), *one.syllables[1:]))
        for one in found.settings
    )
    assert Verse(early).bars == found.bars + 1
    assert Verse().bars == 0
    assert Verse().setting(3) is None
    assert all(one.start <= two.start for one, two in pairwise(early[0].syllables))
