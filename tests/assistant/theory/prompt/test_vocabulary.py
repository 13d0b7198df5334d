from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.key import MODES
from assistant.theory.ideas.library import open_library
from assistant.theory.prompt.vocabulary import Meaning, longest, plain, read_vocabulary
from bridge.presets import data

LIBRARY = open_library(data)
VOCABULARY = LIBRARY.vocabulary
LIBRARY_PAGE = data("words/prompt")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Lo-Fi, Hip-Hop!", "lo fi hip hop"), ("it\u2019s", "it's"), ("R&B", "r&b"), ("6/8", "6/8"),
     ("ｗｉｄｅ", "wide"), ("उदास", "उदास"), ("悲しい。", "悲しい"), ("  a\tb ", "a b"), ("…", "")],
)  # fmt: skip
def test_text_is_folded(text: str, folded: str) -> None:
    assert plain(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_every_word_of_the_shelf_means_something_that_is_there() -> None:
    names = {
        "mood": set(VOCABULARY.moods), "style": set(LIBRARY.styles), "mode": set(MODES),
        "meter": {"4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8"},
        "pace": set(VOCABULARY.paces), "colour": {"triads", "sevenths", "ninths"},
        "surprise": {"more", "less"}, "heard": {"words"},
        "grammar": {"not", "very", "slightly", "plain"},
        "density": {"low", "high"}, "register": {"low", "high"}, "complexity": {"low", "high"},
        "loudness": {"loud", "quiet"}, "percussion": {"none", "light", "full"},
        "articulation": {"staccato", "legato"}, "instrument": set(LIBRARY_PAGE["instrument"]),
    }  # fmt: skip
    assert len(VOCABULARY.words) > 1000
    for word, meaning in VOCABULARY.words.items():
        assert meaning.name in names[meaning.group], word
        assert longest(word.split(), 0, VOCABULARY) == (len(word.split()), meaning)


def test_every_mood_is_a_tag_or_stands_for_tags() -> None:
    used = {mood for each in LIBRARY.progressions for mood in each.moods}
    for mood, tags in VOCABULARY.tags.items():
        assert used & set(tags), mood
    for valence, arousal in VOCABULARY.moods.values():
        assert -1.0 <= valence <= 1.0
        assert -1.0 <= arousal <= 1.0


@pytest.mark.parametrize(
    ("word", "name"),
    [("jazzy", "jazz"), ("sadly", "sad"), ("dreams", "dreamy"), ("darker", "dark"),
     ("happiness", "joyful"), ("gloomier", "dark"), ("café", "relaxed"), ("bluesy", "blues")],
)  # fmt: skip
def test_forms_of_a_word_are_found(word: str, name: str) -> None:
    _, meaning = longest([word], 0, VOCABULARY)
    assert meaning is not None
    assert meaning.name == name


def test_the_longest_phrase_wins() -> None:
    words = ["bossa", "nova", "night"]
    assert longest(words, 0, VOCABULARY) == (2, Meaning("style", "bossa"))


def test_a_word_with_two_meanings_is_refused() -> None:
    page = {"mood": {"sad": {"valence": -1, "arousal": 0, "words": ["blue"]}},
            "pace": {}, "style": {"blues": ["Blue"]}}  # fmt: skip
    with pytest.raises(ValueError, match="'blue' has two meanings"):
        read_vocabulary(page)


def test_a_word_may_say_more_than_it_means() -> None:
    assert VOCABULARY.words["simple"] == Meaning("colour", "triads")
    assert VOCABULARY.traits["simple"] == (Meaning("complexity", "low"),)
    assert VOCABULARY.words["staccato"] == Meaning("articulation", "staccato")


def test_ambiguous_words_could_mean_two_moods_and_are_not_given_one() -> None:
    assert VOCABULARY.ambiguous
    for word, could in VOCABULARY.ambiguous.items():
        assert len(could) > 1
        assert {meaning.name for meaning in could} <= set(VOCABULARY.moods)
        assert word not in VOCABULARY.words
