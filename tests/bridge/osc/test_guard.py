import math
import struct
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg
from pythonosc.osc_packet import OscPacket

from assistant.errors import WordsError
from bridge.osc import guard
from bridge.osc.calls import Fault, decode

NOW = bytes(7) + b"\1"
IN_AN_HOUR = struct.pack(">II", 2_208_988_800 + int(time.time()) + 3600, 0)
PING = build_msg("/bandmate/status", ["a"]).dgram


def bundle(*elements: bytes, time_tag: bytes = NOW) -> bytes:
    sized = (struct.pack(">i", len(element)) + element for element in elements)
    return b"#bundle\0" + time_tag + b"".join(sized)


def nested(depth: int, inside: bytes = PING) -> bytes:
    packet = inside
    for _ in range(depth):
        packet = bundle(packet)
    return packet


def raw(address: str, tags: str, data: bytes = b"") -> bytes:
    """Put a message together by hand, right or wrong."""
    texts = (text.encode("latin-1") for text in (address, "," + tags))
    return b"".join(text + bytes(4 - len(text) % 4) for text in texts) + data


def thread_ms(work: Callable[[], object]) -> float:
    """Take the best of five, in milliseconds of this thread."""
    best = math.inf
    for _ in range(5):
        began = time.thread_time()
        work()
        best = min(best, time.thread_time() - began)
    return best * 1e3


ARGUMENTS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
)


@given(st.lists(ARGUMENTS, max_size=20))
def test_what_python_osc_writes_passes_unchanged(arguments: list[object]) -> None:
    packet = build_msg("/bandmate/anything/goes", tuple(arguments)).dgram
    assert guard.split(packet) == [packet]


@given(st.binary(max_size=300))
def test_anything_is_split_or_refused(packet: bytes) -> None:
    try:
        messages = guard.split(packet)
    except WordsError as error:
        assert len(str(error)) < 300
    else:
        assert all(OscMessage(message) for message in messages)


def test_bundles_come_apart_in_order_whatever_their_time() -> None:
    first, second, third = (build_msg("/a", [number]).dgram for number in (1, 2, 3))
    later = bundle(first, bundle(second), time_tag=IN_AN_HOUR)
    assert guard.split(bundle(later, third)) == [first, second, third]


def test_an_empty_bundle_says_nothing() -> None:
    assert guard.split(bundle()) == []


def test_type_tags_may_be_missing() -> None:
    assert guard.split(b"/a\0\0") == [b"/a\0\0"]


def test_limits_are_reached_but_not_passed() -> None:
    guard.split(nested(guard.MAX_DEPTH))
    guard.split(bundle(*[PING] * guard.MAX_ELEMENTS))
    guard.split(raw("/" + "a" * 127, ""))
    guard.split(raw("/a", "T" * guard.MAX_ARGUMENTS))
    guard.split(raw("/a", "s", b"x" * (guard.MAX_DATAGRAM - 12) + bytes(4)))
    guard.split(raw("/a", "s", b"x" * 60_000 + bytes(4)), guard.MAX_STREAM_PACKET)


REFUSED = {
    "empty": (b"", "0 bytes"),
    "odd length": (PING + b"\0", "counts in fours"),
    "too long": (raw("/a", "s", b"x" * guard.MAX_DATAGRAM), "at most 8192"),
    "no slash": (raw("bandmate", ""), "begins with '/'"),
    "a reply of Ardour's": (raw("#reply", "i", bytes(4)), "begins with '/'"),
    "space": (raw("/band mate", ""), "without spaces"),
    "control character": (raw("/band\x07mate", ""), "printable ASCII"),
    "not ASCII": (raw("/b\xe4nd", ""), "printable ASCII"),
    "long address": (raw("/" + "a" * 128, ""), "129 characters"),
    "comma": (raw("/a,b", ""), "is a pattern"),
    "address never ends": (b"/abc", "ends within its address"),
    "tags without comma": (b"/a\0\0" + b"i\0\0\0" + bytes(4), "comma"),
    "tags never end": (b"/a\0\0,iii", "ends within its type tags"),
    "too many arguments": (raw("/a", "T" * 129), "129 arguments"),
    "unknown type": (raw("/a", "x"), "unknown type 'x'"),
    "cut int": (raw("/a", "ii", bytes(4)), "ends within its last argument"),
    "cut string after int": (raw("/a", "is"), "ends within its argument 2"),
    "cut double": (raw("/a", "d", bytes(4)), "ends within argument 1"),
    "cut string": (raw("/a", "s", b"abcd"), "ends within its argument 1"),
    "missing string": (raw("/a", "s"), "ends within its argument 1"),
    "rubbish padding": (raw("/a", "s", b"ab\0x"), "padding after its argument 1"),
    "padded address": (b"/a\0x,\0\0\0", "padding after its address"),
    "not UTF-8": (raw("/a", "s", b"\xff\xfe\0\0"), "not UTF-8"),
    "half a character": (raw("/a", "s", b"ab\xe2\0"), "not UTF-8"),
    "trailing bytes": (PING + bytes(4), "follow the last argument"),
    "NaN": (raw("/a", "f", struct.pack(">f", math.nan)), "not a finite number"),
    "infinity": (raw("/a", "Td", struct.pack(">d", -math.inf)), "Argument 2 is not a finite"),
    "bundle without time": (b"#bundle\0" + bytes(4), "before its time tag"),
    "element of no bytes": (bundle() + bytes(4), "claims 0 bytes"),
    "element of 5 bytes": (bundle() + struct.pack(">i", 5) + bytes(8), "claims 5 bytes"),
    "element too large": (bundle() + struct.pack(">i", 8) + b"/a\0\0", "claims 8 bytes"),
    "huge element": (bundle() + b"\x7f\xff\xff\xfc", "claims 2147483644 bytes"),
    "bad element": (bundle(PING, b"abc\0"), "begins with '/'"),
    "too deep": (nested(5), "deeper than 4"),
    "too many elements": (bundle(*[PING] * 65), "over 64 elements"),
    "too many, nested": (bundle(*[bundle(PING)] * 33), "over 64 elements"),
}


@pytest.mark.parametrize(("packet", "text"), REFUSED.values(), ids=REFUSED)
def test_refused_with_what_was_seen(packet: bytes, text: str) -> None:
    with pytest.raises(WordsError) as caught:
        guard.split(packet)
    assert text in str(caught.value)


@pytest.mark.parametrize("tag", "btmrcSI[]")
def test_types_that_are_not_spoken_are_refused_by_name(tag: str) -> None:
    with pytest.raises(WordsError, match=r"Argument 1 is an? .*; bandmate takes i h f d s T F N"):
        guard.split(raw("/a", tag, bytes(8)))


@pytest.mark.parametrize("character", "*?[]{}#,")
def test_patterns_are_refused(character: str) -> None:
    with pytest.raises(WordsError, match="is a pattern; say it in full"):
        guard.split(raw(f"/bandmate/{character}", ""))


WITHOUT_TAGS = len(b"/bandmate/status\0\0\0\0")  # cut here, it is whole again


@pytest.mark.parametrize("cut", sorted({*range(len(PING))} - {WITHOUT_TAGS}))
def test_no_truncation_passes(cut: int) -> None:
    with pytest.raises(WordsError):
        guard.split(PING[:cut])


@pytest.mark.parametrize(
    ("packet", "id_"),
    [
        (raw("/a", "sb", b"j1\0\0" + bytes(4)), "j1"),
        (raw("/a", "is", bytes(8)), ""),
        (raw("/a", "s", b"\xff\0\0\0"), ""),
        (raw("/a", "s", b"abcd"), ""),
        (b"/a", ""),
        (b"", ""),
        (nested(5), ""),
    ],
)
def test_the_id_of_a_refused_message_is_read_where_it_can_be(packet: bytes, id_: str) -> None:
    assert guard.readable_id(packet) == id_


# What python-osc 1.10 makes of hostile packets, and that none of them gets as far as that.

LOOP = bundle() + struct.pack(">i", -4)
PATTERN = raw("/" + "*a" * 12 + "b", "")
DEEP = nested(500)
NOT_UTF8 = raw("/a", "s", b"\xff\xfe\0\0")
OVERSIZED = bundle() + struct.pack(">i", 4096) + PING
NEGATIVE_BLOB = raw("/a", "b", struct.pack(">i", -4))


def outlives(code: str, seconds: float) -> bool:
    """Tell whether a script is still busy after so many seconds."""
    try:
        subprocess.run([sys.executable, "-c", code], timeout=seconds, check=True)
    except subprocess.TimeoutExpired:
        return True
    return False


def test_python_osc_loops_for_ever_on_a_negative_size() -> None:
    code = (
        "import logging; logging.disable(); "
        f"from pythonosc.osc_packet import OscPacket; OscPacket({LOOP!r})"
    )
    assert len(LOOP) == 20
    assert outlives(code, 1.5)


def test_python_osc_takes_seconds_for_a_short_pattern() -> None:
    code = (
        "from pythonosc.dispatcher import Dispatcher; d = Dispatcher(); "
        f"d.map('/{'a' * 60}', print); list(d.handlers_for_address('/{'*a' * 12}b'))"
    )
    assert len("/" + "*a" * 12 + "b") == 26
    assert outlives(code, 1.5)


def test_python_osc_sleeps_until_a_time_tag_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("pythonosc.dispatcher.time.sleep", slept.append)
    in_an_hour = struct.pack(">II", 2_208_988_800 + int(time.time()) + 3600, 0)
    Dispatcher().call_handlers_for_packet(bundle(PING, time_tag=in_an_hour), ("", 0))
    assert slept == [pytest.approx(3600, abs=2)]


def test_python_osc_raises_what_it_does_not_declare() -> None:
    with pytest.raises(UnicodeDecodeError):
        OscPacket(NOT_UTF8)
    with pytest.raises(RecursionError):
        OscPacket(DEEP)


def test_python_osc_accepts_sizes_that_lie() -> None:
    assert OscBundle(OVERSIZED).num_contents == 1
    assert OscMessage(NEGATIVE_BLOB).params == [b""]


@pytest.mark.parametrize(
    "packet",
    [LOOP, PATTERN, NOT_UTF8, DEEP, OVERSIZED, NEGATIVE_BLOB],
    ids=["loop", "pattern", "not UTF-8", "deep", "oversized", "negative blob"],
)
def test_each_is_refused_within_a_millisecond(packet: bytes) -> None:
    (fault,) = decode(packet, ["master"], guard.MAX_STREAM_PACKET)
    assert isinstance(fault, Fault)
    assert fault.code == "words"
    assert thread_ms(lambda: list(decode(packet, ["master"], guard.MAX_STREAM_PACKET))) < 1.0


def test_a_packet_for_later_is_done_now() -> None:
    packet = bundle(PING, time_tag=IN_AN_HOUR)
    assert [call.id for call in decode(packet, [])] == ["a"]
    assert thread_ms(lambda: list(decode(packet, []))) < 1.0


def test_the_slowest_packets_are_bounded() -> None:
    text = raw("/bandmate/cancel", "s", b"x" * 8100 + bytes(4))
    texts = raw("/bandmate/cancel", "s" * 128, (b"x" * 43 + b"\0") * 128)
    unknown = bundle(*[raw("/bandmate/xyzzy" + "x" * 80, "")] * 64)
    near = bundle(*[raw(f"/bandmate/sgattuse{n:02}", "") for n in range(64)])
    longest = raw("/bandmate/cancel", "s", b"x" * 65_000 + bytes(4))
    # a machine may be slow: python-osc's reading of a full, proper packet is the yardstick
    proper = bundle(*[raw("/bandmate/cancel", "ssss", b"id\0\0" * 4)] * 64)
    yardstick_ms = thread_ms(lambda: OscPacket(proper))
    for packet in (text, texts, unknown, near):
        assert thread_ms(lambda: list(decode(packet, ["master"]))) < 5 * yardstick_ms  # noqa: B023
    read = thread_ms(lambda: list(decode(longest, [], guard.MAX_STREAM_PACKET)))
    assert read < 5 * yardstick_ms * guard.MAX_STREAM_PACKET / guard.MAX_DATAGRAM


def test_the_first_faults_of_a_packet_say_what_was_meant() -> None:
    faults = list(decode(bundle(*[raw("/bandmate/statsu", "")] * 10), ["master"]))
    meant = [isinstance(each, Fault) and each.text.endswith("'status'?") for each in faults]
    assert meant == [True] * 8 + [False] * 2
