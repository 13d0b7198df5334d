from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError, UnknownName
from assistant.material import Audio, Score
from assistant.settings import Bars, knobs, parse, setting


@dataclass(frozen=True)
class Settings:
    level: float = setting(-14.0, "LUFS", low=-36.0, high=-5.0, about="a number")
    bars: int = setting(8, low=1, high=64, about="a whole number")
    tempo: float | None = setting(None, "BPM", low=30.0, high=300.0, about="an optional number")
    meter: str = setting("4/4", choices=("4/4", "3/4"), about="a choice")
    render: bool = setting(False, about="a flag")
    prompt: str = setting("", about="a text")
    low: float = setting(48.0, kind="note", low=36.0, high=84.0, about="a note")
    keep: Bars | None = setting(None, kind="range", about="a range")
    tags: tuple[str, ...] = setting((), about="a list")
    gains: tuple[float, ...] = setting((), "dB", low=-6.0, high=6.0, about="a list of numbers")
    guide: Score | None = setting(None, accepts=(Score,), about="a material")


def test_every_kind_is_told_from_its_declaration() -> None:
    kinds = {knob.name: knob.kind for knob in knobs(Settings)}
    assert kinds == {
        "level": "number",
        "bars": "number",
        "tempo": "number",
        "meter": "choice",
        "render": "flag",
        "prompt": "text",
        "low": "note",
        "keep": "range",
        "tags": "list",
        "gains": "list",
        "guide": "material",
    }


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("level", "-9", -9.0),
        ("level", -9, -9.0),
        ("bars", "12", 12),
        ("bars", 12.0, 12),
        ("tempo", "auto", None),
        ("tempo", "", None),
        ("tempo", "96.5", 96.5),
        ("meter", " 3/4 ", "3/4"),
        ("render", "yes", True),
        ("render", 0, False),
        ("render", True, True),
        ("prompt", "wistful, rainy", "wistful, rainy"),
        ("prompt", 7, "7"),
        ("low", "C#3", 49.0),
        ("low", 60.5, 60.5),
        ("keep", "3-4", Bars(3, 4)),
        ("keep", 3, Bars(3, 3)),
        ("tags", "a, b,", ("a", "b")),
        ("gains", "1, -2.5", (1.0, -2.5)),
        ("gains", 3, (3.0,)),
    ],
)
def test_what_is_said_is_understood(name: str, said: object, meant: object) -> None:
    assert getattr(parse(Settings, {name: said}), name) == meant


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("level", "-4", "-36 to -5 LUFS"),
        ("level", math.nan, "-36 to -5 LUFS"),
        ("level", "1e999", "-36 to -5 LUFS"),
        ("level", "loud", "-36 to -5 LUFS"),
        ("level", True, "-36 to -5 LUFS"),
        ("level", "", "-36 to -5 LUFS"),
        ("bars", 2.5, "whole"),
        ("bars", 65, "1 to 64"),
        ("meter", "9/9", "4/4, 3/4"),
        ("render", "maybe", "yes or no"),
        ("prompt", "x" * 501, "500"),
        ("prompt", "a\x00b", "control"),
        ("prompt", "a\u200bb", "control"),
        ("prompt", "\u202ehello", "direction of writing"),
        ("low", "C1", "C2 to C6"),
        ("low", "H3", "C2 to C6"),
        ("keep", "4-3", "3-4"),
        ("keep", "0-3", "3-4"),
        ("gains", "1, 7", "-6 to 6 dB"),
        ("gains", ",".join("1" * 65), "-6 to 6 dB"),
        ("guide", "guide.mid", "Score"),
    ],
)
def test_what_is_wrong_is_refused_with_name_and_range(name: str, said: object, hint: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse(Settings, {name: said})
    assert name in str(refused.value)
    assert hint in str(refused.value)


def test_joiners_belong_to_words_and_soft_hyphens_do_not() -> None:
    spelt = (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\U0001f468\u200d\U0001f467",
    )
    for word in spelt:
        assert parse(Settings, {"prompt": word}).prompt == word
    assert parse(Settings, {"prompt": "co\u00adol"}).prompt == "cool"


def test_one_line_names_all_that_is_wrong() -> None:
    with pytest.raises(SettingError) as refused:
        parse(Settings, {"level": 3, "bars": 0})
    assert "level" in str(refused.value)
    assert "bars" in str(refused.value)


def test_an_unknown_name_says_the_one_meant() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'tempo'"):
        parse(Settings, {"tempi": 96})


def test_material_is_taken_only_as_declared(noise: Audio) -> None:
    score = Score(())
    assert parse(Settings, {"guide": score}).guide is score
    with pytest.raises(SettingError, match="guide"):
        parse(Settings, {"guide": noise})


@given(st.floats(-36.0, -5.0))
def test_every_number_in_range_is_taken(level: float) -> None:
    assert parse(Settings, {"level": level}).level == level


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.none()))
def test_nothing_but_our_refusal_escapes(value: object) -> None:
    for knob in knobs(Settings):
        try:
            knob.parse(value)
        except SettingError as error:
            assert knob.name in str(error)


@dataclass(frozen=True)
class Rare:
    capo: int | None = setting(None, "frets", low=0, high=9, kind="whole", about="optional, whole")
    keep_bars: Bars | None = setting(None, kind="range", about="of two words")
    words: str = setting("", high=2000, about="a long text")


def test_an_optional_number_may_be_whole() -> None:
    assert parse(Rare, {"capo": "3"}).capo == 3
    assert parse(Rare, {"capo": "auto"}).capo is None
    with pytest.raises(SettingError, match=r"capo is 2\.5; it takes whole numbers"):
        parse(Rare, {"capo": 2.5})


def test_a_text_may_be_longer_where_that_is_declared() -> None:
    assert len(parse(Rare, {"words": "x" * 2000}).words) == 2000
    with pytest.raises(SettingError, match="words has 2001 characters; it takes 2000"):
        parse(Rare, {"words": "x" * 2001})


def test_a_range_may_have_a_long_dash() -> None:
    assert parse(Rare, {"keep_bars": "3–4"}).keep_bars == Bars(3, 4)


def test_a_name_of_two_words_is_understood_as_it_is_written() -> None:
    assert parse(Rare, {"keep-bars": "3-4"}) == parse(Rare, {"keep_bars": "3-4"})
    with pytest.raises(UnknownName, match="keep-bras"):
        parse(Rare, {"keep-bras": "3-4"})


def test_defaults_are_told_in_words() -> None:
    usual = {knob.name: knob.usual for knob in (*knobs(Rare), *knobs(Settings))}
    assert usual["capo"] == usual["tags"] == "not said"
    assert (usual["level"], usual["meter"], usual["render"]) == ("-14", "4/4", "no")
    assert usual["low"] == "C3"
