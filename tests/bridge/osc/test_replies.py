import math
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

from bridge.osc import guard
from bridge.osc.gather import Suggestions, add
from bridge.osc.grammar import Argument
from bridge.osc.replies import MAX_BUNDLE, MAX_TEXT, Message, datagrams, encode, suggestion
from bridge.osc.table import OUT
from bridge.osc.thin import unpack

CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
TEXT = st.text(CHARACTERS, max_size=30)
DECIMALS = st.decimals(-9999, 9999, places=2).map(float)  # six digits, so float32 holds them
MAYBE = st.none() | DECIMALS
EVENTS = st.fixed_dictionaries(
    {
        "n": st.integers(1, 32),
        "title": TEXT,
        "why": TEXT,
        "confidence": st.sampled_from([0.0, 0.5, 0.87, 1.0]),
        "file": TEXT,
        "files": st.dictionaries(TEXT, TEXT, max_size=3),
        "measured": st.dictionaries(
            TEXT, st.fixed_dictionaries({"before": MAYBE, "after": MAYBE, "unit": TEXT}), max_size=4
        ),
        "chords": st.lists(
            st.fixed_dictionaries(
                {
                    **dict.fromkeys(("start", "length"), DECIMALS),
                    **dict.fromkeys(("symbol", "roman", "why"), TEXT),
                }
            ),
            max_size=4,
        ),
        "notes": st.lists(
            st.fixed_dictionaries(
                {
                    "track": TEXT,
                    **dict.fromkeys(("pitch", "start", "length"), DECIMALS),
                    "velocity": st.integers(1, 127),
                }
            ),
            max_size=40,
        ),
        "moves": st.lists(
            st.fixed_dictionaries(
                {
                    "value": DECIMALS,
                    "mode": st.sampled_from(["set", "change"]),
                    "group": st.sampled_from(["", "eq1", "eq2"]),
                    **dict.fromkeys(("target", "parameter", "unit", "why"), TEXT),
                }
            ),
            max_size=6,
        ),
    }
)

EXAMPLES: dict[str, object] = {
    "id": "a",
    "name": "piano",
    "path": "/home/ä.wav",
    "text": "why not",
    "whole": 3,
    "number": -1.5,
    "maybe": 2.5,
    "fact": "3/4",
}


def event(**changes: object) -> dict[str, Any]:
    plain = {"n": 1, "title": "t", "why": "w", "confidence": 0.5, "file": ""}
    nothing: dict[str, Any] = {"files": {}, "measured": {}, "chords": [], "notes": [], "moves": []}
    return {**plain, **nothing, **changes}


def note(start: float) -> dict[str, Any]:
    return {"track": "piano", "pitch": 60.5, "start": start, "length": 0.25, "velocity": 90}


def move(group: str) -> dict[str, Any]:
    plain = {"target": "mix", "parameter": "eq.q", "value": 1.0, "unit": "", "mode": "set"}
    return {**plain, "group": group, "why": "because"}


def gathered(packets: list[bytes]) -> Suggestions:
    found: Suggestions = {}
    for packet in packets:
        for address, arguments in unpack(packet):
            add(found, address.removeprefix("/bandmate/"), arguments)
    return found


@pytest.mark.parametrize("word", OUT)
def test_python_osc_reads_what_is_said(word: str) -> None:
    arguments = [EXAMPLES[argument.kind] for argument in OUT[word].required]
    message = OscMessage(encode(word, *arguments))
    assert message.address == f"/bandmate/{word}"
    assert message.params == arguments
    assert [type(each) for each in message.params] == [type(each) for each in arguments]


@given(EVENTS)
def test_a_suggestion_is_heard_as_it_was_said(said: dict[str, Any]) -> None:
    packets = list(datagrams(suggestion("job", said)))
    assert gathered(packets) == {said["n"]: said}


@given(EVENTS)
def test_every_packet_is_one_that_bandmate_would_take(said: dict[str, Any]) -> None:
    for packet in datagrams(suggestion("job", said)):
        assert len(packet) <= guard.MAX_DATAGRAM
        assert guard.split(packet)


def test_the_order_is_that_of_the_table() -> None:
    full = event(
        files={"notes": "a.mid"},
        measured={"integrated": {"before": -20.0, "after": None, "unit": "LUFS"}},
        chords=[{"start": 0.0, "length": 4.0, "symbol": "Am", "roman": "i", "why": "home"}],
        notes=[note(0.0), note(1.0)],
        moves=[move("eq1"), move(""), move("eq1")],
    )
    said = list(suggestion("a", full))
    words = "suggestion file measured chord notes note note move move move group"
    assert [message.word for message in said] == words.split()
    assert said[0].arguments == ("a", 1, "t", "w", "", 0.5)
    assert said[2].arguments == ("a", 1, "integrated", -20.0, None, "LUFS")
    assert said[4].arguments == ("a", 1, 2)
    assert said[7].arguments == ("a", 1, 1, "mix", "eq.q", 1.0, "", "set", "because")
    assert said[-1].arguments == ("a", 1, "eq1", 1, 3)


def test_notes_are_bundled_and_the_rest_is_not() -> None:
    packets = list(datagrams(suggestion("a", event(notes=[note(i / 4) for i in range(1000)]))))
    plain, bundles = packets[:2], packets[2:]
    assert not any(packet.startswith(b"#bundle") for packet in plain)
    assert all(len(packet) <= MAX_BUNDLE for packet in bundles)
    heard = [message.params for packet in bundles for message in OscBundle(packet)]
    assert [params[4] for params in heard] == [i / 4 for i in range(1000)]
    assert len(bundles) < 1000 / 15
    assert all(OscBundle(packet).timestamp == 0 for packet in bundles)


def test_what_follows_notes_is_not_overtaken() -> None:
    said = [Message("note", ("a", 1, *note(0.0).values())), Message("done", ("a", 1, 1.0))]
    bundle, done = datagrams(said)
    assert bundle.startswith(b"#bundle")
    assert done.startswith(b"/bandmate/done")


def test_packets_are_made_when_their_turn_comes() -> None:
    asked = []

    def messages() -> Iterator[Message]:
        for number in range(100):
            asked.append(number)
            yield Message("note", ("a", 1, *note(float(number)).values()))

    next(datagrams(messages()))
    assert len(asked) < 30


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, -math.inf])
def test_no_number_is_an_empty_string(nothing: float | None) -> None:
    packet = encode("measured", "a", 1, "integrated", nothing, -14.0, "LUFS")
    assert OscMessage(packet).params[3:] == ["", -14.0, "LUFS"]


@pytest.mark.parametrize("text", ["word " * 1000, "x" * 9000, "ü " * 3000, "日" * 3000])
def test_a_long_text_is_cut(text: str) -> None:
    said = OscMessage(encode("suggestion", "a", 1, text, text, "/p", 0.5)).params
    for each in said[2:4]:
        assert 0.9 * MAX_TEXT < len(each.encode()) <= MAX_TEXT
        assert each.endswith("…")
        assert text.startswith(each[:-1])
        assert " " not in text or text[len(each) - 1] == " "


def test_a_text_that_fits_is_not_cut() -> None:
    text = "x" * MAX_TEXT
    assert OscMessage(encode("error", "", "bug", text)).params[2] == text


def test_the_longest_suggestion_fits_a_datagram() -> None:
    long = "日" * 3000
    packet = encode("suggestion", "日" * 128, 1, long, long, "/" + "p" * 3000, 0.5)
    assert len(packet) <= guard.MAX_DATAGRAM


def test_what_osc_cannot_hold_is_replaced() -> None:
    said = OscMessage(encode("file", "a", 1, "a\0b", "/home/\udcff.wav")).params
    assert said == ["a", 1, "a b", "/home/?.wav"]


@pytest.mark.parametrize(
    ("word", "arguments"),
    [
        ("done", ("a", 1)),
        ("done", ("a", 1, 1.0, 2.0)),
        ("accepted", ("a", 1, 0, "remark", "more")),
        ("done", ("a", 1.5, 1.0)),
        ("done", ("a", -1, 1.0)),
        ("done", ("a", 2**31, 1.0)),
        ("done", ("a", 1, math.nan)),
        ("done", ("a", 1, 1e39)),
        ("file", ("a", 1, "main", "/" * 9000)),
    ],
)
def test_our_own_mistakes_are_bugs(word: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        encode(word, *arguments)


def test_an_unknown_word_is_a_bug() -> None:
    with pytest.raises(KeyError):
        encode("whatever", "a")


def test_a_text_must_be_one() -> None:
    with pytest.raises(TypeError, match="doing is 7, not a string"):
        encode("progress", "a", 0.5, 7)


def test_every_kind_has_an_example() -> None:
    kinds = {argument.kind for word in OUT.values() for argument in word.required}
    assert kinds == set(EXAMPLES)
    assert isinstance(OUT["move"].required[2], Argument)


@pytest.mark.parametrize(
    "packet", [b"/a\0\0,i\0\0", b"/a\0\0,b\0\0" + bytes(4), b"/abc", b"#bundle\0" + bytes(12)]
)
def test_the_thin_codec_says_what_it_cannot_read(packet: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|argument|element"):
        list(unpack(packet))


def test_the_thin_codec_reads_every_plain_type() -> None:
    data = struct.pack(">qd", 2**40, 0.1)
    assert list(unpack(b"/a\0\0,hdTFN\0\0" + data)) == [("/a", [2**40, 0.1, True, False, None])]
