from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest

from assistant.contract import setting
from assistant.errors import MaterialError, SettingError
from assistant.material import Meter, Note, Score
from assistant.theory.ear.heard import Heard
from assistant.theory.harmony.key import Key
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.sung import check_sung, sing
from assistant.theory.verse.syllables import read_orthographies
from bridge.presets import data

KNOWN = read_orthographies(data("words/syllables"))


def words(text: str, language: str = "en") -> Lyrics:
    return read_lyrics(text, KNOWN, language)


def heard(count: int) -> Heard:
    notes = tuple(Note(60.0 + at % 5, float(at), 1.0) for at in range(count))
    return Heard(Key(0), 1.0, Key(-3), 100.0, Meter(0.0, 4, 4), count, float(count), melody=notes)


def test_a_syllable_a_note_fits() -> None:
    idea = sing(heard(4), words("ne-ver a-gain"))
    assert "4 syllables on 4 notes" in idea.why
    fit = (idea.measured["fit"].after or 0.0) / 100.0
    assert idea.confidence == pytest.approx(fit * words("ne-ver a-gain").certainty)
    main = idea.material["main"]
    assert isinstance(main, Score)
    assert main.tracks[0].lyrics == ("ne-", "ver", "a-", "gain")


def test_one_is_said_as_one() -> None:
    assert sing(heard(1), words("la")).why.startswith("1 syllable on 1 note: ")


def test_no_bar_is_said_twice() -> None:
    why = sing(heard(3), words("a-long the ri-ver in the dark")).why
    assert why.count("ar 1, beat 1") == 1
    assert "bar 1: " not in why


def test_bars_follow_the_metre_map() -> None:
    song = replace(heard(10), meters=(Meter(0.0, 4, 4), Meter(4.0, 3, 4)))
    why = sing(
        song, words("one two three four five six se-ven e-le-ven twelve thir-teen", "en")
    ).why
    places = [tuple(map(float, found)) for found in re.findall(r"ar (\d+), beat ([\d.]+)", why)]
    assert places
    assert all(beat < (5.0 if bar == 1 else 4.0) for bar, beat in places)
    assert max(bar for bar, _ in places) <= 3


def test_how_sure_the_language_is_is_said() -> None:
    idea = sing(heard(4), words("la la la la", ""))
    assert "I took the words for English" in idea.why
    assert idea.confidence < 0.5


@dataclass(frozen=True)
class Asked:
    do: str = setting("sing", about="what")
    within: str = setting("", about="where")
    density: float | None = setting(None, low=0.0, high=1.0, about="how many")


def test_what_singing_cannot_heed_is_refused_by_name() -> None:
    check_sung(Asked())
    with pytest.raises(SettingError, match="cannot heed within, density"):
        check_sung(Asked(within="3-4", density=0.5))


def test_too_many_syllables_rub_and_divide_notes() -> None:
    fits = sing(heard(8), words("a-long the ri-ver in the dark"))
    rubs = sing(heard(3), words("a-long the ri-ver in the dark"))
    assert rubs.confidence < fits.confidence
    assert rubs.measured["rubs"].after
    assert "bar 1, beat" in rubs.why.lower()


def test_without_a_melody_there_is_nothing_to_sing() -> None:
    with pytest.raises(MaterialError, match="there is no melody"):
        sing(None, words("la"))
    with pytest.raises(MaterialError, match="there is no melody"):
        sing(heard(0), words("la"))


def test_a_word_that_nobody_can_say_is_asked_about() -> None:
    with pytest.raises(SettingError, match="whose syllables nobody here knows"):
        sing(heard(4), Lyrics(words("la").lines, "", 0.0, (), ("漢字",)))
