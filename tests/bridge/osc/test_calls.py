import statistics
import struct
import time
import timeit
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder, build_msg

from bridge.osc.calls import Call, Fault, Value, decode
from bridge.osc.replies import Message, datagrams, encode

STAGES = ("chords", "master", "melody")
PLAIN = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=30)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def hear(address: str, *arguments: object) -> Call | Fault:
    """Decode the one message that python-osc makes of this."""
    (heard,) = decode(build_msg(f"/bandmate/{address}", arguments).dgram, STAGES)
    return heard


def fault(address: str, *arguments: object) -> Fault:
    heard = hear(address, *arguments)
    assert isinstance(heard, Fault)
    return heard


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (("hello", "a"), Call("hello", "a")),
        (("hello", "a", 9000), Call("hello", "a", reply_port=9000)),
        (("hello", "a", 0, "REAPER"), Call("hello", "a", client="REAPER")),
        (("again", "a", 2), Call("again", "a", n=2)),
        (("cancel", "a"), Call("cancel", "a")),
        (("accept", "a", 1), Call("accept", "a", n=1)),
        (("accept", "a", 1, 3, 4), Call("accept", "a", n=1, moves=(3, 4))),
        (("reject", "a", 1), Call("reject", "a", n=1)),
        (("undo", "a", 1), Call("undo", "a", n=1)),
        (("play", "a", 1), Call("play", "a", n=1)),
        (("play", "a", 1, 5.0), Call("play", "a", n=1, bar=5)),
        (("stop", "a"), Call("stop", "a")),
        (("capture", "a", "start"), Call("capture", "a", action="start")),
        (("taken", "a", 1), Call("taken", "a", n=1)),
        (("taken", "a", 1, 3.0), Call("taken", "a", n=1, moves=(3,))),
        (("daw", "a", "live"), Call("daw", "a", name="live")),
        (("daw", "a", "live", 11000), Call("daw", "a", name="live", port=11000)),
        (("context", "a"), Call("context", "a")),
        (("stages", "a"), Call("stages", "a")),
        (("presets", "a", "master"), Call("presets", "a", stage="master")),
        (("status", "a"), Call("status", "a")),
        (("chords", "a", ""), Call("ask", "a", "chords")),
        (
            ("master", "a", "mix.wav", "loudness", -9.0, "preset", "spotify", "seed", 7),
            Call(
                *("ask", "a", "master", "mix.wav"),
                {"loudness": -9.0, "preset": "spotify", "seed": 7},
            ),
        ),
    ],
    ids=lambda case: case.word if isinstance(case, Call) else "",
)
def test_every_word_is_understood(said: tuple[str, ...], heard: Call) -> None:
    assert hear(*said) == heard


@given(
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=128),
    TEXT,
    st.dictionaries(PLAIN, TEXT | FLOATS | st.integers(-(2**40), 2**40) | st.booleans()),
)
def test_a_request_arrives_as_it_was_meant(job: str, path: str, settings: dict[str, Value]) -> None:
    words = [word for pair in settings.items() for word in pair]
    heard = hear("melody", job, path, *words)
    assert isinstance(heard, Call)
    assert (heard.word, heard.id, heard.stage, heard.path) == ("ask", job, "melody", path)
    assert list(heard.settings) == list(settings)
    for name, value in settings.items():
        said = heard.settings[name]
        assert type(said) is type(value)
        assert said == value or struct.pack(">f", said) == struct.pack(">f", value)


@given(st.decimals(-1000, 1000, places=3))
def test_decimals_survive_float32(number: object) -> None:
    meant = float(str(number))
    heard = hear("master", "a", "", "ceiling", meant)
    assert isinstance(heard, Call)
    assert heard.settings == {"ceiling": meant}


def test_doubles_are_left_as_they_are() -> None:
    builder = OscMessageBuilder("/bandmate/master")
    for value, tag in (("a", "s"), ("", "s"), ("ceiling", "s"), (-1.0000000001, "d")):
        builder.add_arg(value, tag)
    (heard,) = decode(builder.build().dgram, STAGES)
    assert isinstance(heard, Call)
    assert heard.settings == {"ceiling": -1.0000000001}


@pytest.mark.parametrize(("said", "id_"), [(7, "7"), (7.0, "7"), (-1, "-1"), (2**40, str(2**40))])
def test_a_number_is_an_id(said: float, id_: str) -> None:
    assert hear("status", said) == Call("status", id_)


@pytest.mark.parametrize("id_", ["", "x" * 129, "a\nb", 7.5, True, None])
def test_what_is_no_id(id_: object) -> None:
    heard = fault("status", id_)
    assert heard.id == ""
    assert "id is" in heard.text
    assert "1 to 128 printable characters" in heard.text


@pytest.mark.parametrize("n", [2, 2.0, "2", "2.0", " 2 "])
def test_a_whole_number_in_any_clothes(n: object) -> None:
    assert hear("again", "a", n) == Call("again", "a", n=2)


@pytest.mark.parametrize("n", [0, -1, 2.5, "two", "", "nan", "inf", True, None, 2**31])
def test_what_is_no_whole_number(n: object) -> None:
    heard = fault("again", "a", n)
    assert heard.id == "a"
    assert "n is" in heard.text
    assert "a whole number from 1" in heard.text
    assert heard.text.endswith("It is written: /bandmate/again id n")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (("cancel",), "Too few arguments: 0. It is written: /bandmate/cancel id"),
        (("cancel", "a", "b"), "Too many arguments: 2. It is written: /bandmate/cancel id"),
        (("hello", "a", 1, "b", "c"), "[reply_port] [client]"),
        (("hello", "a", 70000), "reply_port is 70000; it takes a whole number from 0 to 65535."),
        (("hello", "a", "REAPER"), "reply_port is 'REAPER'"),
        (("capture", "a", "begin"), "action is 'begin'; it takes start or stop."),
        (("presets", "a", 1), "stage is 1; it takes at most 128 printable characters."),
        (("accept", "a", 1, 0), "move is 0; it takes a whole number from 1."),
        (("master", "a"), "Too few arguments: 1. It is written: /bandmate/master id path"),
        (("master", "a", 5), "path is 5; it takes a string"),
        (("master", "a", "", "loudness"), "The last setting, 'loudness', has no value."),
        (("master", "a", "", "seed", 1, "seed", 2), "The setting 'seed' is said twice."),
        (("master", "a", "", 1.0, "seed"), "The name of a setting is 1.0; it takes a plain word."),
        (("master", "a", "", "", "seed"), "The name of a setting is ''"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(said: tuple[str, ...], text: str) -> None:
    assert text in fault(*said).text


def test_what_is_quoted_is_cut() -> None:
    assert len(fault("capture", "a", "x" * 120).text) < 200
    assert len(fault("master", "a", "", "x" * 4000).text) < 250


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/bandmate/maser", "'master'"),
        ("/bandmate/Master", "'master'"),
        ("/master", "'master'"),
        ("/bandmate/chord", "'chords'"),
        ("/bandmate/stat", "'status'"),
        ("/bandmate/helo", "'hello'"),
    ],
)
def test_an_unknown_address_is_told_the_nearest(address: str, meant: str) -> None:
    (heard,) = decode(build_msg(address, ["a", ""]).dgram, STAGES)
    assert heard == Fault("a", f"There is no address {address!r}. Did you mean {meant}?")


def test_an_address_near_none_is_told_all() -> None:
    (heard,) = decode(build_msg("/live/song/get/tempo").dgram, STAGES)
    assert isinstance(heard, Fault)
    assert "There are: accept, again," in heard.text


def test_stages_are_those_that_were_found() -> None:
    packet = build_msg("/bandmate/denoise", ["a", "take.wav"]).dgram
    (known,), (unknown,) = decode(packet, ["denoise"]), decode(packet, STAGES)
    assert isinstance(known, Call)
    assert isinstance(unknown, Fault)


def test_the_messages_of_a_bundle_are_understood_one_by_one() -> None:
    good, bad = build_msg("/bandmate/status", ["a"]).dgram, build_msg("/bandmate/x", ["b"]).dgram
    sized = (struct.pack(">i", len(each)) + each for each in (good, bad, good))
    heard = list(decode(b"#bundle\0" + bytes(7) + b"\1" + b"".join(sized), STAGES))
    assert [type(each) for each in heard] == [Call, Fault, Call]
    assert [each.id for each in heard] == ["a", "b", "a"]


def test_a_fault_of_the_packet_still_carries_the_id() -> None:
    heard = fault("master", "job 1", "", "print", b"blob")
    assert heard.id == "job 1"
    assert "Argument 4 is a blob" in heard.text


SAID: Sequence[Message] = [
    Message("error", ("a", "words", "?")),
    Message("welcome", ("a", 1, "0.1.0")),
    Message("done", ("a", 1, 2.0)),
    Message("accepted", ("a", 1, 0)),
    Message("accepted", ("a", 1, 0, "no moves")),
    Message("note", ("a", 1, "piano", 60.0, 0.0, 1.0, 90)),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.word)
def test_what_bandmate_says_is_not_answered(said: Message) -> None:
    (packet,) = datagrams([said])
    assert list(decode(packet, STAGES)) == []


def test_no_two_daemons_talk_for_ever() -> None:
    packets = [encode("status", "a", "idle", 0, 0, 1.0, "0.1.0")]
    for _ in range(3):
        heard = [each for packet in packets for each in decode(packet, STAGES)]
        packets = [encode("error", each.id, "words", "?") for each in heard]
    assert packets == []


def test_a_word_of_ours_with_other_arguments_is_answered() -> None:
    assert "Did you mean 'stages'?" in fault("stage", "a").text


def test_a_request_is_read_and_answered_within_twice_the_time_of_python_osc() -> None:
    settings = ["loudness", -14.0, "ceiling", -1.1, "preset", "spotify", "seed", 7]
    packet = build_msg("/bandmate/master", ["job-1", "/home/me/mix.wav", *settings]).dgram
    answer = ("job-1", 1, 1, "piano", "gain_db", -3.0, "dB", "change", "too loud")

    def ours() -> None:
        list(decode(packet, STAGES))
        encode("move", *answer)

    def theirs() -> None:  # reads and builds, and checks nothing
        _ = OscMessage(packet).params
        build_msg("/bandmate/move", list(answer))

    def seconds(turn: Callable[[], None]) -> float:
        return timeit.timeit(turn, timer=time.thread_time, number=25)

    # one right after the other, so that both see the machine as it is just then
    ratios = [seconds(ours) / seconds(theirs) for _ in range(80)]
    assert statistics.median(ratios) < 2.0
