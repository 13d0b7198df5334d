from __future__ import annotations

from bridge.sound import riff
from tests.bridge.sound.made import chunk


def test_parts_are_read_up_to_the_first_that_does_not_add_up() -> None:
    whole = b"adtl" + chunk(b"labl", b"odd") + chunk(b"note", b"even")
    good = [(b"labl", b"odd"), (b"note", b"even")]
    assert list(riff.parts(whole, 4)) == good
    assert list(riff.parts(whole + chunk(b"labl", b"x", claims=2**32 - 1), 4)) == good
    assert list(riff.parts(whole + chunk(b"\1\2\3\4", b"x"), 4)) == good
    assert list(riff.parts(whole[:-1], 4)) == good[:1]


def test_their_number_is_bounded() -> None:
    endless = chunk(b"INAM", b"x") * (riff.MAX_PARTS + 10)
    assert len(list(riff.parts(endless, 0))) == riff.MAX_PARTS


def test_a_chunk_is_padded_and_named_by_four_letters() -> None:
    assert riff.chunk(b"LISTINFO", b"abc") == b"LIST\3\0\0\0abc\0"
