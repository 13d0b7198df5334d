"""Moves put together, and put into words, in both versions of Lua."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.moves import PARAMETERS
from tests.bridge.daws.lua_run import RUNTIMES, shared, to_python


@pytest.fixture(params=sorted(RUNTIMES), scope="module")
def lua(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    return shared(request.param, "things")


def things(lua: tuple[Any, Any], *said: tuple[Any, ...]) -> Any:
    """Put moves together: target, parameter, value, group, mode each."""
    names = ("target", "parameter", "value", "group", "mode")
    moves = [
        {"group": "", "mode": "set", **dict(zip(names, one, strict=False)), "index": index}
        for index, one in enumerate(said, 1)
    ]
    return lua[1].of(lua[0].table_from(moves, recursive=True))


def words(lua: tuple[Any, Any], *said: tuple[Any, ...]) -> list[str]:
    return [lua[1].words(one) for one in things(lua, *said).values()]


def test_a_band_and_a_compressor_are_one_thing_each(lua: tuple[Any, Any]) -> None:
    said = words(
        lua,
        ("bass", "eq.freq_hz", 485.0, "masking 485 Hz"),
        ("bass", "eq.gain_db", -1.8, "masking 485 Hz"),
        ("bass", "comp.threshold_db", -22.7, "side-chain kick"),
        ("bass", "eq.q", 1.6, "masking 485 Hz"),
        ("bass", "comp.ratio", 4.0, "side-chain kick"),
        ("bass", "comp.threshold_db", -18.0, "compressor"),
        ("keys", "eq.freq_hz", 961.0, "masking 485 Hz"),
        ("keys", "eq.shape", 2.0, "masking 485 Hz"),
    )
    assert said == [
        "bass: EQ bell 485 Hz, -1.8 dB, Q 1.60",
        "bass: compressor, keyed by kick: threshold -22.7 dB, ratio 4:1",
        "bass: compressor: threshold -18.0 dB",
        "keys: EQ high shelf 961 Hz",
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("a", "gain_db", 3.64, "", "change"), "a: fader by +3.6 dB"),
        (("a", "gain_db", -3.0), "a: fader to -3.0 dB"),
        (("a", "polarity", -1.0, "right", "change"), "a: flip the polarity of the right channel"),
        (("a", "polarity", -1.0), "a: flip the polarity"),
        (("a", "polarity", 1.0), "a: polarity as recorded"),
        (("a", "pan", -0.08), "a: pan to 8 % left"),
        (("a", "pan", 0.0), "a: pan to the centre"),
        (("a", "delay_ms", -1.25), "a: move by 1.25 ms earlier"),
        (("a", "send_db", -20.0, "room"), "a: send to room to -20.0 dB"),
        (("a", "width", 1.15), "a: width to 115 %"),
        (("a", "mute", 1.0), "a: mute"),
    ],
)
def test_each_knob_has_its_words(
    lua: tuple[Any, Any], said: tuple[Any, ...], expected: str
) -> None:
    assert words(lua, said) == [expected]


def test_every_parameter_is_said_with_its_number(lua: tuple[Any, Any]) -> None:
    for name, known in PARAMETERS.items():
        (told,) = words(lua, ("a", name, known.low))
        assert told != f"a: {name} {known.low:.6g}", name
        switch = name in {"mute", "polarity", "eq.shape"}
        assert switch or any(letter.isdigit() for letter in told), name


def test_what_is_changed_twice_is_changed_by_both(lua: tuple[Any, Any]) -> None:
    twice = [("a", "gain_db", 2.0, "", "change"), ("a", "gain_db", -5.0, "", "change")]
    assert words(lua, *twice) == ["a: fader by -3.0 dB"]
    flipped = ("a", "polarity", -1.0, "left", "change")
    assert words(lua, flipped, flipped) == ["a: polarity of the left channel as recorded"]
    assert words(lua, ("a", "gain_db", 2.0, "", "change"), ("a", "gain_db", -5.0)) == [
        "a: fader to -5.0 dB"
    ]


def test_moves_come_back_in_the_order_of_their_numbers(lua: tuple[Any, Any]) -> None:
    mixed = [("a", "eq.q", 1.0, "g"), ("a", "pan", 1.0), ("a", "eq.freq_hz", 90.0, "g")]
    made = lua[1].moves(things(lua, *mixed))
    assert [move["index"] for move in to_python(made)] == [1, 2, 3]
