"""What a FLAC and an AIFF say of the music, as a WAV says it: in a list of infos and in an ID3 tag.

The infos are for programs that know nothing else; the tag holds all of it, pictures too.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bridge.sound import flac_blocks, id3, riff
from bridge.sound.flac_blocks import PICTURE, VORBIS_COMMENT, Block

__all__ = ["AIFF_TEXTS", "of_aiff", "of_flac"]

AIFF_TEXTS = {b"NAME": b"INAM", b"AUTH": b"IART", b"(c) ": b"ICOP", b"ANNO": b"ICMT"}
"""The texts of an AIFF, with the infos that say the same."""

# Names of comments, with the frame and the info that say the same. An info ISRC is another thing.
_FRAMES = {
    "TITLE": b"TIT2", "VERSION": b"TIT3", "ARTIST": b"TPE1", "ALBUM": b"TALB",
    "ALBUMARTIST": b"TPE2", "COMPOSER": b"TCOM", "LYRICIST": b"TEXT", "CONDUCTOR": b"TPE3",
    "GENRE": b"TCON", "DATE": b"TDRC", "TRACKNUMBER": b"TRCK", "DISCNUMBER": b"TPOS",
    "ISRC": b"TSRC", "COPYRIGHT": b"TCOP", "ORGANIZATION": b"TPUB", "LABEL": b"TPUB",
    "LANGUAGE": b"TLAN", "BPM": b"TBPM",
}  # fmt: skip
_INFOS = {
    "TITLE": b"INAM", "ARTIST": b"IART", "ALBUM": b"IPRD", "GENRE": b"IGNR", "DATE": b"ICRD",
    "TRACKNUMBER": b"ITRK", "COPYRIGHT": b"ICOP", "COMMENT": b"ICMT", "DESCRIPTION": b"ICMT",
}  # fmt: skip
_REMARKS = {"COMMENT": b"COMM", "DESCRIPTION": b"COMM", "LYRICS": b"USLT"}
_UTF_8 = b"\3"
_NO_LANGUAGE = b"XXX"


def of_flac(blocks: Sequence[Block]) -> dict[bytes, bytes]:
    """Say what comments and pictures say.

    Parameters
    ----------
    blocks : sequence of Block
        From `flac_blocks.read`.

    Returns
    -------
    dict of bytes to bytes
        The bodies of ``LIST`` and ``id3``, those that have something to say.
    """
    said: dict[str, list[str]] = defaultdict(list)
    for block in blocks:
        if block.kind == VORBIS_COMMENT:
            for name, value in flac_blocks.comments(block.body):
                said[name].append(value)
    pictures = [block.body for block in blocks if block.kind == PICTURE]
    frames = [*_words(said), *((b"APIC", _picture(body)) for body in pictures)]
    made = {b"LIST": _info(said), b"id3 ": id3.made(frames)}
    return {name: body for name, body in made.items() if body}


def of_aiff(found: Mapping[bytes, bytes]) -> bytes:
    """Say what the texts of an AIFF say.

    Parameters
    ----------
    found : mapping of bytes to bytes
        Its chunks by name.

    Returns
    -------
    bytes
        The body of a ``LIST``; ``b""`` where there is nothing to say.
    """
    texts = {
        info: found[name].partition(b"\0")[0]
        for name, info in AIFF_TEXTS.items()
        if found.get(name)
    }
    return _listed({name: text for name, text in texts.items() if text})


def _words(said: Mapping[str, Sequence[str]]) -> Iterator[tuple[bytes, bytes]]:
    """Turn comments into frames: of each kind one, with all that is said."""
    values: dict[tuple[bytes, bytes], list[str]] = defaultdict(list)
    for name, texts in said.items():
        if name in _FRAMES:
            values[_FRAMES[name], b""] += texts
        elif name in _REMARKS:
            values[_REMARKS[name], _NO_LANGUAGE + b"\0"] += texts
        else:
            values[b"TXXX", name.encode("utf-8") + b"\0"] += texts
    for (frame, head), texts in values.items():
        between = "\n" if frame in _REMARKS.values() else "\0"
        yield frame, _UTF_8 + head + between.join(texts).encode("utf-8")


def _info(said: Mapping[str, Sequence[str]]) -> bytes:
    infos: dict[bytes, bytes] = {}
    for name, info in _INFOS.items():
        if name in said:
            infos.setdefault(info, "; ".join(said[name]).encode("utf-8"))
    return _listed(infos)


def _listed(infos: Mapping[bytes, bytes]) -> bytes:
    parts = (riff.chunk(name, text + b"\0") for name, text in infos.items())
    return b"INFO" + b"".join(parts) if infos else b""


def _picture(body: bytes) -> bytes:
    """Turn a picture, whose lengths add up, into what a frame holds."""
    kind, size = struct.unpack_from(">II", body)
    mime, rest = body[8 : 8 + size], body[8 + size :]
    (size,) = struct.unpack_from(">I", rest)
    about, data = rest[4 : 4 + size], rest[4 + size + 20 :]
    texts = mime.replace(b"\0", b""), about.replace(b"\0", b"")
    return _UTF_8 + texts[0] + b"\0" + bytes([min(kind, 255)]) + texts[1] + b"\0" + data
