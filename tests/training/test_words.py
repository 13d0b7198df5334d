from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from assistant.theory.prompt.vocabulary import read_vocabulary
from bridge.presets import data
from training.words import NAMES, emoji_by_word, link, main

VOCABULARY = read_vocabulary(data("words/prompt"))
RAINY = frozenset("🌧☔⛈")
ENGLISH = {"rain": RAINY, "umbrella": frozenset("☔☂"), "face": frozenset("😢😀😡")}
HAND = {"😢": "sad", "😭": "sad", "😿": "sad", "😡": "angry", "😠": "angry", "🎸": "guitar"}


def linked(word: str, emoji: str) -> tuple[str, ...]:
    return dict(link({word: frozenset(emoji)}, ENGLISH, HAND, VOCABULARY)).get(word, ())


@pytest.mark.parametrize(
    ("word", "emoji", "english"),
    [("regen", "🌧☔⛈", ("rain",)), ("regen", "🌧☔", ("rain",)), ("gesicht", "😢😀😡", ()),
     ("schirm", "☔☂", ()), ("tränen", "😢😭😿", ("sad",)), ("tränen", "😢", ()),
     ("gefühl", "😢😭😡😠", ("sad", "angry")), ("gitarre", "🎸", ("guitar",)),
     ("ding", "🎸🎩", ()), ("haus", "🏠🏡", ())],
)  # fmt: skip
def test_words_are_linked_by_the_emoji_they_name(
    word: str, emoji: str, english: tuple[str, ...]
) -> None:
    found = linked(word, emoji)
    assert sorted(found) == sorted(english)


def test_phrases_are_not_linked_by_mood() -> None:
    assert linked("weinendes gesicht", "😢😭😿") == ()


def package(folder: Path, **locales: dict[str, list[str]]) -> Path:
    for locale, told in locales.items():
        entries = {emoji: {"default": words, "tts": words[:1]} for emoji, words in told.items()}
        place = folder / "annotations" / locale
        place.mkdir(parents=True)
        page = {"annotations": {"annotations": entries}}
        (place / "annotations.json").write_text(json.dumps(page), encoding="utf-8")
    return folder


def test_emoji_are_read_by_word_as_prompts_are_folded(tmp_path: Path) -> None:
    place = package(tmp_path, de={"☔️": ["Regen", "ein sehr langer Name dafür"], "🌧": ["Regen"]})
    assert emoji_by_word(place, "de") == {"regen": frozenset("☔🌧")}
    assert emoji_by_word(place, "fr") == {}


def test_pages_are_written_for_languages_that_name_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english = {"🌧": ["rain"], "☔": ["rain"], "⛈": ["rain"]}
    filler = {chr(0x1F400 + n): [f"thing{n}"] for n in range(500)}
    maori = {"🌧": ["ua"], "☔": ["ua"], "⛈": ["ua"], **filler}
    place = package(tmp_path / "in", en=english, mi=maori, to={"🌧": ["'uha"]})
    main([str(place), "--to", str(tmp_path / "out")])
    assert capsys.readouterr().out == "1 languages\n"
    page = tomllib.loads((tmp_path / "out" / "latin.toml").read_text(encoding="utf-8"))
    assert page["mi"] == {"name": "Maori", "words": "rain: ua\n"}
    assert "Unicode-3.0" in page["source"]


def test_every_language_of_the_shelf_has_a_name() -> None:
    for page in ("latin", "cyrillic", "arabic", "devanagari", "han", "other"):
        for code, entry in data(f"words/annotations/{page}").items():
            if isinstance(entry, dict):
                assert entry["name"] in NAMES.values(), code
