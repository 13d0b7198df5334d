from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.sound.id3 import cleaned, length


def sevens(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: bytes, body: bytes, version: int = 3) -> bytes:
    if version == 2:
        return name + len(body).to_bytes(3, "big") + body
    size = sevens(len(body)) if version == 4 else len(body).to_bytes(4, "big")
    return name + size + b"\0\0" + body


def tag(frames: bytes, version: int = 3, flags: int = 0) -> bytes:
    return b"ID3" + bytes([version, 0, flags]) + sevens(len(frames)) + frames


TITLE = b"\0A Song"
ISRC = b"\0DEXX12345678"
PICTURE = b"\0image/png\0\x03\0" + bytes(range(256))
GAIN = b"\0REPLAYGAIN_TRACK_GAIN\0-6.1 dB"
WIDE_GAIN = b"\1" + "replaygain_album_peak".encode("utf-16") + b"\0\0" + "1.0".encode("utf-16")


@pytest.mark.parametrize(
    ("version", "names"),
    [
        (2, (b"TT2", b"TRC", b"PIC", b"TXX", b"RVA")),
        (3, (b"TIT2", b"TSRC", b"APIC", b"TXXX", b"RVAD")),
        (4, (b"TIT2", b"TSRC", b"APIC", b"TXXX", b"RVA2")),
    ],
)
def test_what_is_no_longer_true_is_dropped_and_the_rest_is_kept(
    version: int, names: tuple[bytes, ...]
) -> None:
    title, isrc, picture, own, volume = names
    kept = (
        frame(title, TITLE, version) + frame(isrc, ISRC, version) + frame(picture, PICTURE, version)
    )
    false = frame(own, GAIN, version) + frame(own, WIDE_GAIN, version)
    false += frame(volume, b"\0" * 12, version)
    assert cleaned(tag(false + kept + bytes(500), version)) == tag(kept, version)


def test_other_words_of_the_musicians_own_are_kept() -> None:
    own = frame(b"TXXX", b"\0MOOD\0hopeful") + frame(b"COMM", b"\0eng\0recorded in June")
    assert cleaned(tag(own)) == tag(own)


def test_an_escaped_tag_is_written_plain() -> None:
    plain = frame(b"APIC", b"\xff\xe0 and \xff\0")
    escaped = plain.replace(b"\xff", b"\xff\0")
    assert cleaned(tag(escaped, 3, 0x80)) == tag(plain)


@pytest.mark.parametrize("version", [3, 4])
def test_an_extended_header_is_left_out(version: int) -> None:
    extended = (6).to_bytes(4, "big") + bytes(6) if version == 3 else sevens(6) + b"\1\0"
    kept = frame(b"TIT2", TITLE, version)
    assert cleaned(tag(extended + kept, version, 0x40)) == tag(kept, version)


def test_sizes_of_version_4_that_count_in_eights_are_understood() -> None:
    picture = frame(b"APIC", bytes(300), 3)  # 300 counted as version 3 does
    kept = frame(b"TIT2", TITLE, 4)
    assert cleaned(tag(picture + kept, 4)) == tag(frame(b"APIC", bytes(300), 4) + kept, 4)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"ID3",
        b"TAG" + bytes(125),
        tag(frame(b"TIT2", TITLE))[:-1],
        tag(b"TIT2" + (500).to_bytes(4, "big") + b"\0\0short"),
        tag(b"ti t" + bytes(20)),
        tag(b"", 3),
        tag(frame(b"TIT2", TITLE), 9),
        tag(frame(b"TT2", TITLE, 2), 2, 0x40),
        tag(b"\0\0\0\7", 3, 0x40),
        tag(frame(b"TXXX", GAIN)),
        tag(frame(b"AAAA", b"") * 5000),
    ],
)
def test_what_does_not_add_up_is_dropped(broken: bytes) -> None:
    assert cleaned(broken) == b""


@given(st.binary(max_size=400), st.sampled_from([2, 3, 4]), st.integers(0, 255))
@example(b"TIT2\0\0\0\1\0\0xTIT2", 3, 0)
def test_what_comes_out_is_a_tag_that_stays_as_it_is(body: bytes, version: int, flags: int) -> None:
    once = cleaned(tag(body, version, flags))
    assert once == b"" or length(once) == len(once)
    assert cleaned(once) == once


@given(st.binary(max_size=400))
def test_any_bytes_do_no_harm(data: bytes) -> None:
    assert len(cleaned(b"ID3" + data)) <= len(data) + 3
