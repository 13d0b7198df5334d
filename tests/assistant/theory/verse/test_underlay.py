from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Meter, Note
from assistant.theory.verse.declamation import declaim
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.pacing import Pace
from assistant.theory.verse.underlay import Fit, fit_lyrics
from tests.assistant.theory.verse.sung_words import LINES, RULES

COMMON = Meter(0.0, 4, 4)


def words(text: str, language: str) -> Lyrics:
    return read_lyrics(text, RULES, language)


def melody(*lengths: float, start: float = 0.0) -> list[Note]:
    """Notes one after the other; a length below 0 is a rest."""
    notes: list[Note] = []
    for length in lengths:
        if length > 0:
            notes.append(Note(60.0 + len(notes) % 5, start, length))
        start += abs(length)
    return notes


def said(fit: Fit, kind: str) -> list[str]:
    return [place.text for place in fit.places if place.kind == kind]


@pytest.mark.parametrize("language", sorted(LINES))
def test_words_fit_the_rhythm_that_was_made_for_them(language: str) -> None:
    lyrics = words(LINES[language], language)
    made = declaim(lyrics, COMMON, Pace(100))
    notes = [Note(60.0, one.start / 4, one.length / 4) for one in made.syllables]
    fit = fit_lyrics(notes, (COMMON,), lyrics)
    assert fit.score >= 0.9
    assert fit.texts == made.texts or RULES[language].phrasal
    assert not said(fit, "crowded")
    assert not said(fit, "missing")


def test_a_syllable_too_many_divides_a_long_note() -> None:
    notes = melody(1, 1, 2, 1, 1, 2)
    fit = fit_lyrics(notes, (COMMON,), words("canto siempre\ncanto más", "es"))
    assert list(fit.texts) == ["can-", "to", "siem-", "pre", "can-", "to", "más"]
    assert said(fit, "crowded") == [
        "1 syllable more than notes: 'siempre' would need the half note split"
    ]
    assert [note.length for note in fit.notes] == [1, 1, 1, 1, 1, 1, 2]


def test_a_note_too_many_is_held() -> None:
    fit = fit_lyrics(melody(1, 1, 1, 1, 2), (COMMON,), words("canto a la luz", "es"))
    assert fit.texts.count("_") + len([t for t in fit.texts if t not in {"_", ""}]) == 5
    assert not said(fit, "crowded")


def test_stress_against_the_beat_is_said() -> None:
    fit = fit_lyrics(melody(1, 0.5, 0.5, 2), (COMMON,), words("amigo fiel", "es"))
    texts = said(fit, "stress")
    assert "the unstressed 'a' of 'amigo' falls on a strong beat" in texts
    assert any("stressed 'mi' of 'amigo'" in text or "beat" in text for text in texts)


def test_a_word_broken_by_a_rest_is_said() -> None:
    fit = fit_lyrics(melody(1, -1, 1), (COMMON,), words("canto", "es"))
    assert said(fit, "broken") == ["a rest breaks 'canto' before 'to'"]


def test_vowels_that_meet_may_share_a_note() -> None:
    notes = melody(1, 1, 1, 1)
    fit = fit_lyrics(notes, (COMMON,), words("canto amor mío", "es"))
    assert "to‿a-" in fit.texts
    assert len(fit.notes) <= 5


def test_a_mute_vowel_goes_unsung_where_there_is_no_note() -> None:
    fit = fit_lyrics(melody(2, 2), (COMMON,), words("belle nuit", "fr"))
    assert fit.texts == ("belle", "nuit")
    assert fit.score > 0.9
    assert not said(fit, "crowded")


def test_many_words_on_few_notes_score_low_and_say_what_is_missing() -> None:
    fit = fit_lyrics(melody(0.25, 0.25), (COMMON,), words(LINES["es"], "es"), bpm=160)
    assert fit.score < 0.1
    assert "no note is left for" in said(fit, "missing")[0]


def test_few_words_under_many_notes_are_said() -> None:
    fit = fit_lyrics(melody(*[1.0] * 24), (COMMON,), words("ven aquí", "es"))
    assert said(fit, "held") or said(fit, "silent")
    assert fit.score < 0.75


@pytest.mark.parametrize("count", [8, 12, 40])
def test_one_word_under_a_whole_melody_hardly_fits(count: int) -> None:
    assert fit_lyrics(melody(*[1.0] * count), (COMMON,), words("luz", "es")).score < 0.25


def test_bars_and_strong_beats_follow_the_metre_map() -> None:
    meters = (COMMON, Meter(4.0, 3, 4))
    for start, bar in ((0.0, 1), (4.0, 2), (7.0, 3)):
        fit = fit_lyrics(melody(1, 1, 1, start=start), meters, words("amigo", "es"))
        places = [(place.bar, place.beat) for place in fit.places if place.kind == "stress"]
        assert places[0] == (bar, 1.0)
    assert not said(fit_lyrics(melody(1, 1, 1, start=6.0), meters, words("amigo", "es")), "stress")
    late = fit_lyrics([Note(60.0, 6.0, 2.0)], meters, words("siempre", "es"))
    assert [(place.bar, place.beat) for place in late.places if place.kind == "crowded"] == [
        (2, 3.0)
    ]


def test_better_words_score_higher() -> None:
    lyrics = words(LINES["en"], "en")
    made = declaim(lyrics, COMMON, Pace(100))
    notes = [Note(60.0, one.start / 4, one.length / 4) for one in made.syllables]
    own = fit_lyrics(notes, (COMMON,), lyrics).score
    german = fit_lyrics(notes, (COMMON,), words(LINES["de"], "de")).score
    long = fit_lyrics(notes, (COMMON,), words(LINES["es"] + " otra vez, otra vez", "es")).score
    assert own > german > long


def test_what_is_no_melody_is_refused() -> None:
    one = words("canto", "es")
    with pytest.raises(MaterialError, match="not under 0"):
        fit_lyrics([], (COMMON,), one)
    with pytest.raises(MaterialError, match="one note at a time"):
        fit_lyrics([Note(60.0, 0.0, 1.0), Note(64.0, 0.0, 1.0)], (COMMON,), one)


@given(
    st.lists(st.sampled_from([-1.0, -0.5, 0.25, 0.5, 1.0, 1.5, 2.0]), min_size=1, max_size=20),
    st.lists(st.sampled_from(" ".join(LINES.values()).split()), min_size=1, max_size=8),
    st.sampled_from(["es", "fr", "en"]),
)
def test_every_note_keeps_its_time_and_every_syllable_is_told(
    lengths: list[float], listed: list[str], language: str
) -> None:
    notes = melody(1.0, *lengths)
    lyrics = words(" ".join(listed), language)
    fit = fit_lyrics(notes, (COMMON,), lyrics)
    assert len(fit.texts) == len(fit.notes)
    assert sum(note.length for note in fit.notes) == pytest.approx(
        sum(note.length for note in notes)
    )
    assert all(one.end <= two.start + 1e-9 for one, two in pairwise(fit.notes))
    assert {note.start for note in notes} <= {note.start for note in fit.notes}
    assert 0.0 <= fit.score <= 1.0
    if not said(fit, "missing"):
        letters = "".join(fit.texts).replace("_", "").replace("-", "").replace("‿", "")
        assert letters == "".join(word.text for line in lyrics.lines for word in line.words)
