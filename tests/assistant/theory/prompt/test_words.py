from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.ideas.library import open_library
from assistant.theory.prompt.languages import Language
from assistant.theory.prompt.words import Reading, read_prompt
from bridge.presets import data

LIBRARY = open_library(data)
VOCABULARY = LIBRARY.vocabulary


def read(text: str, home: str = "") -> Reading:
    return read_prompt(text, VOCABULARY, LIBRARY.languages, home)


def test_a_prompt_is_read_word_by_word() -> None:
    reading = read("Wistful, jazzy, rainy night")
    assert reading.styles == ("jazz",)
    assert reading.moods == {"wistful": 2.0, "dreamy": 1.0}
    assert reading.understood == (
        "wistful", "jazzy as jazz", "rainy as wistful", "night as dreamy")  # fmt: skip
    assert reading.unknown == ()


def test_the_mood_is_a_place() -> None:
    assert read("hopeful").place == VOCABULARY.moods["hopeful"]
    between = read("hopeful and sad").place
    assert between is not None
    assert between == pytest.approx((-0.05, -0.1))


def test_not_turns_a_mood_round_and_leaves_a_style_out() -> None:
    reading = read("not sad, no jazz")
    assert reading.place is not None
    assert reading.place[0] > 0.3
    assert reading.moods == {"sad": -1.0}
    assert reading.styles == ()
    assert reading.without == {"jazz"}
    assert reading.understood == ("not sad", "not jazz")


def test_very_and_slightly_weigh() -> None:
    assert read("very sad and slightly hopeful").moods == {"sad": 1.6, "hopeful": 0.5}


def test_unknown_words_are_named_whatever_their_script() -> None:
    assert read("a sad frobnicating 巘巘 ᚠᚢ song").unknown == ("frobnicating", "巘巘", "ᚠᚢ")
    english = read_prompt("a sad frobnicating 悲しい उदास 🌧️ song", VOCABULARY)
    assert english.unknown == ("frobnicating", "悲しい", "उदास", "🌧️")


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [("a slow waltz", "meter", "3/4"), ("a slow waltz", "pace", 0.82), ("in 7/8", "meter", "7/8"),
     ("something dorian", "mode", "dorian"), ("lush", "colour", "ninths"),
     ("weird", "surprise", 0.3), ("at 96 bpm", "bpm", 96.0),
     ("classical with electronic beats", "styles", ("classical", "house"))],
)  # fmt: skip
def test_what_is_not_a_mood_is_understood_too(prompt: str, field: str, value: object) -> None:
    assert getattr(read(prompt), field) == value


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("sad song in D minor", "D minor"), ("in f sharp dorian", "F# dorian"),
     ("in b flat major, please", "Bb major"), ("in the key of Eb minor", "Eb minor")],
)  # fmt: skip
def test_a_key_in_full_is_read(prompt: str, key: str) -> None:
    reading = read(prompt)
    assert str(reading.key) == key
    assert reading.mode is None
    assert reading.unknown == ()


def test_an_article_is_no_note() -> None:
    assert read("a dream in a forest").key is None
    minor = read("sad song in a minor key")
    assert (minor.key, minor.mode) == (None, "minor")
    assert str(read("sad song in a minor").key) == "A minor"


@pytest.mark.parametrize(
    ("prompt", "named"),
    [("major and minor", "'major' and 'minor'"), ("a waltz in 4/4", "'3/4' and '4/4'"),
     ("in C major, in D minor", "'C major' and 'D minor'"),
     ("C minor, major", "'C minor' and for 'major'"), ("fast and slow", "'fast' and 'slow'"),
     ("slow and very fast", "'slow' and 'very fast'"),
     ("jazz but not jazz", "jazz .'jazz'. and for no jazz"),
     ("no waltz, waltz", "3/4 .'waltz'. and for no 3/4"), ("8 bars, 16 bars", "8 bars and 16"),
     ("90 bpm, 120 bpm", "90 bpm and 120 bpm")],
)  # fmt: skip
def test_two_of_a_kind_contradict_each_other(prompt: str, named: str) -> None:
    with pytest.raises(SettingError, match=f"prompt asks for {named}"):
        read(prompt)


@pytest.mark.parametrize("prompt", ["", "   ", "!!!", "...", "—"])
def test_nothing_is_read_as_nothing(prompt: str) -> None:
    assert read(prompt) == Reading(moods={})


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    try:
        reading = read(text)
    except SettingError:
        return
    if reading.place is not None:
        assert all(-1.0 <= side <= 1.0 for side in reading.place)


def test_a_word_said_twice_is_reported_once() -> None:
    assert read("sad sad sad").understood == ("sad",)
    assert read("foo foo").unknown == ("foo",)


@pytest.mark.parametrize(
    ("prompt", "understood"),
    [
        ("traurig und langsam", ("traurig as sad (German)", "langsam as slow (German)")),
        ("fast traurig", ("traurig as sad (German)",)),
        ("noche triste con lluvia", (
            "noche as dreamy (Spanish for night)", "triste as sad (Spanish)",
            "lluvia as wistful (Spanish for rain)")),
        ("悲しい雨の夜", (
            "悲しい as sad (Japanese)", "雨の as wistful (Japanese for rain)",
            "夜 as dreamy (Japanese for night)")),
        ("忧伤的雨夜", ("忧伤 as sad (Chinese)", "雨夜 as wistful (Chinese for rain)")),
        ("เศร้าและเหงามาก", ("เศร้า as sad (Thai)", "เหงา as lonely (Thai)")),
        ("ночь, грустная", ("ночь as dreamy (Russian for night)", "грустная as sad (Russian)")),
        ("malinconico e dolce", ("malinconico as wistful (Italian)", "dolce as tender (Italian)")),
        ("ليل حزين", ("ليل as dreamy (Arabic for night)", "حزين as sad (Arabic)")),
        ("🌙 sad", ("🌙 as dreamy", "sad")),
    ],
)  # fmt: skip
def test_prompts_in_other_languages_are_read(prompt: str, understood: tuple[str, ...]) -> None:
    reading = read(prompt)
    assert reading.understood == understood
    assert reading.unknown == ()
    assert reading.questions == ()


@pytest.mark.parametrize("prompt", ["nicht traurig", "no triste", "üzgün değil", "उदास नहीं",
                                    "не грустная", "悲しい なし"])  # fmt: skip
def test_not_is_heard_before_and_after(prompt: str) -> None:
    assert read(prompt).moods == {"sad": -1.0}


def test_the_same_word_of_several_languages_is_understood() -> None:
    (said,) = read("triste").understood
    assert said.startswith("triste as sad (Spanish or Portuguese or ")


def test_the_rest_decides_between_languages() -> None:
    assert read("fort et joyeux").moods == {"empowered": 1.0, "joyful": 1.0}
    assert read("fort och glad").pace == VOCABULARY.paces["fast"]


def test_a_word_that_languages_disagree_about_is_asked_about() -> None:
    reading = read("fort")
    assert reading.understood == ()
    assert set(reading.ambiguous) == {"fort"}
    (question,) = reading.questions
    assert "'fort' could mean " in question
    assert "French" in question
    assert "Swedish" in question
    assert question.endswith("; say which.")
    assert read("fort", home="fr").moods == {"empowered": 1.0}


def test_the_rest_settles_what_could_mean_two_moods() -> None:
    alone = read("hot")
    assert alone.ambiguous == {"hot": ("excited", "romantic")}
    assert alone.questions == ("'hot' could mean excited or romantic; say which.",)
    assert alone.place is None
    settled = read("hard, furious")
    assert settled.moods == {"angry": 2.0}
    assert settled.questions == ()


@pytest.mark.parametrize(
    ("prompt", "question"),
    [("hapy", "'hapy' is not known; did you mean 'happy'?"),
     ("zzgrmpf", "'zzgrmpf' is not known; say it in another word."),
     ("sehr trauriig und nicht langsam", "'trauriig' is not known; did you mean 'traurig'?")],
)  # fmt: skip
def test_an_unknown_word_is_asked_about_and_never_taken(prompt: str, question: str) -> None:
    reading = read(prompt)
    assert reading.questions == (question,)
    assert reading.place is None


def test_an_english_prompt_takes_no_word_of_another_language_unasked() -> None:
    reading = read("awful roob, slow mood")
    assert "roob" in reading.unknown
    assert any(question.startswith("'roob' is not known; ") for question in reading.questions)


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [("light percussion", "percussion", "light"), ("no drums", "percussion", "none"),
     ("with electronic beats", "percussion", "full"),
     ("slightly percussive", "percussion", "light"),
     ("sparse", "density", -0.7), ("very busy", "density", 1.0), ("not busy", "density", -0.7),
     ("low register", "register", -0.7), ("high notes", "register", 0.7),
     ("simple", "complexity", -0.7), ("intricate", "complexity", 0.7), ("loud", "loudness", 0.7),
     ("staccato", "articulation", "staccato"), ("flowing", "articulation", "legato"),
     ("guitar and piano", "instruments", ("guitar", "piano")), ("no guitar", "instruments", ()),
     ("Gitarre, traurig", "instruments", ("guitar",)), ("sad", "density", None)],
)  # fmt: skip
def test_how_it_is_played_is_understood(prompt: str, field: str, value: object) -> None:
    assert getattr(read(prompt), field) == (
        pytest.approx(value) if isinstance(value, float) else value
    )


def test_the_prompts_of_the_house_are_understood_whole() -> None:
    reading = read("inspiring yet reflective acoustic melody with light percussion")
    assert reading.moods == {"hopeful": 1.0, "nostalgic": 1.0}
    assert reading.styles == ("folk",)
    assert reading.percussion == "light"
    assert reading.unknown == ()
    reading = read("classical with electronic beats")
    assert reading.styles == ("classical", "house")
    assert reading.percussion == "full"


@pytest.mark.parametrize("prompt", ["sad/lonely", "solitario/a y triste", "triste(s) y solitario"])
def test_slashes_and_endings_in_brackets_are_read(prompt: str) -> None:
    reading = read(prompt)
    assert reading.moods == {"sad": 1.0, "lonely": 1.0}
    assert reading.unknown == ()


def test_an_english_prompt_does_not_wait_for_other_languages() -> None:
    def shelves(page: str) -> tuple[Language, ...]:
        raise AssertionError(page)

    assert read_prompt("wistful, jazzy, rainy night", VOCABULARY, shelves).unknown == ()
    assert read_prompt("a sad frobnicating song", VOCABULARY, shelves).unknown == ("frobnicating",)


@pytest.mark.parametrize(
    ("prompt", "key", "understood"),
    [("Am", "A minor", ("Am as the key A minor",)),
     ("C minor", "C minor", ("C minor as the key",)),
     ("gospel in A", "A major", ("in A as the key A major", "gospel")),
     ("in D, dorian", "D dorian", ("in D as the key D dorian", "dorian")),
     ("minor, in E", "E minor", ("in E as the key E minor", "minor")),
     ("traurig, in h-moll", "B minor", ("h-moll as the key B minor", "traurig as sad (German)"))],
)  # fmt: skip
def test_a_key_is_said_back(prompt: str, key: str, understood: tuple[str, ...]) -> None:
    reading = read(prompt)
    assert str(reading.key) == key
    assert reading.mode is None
    assert reading.understood == understood
    assert reading.questions == ()


def test_a_note_that_stands_alone_is_asked_about() -> None:
    reading = read("gospel A")
    assert reading.key is None
    assert reading.ambiguous == {"A": ("A major", "A minor")}
    assert reading.questions == ("'A' could mean A major or A minor; say which.",)
    assert read("sad d").questions == (
        "'d' is not known; where a key is meant, say 'in D' or 'D minor'.",
    )


def test_i_am_is_a_verb() -> None:
    assert read("I am sad") == read("I feel sad")


@pytest.mark.parametrize(
    ("prompt", "field", "value", "said"),
    [("no sevenths", "colour", "triads", "no sevenths as triads in colour"),
     ("not lush", "colour", "triads", "not lush as triads in colour"),
     ("not minor", "mode", "major", "not minor as major"),
     ("not fast", "pace", 1.0, "not fast as medium"),
     ("not staccato", "articulation", "legato", "not staccato as legato"),
     ("not weird", "surprise", -0.2, "not weird as less surprise"),
     ("no drums", "percussion", "none", "no drums as no percussion"),
     ("no bluesy", "without", {"blues"}, "not bluesy as no blues"),
     ("not happy", "styles", (), "not happy as away from joyful"),
     ("no guitar", "instruments", (), "no guitar")],
)  # fmt: skip
def test_what_is_not_wanted_is_said_and_done(
    prompt: str, field: str, value: object, said: str
) -> None:
    reading = read(prompt)
    assert getattr(reading, field) == value
    assert reading.understood == (said,)


def test_not_this_mode_or_metre_leaves_others_open() -> None:
    reading = read("no waltz, not dorian")
    assert (reading.meter, reading.mode, reading.understood) == (None, None, ())
    assert reading.questions == (
        "'not waltz' leaves the meter open; say the one that is wanted.",
        "'not dorian' leaves the mode open; say the one that is wanted.",
    )
    assert read("no waltz, 4/4").meter == "4/4"


@pytest.mark.parametrize("prompt", ["happy sad", "sad but happy", "calm, exciting"])
def test_moods_that_pull_apart_are_named_with_where_they_were_brought(prompt: str) -> None:
    (remark,) = read(prompt).remarks
    assert "pull apart: together they were taken as valence" in remark
    assert ", near " in remark


def test_moods_that_go_together_need_no_remark() -> None:
    assert read("inspiring yet reflective").remarks == ()
    assert read("happy, not sad").remarks == ()
    assert read("bittersweet").remarks == ()


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [("12 bars blues", 12), ("12-bar blues", 12), ("sad, 16 bars", 16), ("eight bars", 8),
     ("8 bars, 120 bpm", 8), ("8 Takte, traurig", 8), ("sad", None)],
)  # fmt: skip
def test_the_length_is_read(prompt: str, bars: int | None) -> None:
    reading = read(prompt)
    assert reading.bars == bars
    assert reading.unknown == ()


def test_a_lone_bar_is_asked_about() -> None:
    assert "'bars' is not known; say how many, such as '8 bars'." in read("sad bars").questions


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("λυπημένος", "λυπημένος as sad (Greek)"), ("ΛΥΠΗΜΈΝΟΣ", "λυπημένος as sad (Greek)"),
     ("süß", "süß as tender (German)")],
)  # fmt: skip
def test_words_are_said_back_as_they_are_written(prompt: str, said: str) -> None:
    assert read(prompt).understood == (said,)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("👨\u200d👩\u200d👧\u200d👦", "tender"), ("❤️\u200d🔥", "romantic"),
     ("🧘🏽\u200d♀️", "peaceful"), ("🌧️", "wistful")],
)  # fmt: skip
def test_joined_emoji_are_one(prompt: str, said: str) -> None:
    reading = read(prompt)
    assert reading.understood == (f"{prompt} as {said}",)
    assert reading.questions == ()


def test_a_joined_emoji_that_is_not_known_is_asked_about_whole() -> None:
    assert read("🏳️\u200d🌈").questions == ("'🏳️\u200d🌈' is not known; say it in another word.",)
