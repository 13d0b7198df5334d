from __future__ import annotations

import pytest

from assistant.errors import MaterialError, SettingError
from assistant.material import Meter, Note
from assistant.theory.ear.heard import Heard
from assistant.theory.harmony.key import Key
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.sung import sing
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
    assert idea.confidence == pytest.approx((idea.measured["fit"].after or 0.0) / 100.0)


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
