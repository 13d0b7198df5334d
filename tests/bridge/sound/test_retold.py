from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bridge.sound.flac_blocks import Block
from bridge.sound.id3 import cleaned
from bridge.sound.retold import of_aiff, of_flac
from tests.bridge.sound.made import chunk
from tests.bridge.sound.test_flac_blocks import comments, picture
from tests.bridge.sound.test_id3 import frame, tag


def test_comments_become_infos_and_frames() -> None:
    said = comments(
        *(b"title=A Song", "ARTIST=Björk".encode(), b"ARTIST=Someone", b"ISRC=DEXX12345678"),
        *(b"DATE=2020-01-02", b"COMMENT=live", b"MOOD=hopeful", b"BPM=120"),
    )
    made = of_flac([Block(4, said)])
    assert made[b"LIST"] == b"INFO" + b"".join(
        [
            chunk(b"INAM", b"A Song\0"),
            chunk(b"IART", "Björk; Someone\0".encode()),
            chunk(b"ICRD", b"2020-01-02\0"),
            chunk(b"ICMT", b"live\0"),
        ]
    )
    assert made[b"id3 "] == tag(
        frame(b"TIT2", b"\3A Song", 4)
        + frame(b"TPE1", "\3Björk\0Someone".encode(), 4)
        + frame(b"TSRC", b"\3DEXX12345678", 4)
        + frame(b"TDRC", b"\0032020-01-02", 4)
        + frame(b"COMM", b"\3XXX\0live", 4)
        + frame(b"TXXX", b"\3MOOD\0hopeful", 4)
        + frame(b"TBPM", b"\003120", 4),
        4,
    )


def test_a_picture_becomes_a_frame_of_its_own() -> None:
    made = of_flac([Block(6, picture(b"\x89PNG and more"))])
    assert made == {
        b"id3 ": tag(frame(b"APIC", b"\3image/png\0\3\0\x89PNG and more", 4), 4),
    }


def test_the_texts_of_an_aiff_become_infos() -> None:
    found = {b"NAME": b"A Song", b"(c) ": b"2020 Someone\0", b"ANNO": b"", b"MARK": b"other"}
    assert of_aiff(found) == b"INFO" + chunk(b"INAM", b"A Song\0") + chunk(
        b"ICOP", b"2020 Someone\0"
    )
    assert of_aiff({}) == b""


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_what_comes_out_is_a_tag_that_is_read_as_it_is(texts: list[bytes]) -> None:
    made = of_flac([Block(4, comments(*texts, b"A=\0=b"))])
    assert cleaned(made[b"id3 "]) == made[b"id3 "]
