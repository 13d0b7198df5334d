from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.verse.accents import accents
from assistant.theory.verse.declamation import Declamation, declaim, set_lyrics
from assistant.theory.verse.lyrics import Lyrics, read_lyrics
from assistant.theory.verse.pacing import FASTEST, Pace
from tests.assistant.theory.verse.sung_words import LINES, RULES

METERS = [(4, 4, 100.0), (4, 4, 160.0), (3, 4, 120.0), (6, 8, 90.0), (5, 4, 110.0), (7, 8, 130.0)]
VERSES = {language: read_lyrics(text, RULES, language) for language, text in LINES.items()}


def sound(made: Declamation, lyrics: Lyrics) -> None:
    """Check what holds for every rhythm."""
    assert "".join(one.text for one in made.syllables) == "".join(
        word.text for line in lyrics.lines for word in line.words
    )
    assert all(one.length >= 1 and 1 <= one.notes <= 4 for one in made.syllables)
    for one, two in pairwise(made.syllables):
        assert one.start + one.length <= two.start
    assert made.syllables[0].start >= 0
    assert made.syllables[-1].start + made.syllables[-1].length <= made.bars * len(
        accents(made.meter)
    )
    assert made.fastest <= FASTEST + 1e-9


@pytest.mark.parametrize(("numerator", "denominator", "bpm"), METERS)
def test_stressed_syllables_fall_on_beats(numerator: int, denominator: int, bpm: float) -> None:
    meter = Meter(0.0, numerator, denominator)
    shares = []
    for lyrics in VERSES.values():
        found = set_lyrics(lyrics, meter, Pace(bpm), 0, 6, np.random.default_rng(5))
        assert len({tuple(one.start for one in made.syllables) for made in found}) == len(found)
        assert len(found) >= 2
        for made in found:
            sound(made, lyrics)
            shares.append(made.on_beat)
    assert np.mean(shares) >= 0.97
    assert min(shares) >= 0.75


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_given_bars_are_kept(language: str) -> None:
    made = declaim(VERSES[language], Meter(0.0, 4, 4), Pace(120), 8)
    assert made.bars == 8
    assert made.on_beat == 1.0


def test_bars_that_are_left_are_said() -> None:
    made = declaim(VERSES["en"], Meter(0.0, 4, 4), Pace(100), 32)
    assert made.bars == 32
    assert "without words" in made.said[0]
    assert made.said[0].startswith("The last ")


def test_an_upbeat_begins_before_the_bar_line() -> None:
    made = declaim(VERSES["en"], Meter(0.0, 4, 4), Pace(100))
    upbeat, strong = [one for one in made.syllables if one.line == 1][:2]
    assert (upbeat.text, strong.text) == ("and", "ev")
    assert upbeat.start // 16 < strong.start // 16
    assert strong.start % 16 == 0


def test_a_breath_and_the_end_of_a_line_are_long_and_then_silent() -> None:
    lyrics = read_lyrics("Come to me, come to the river\nfollow me home", RULES, "en")
    made = declaim(lyrics, Meter(0.0, 4, 4), Pace(90))
    comma = made.syllables[2]
    ends = [one for one in made.syllables if one.ends_line]
    assert comma.start + comma.length < made.syllables[3].start
    assert len(ends) == 2
    assert ends[0].start + ends[0].length < next(o for o in made.syllables if o.line == 1).start


def test_words_go_on_with_a_hyphen() -> None:
    lyrics = read_lyrics("remember me", RULES, "en")
    made = declaim(lyrics, Meter(0.0, 3, 4), Pace(100))
    assert made.texts == ("re-", "mem-", "ber", "me")
    twins = declaim(read_lyrics("twenty-one", RULES, "en"), Meter(0.0, 3, 4), Pace(100))
    assert twins.texts == ("twen-", "ty-", "one")
    assert [one.word_index for one in made.syllables] == [0, 0, 0, 1]


def test_the_same_dice_give_the_same_rhythms() -> None:
    lyrics, meter = VERSES["it"], Meter(0.0, 4, 4)
    one, two = (
        set_lyrics(lyrics, meter, Pace(96), 0, 5, np.random.default_rng(3)) for _ in range(2)
    )
    assert one == two


def test_too_few_bars_are_refused() -> None:
    with pytest.raises(SettingError, match="and have 1"):
        declaim(VERSES["en"], Meter(0.0, 4, 4), Pace(180), 1)


@given(
    st.lists(st.sampled_from(" ".join(LINES.values()).split()), min_size=1, max_size=24),
    st.sampled_from(METERS),
    st.floats(40.0, 240.0),
    st.floats(0.0, 1.0),
    st.integers(0, 40),
    st.integers(0, 3),
)
def test_any_words_in_any_bars(
    words: list[str],
    meter: tuple[int, int, float],
    bpm: float,
    density: float,
    bars: int,
    seed: int,
) -> None:
    text = "".join(word + (", " if at % 5 == 4 else " ") for at, word in enumerate(words))
    lyrics = read_lyrics(text.replace("na ", "na\n"), RULES, "es")
    try:
        made = declaim(
            lyrics,
            Meter(0.0, *meter[:2]),
            Pace(bpm, density),
            bars,
            np.random.default_rng(seed),
        )
    except SettingError as error:
        assert "the words need" in str(error)
    else:
        sound(made, lyrics)
        assert made.bars == bars or not bars
