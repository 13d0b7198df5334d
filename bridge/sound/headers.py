"""What a sound file is and what it claims, held against its bytes, before a decoder sees it.

A decoder silently gives a part of the music where a header lies, or believes it and asks for
memory that no machine has. Only files that begin like one of `KINDS` are passed on to it.
"""

from __future__ import annotations

import os
import struct
from io import FileIO

from bridge.sound import chunks
from bridge.sound.flaws import Flaw, check_shape, cut_off, in_bytes

__all__ = ["KINDS", "check", "kind_of", "speakers"]

KINDS = ("WAV", "RF64", "W64", "AIFF", "CAF", "FLAC", "OGG", "MP3", "MIDI")

HEAD_BYTES = 64
TAIL_BYTES = 1 << 17
FIRST_FRAME_BYTES = 1 << 12

_OGG_PAGE = struct.Struct("<4sBB20xB")  # magic, version, flags, number of segments
_OGG_LAST = 0x04
_HAS_FRAMES, _HAS_BYTES = 1, 2  # flags of a Xing header

_MAGIC = {b"fLaC": "FLAC", b"OggS": "OGG", b"MThd": "MIDI", b"caff": "CAF"}
_FORMS = {
    (b"RIFF", b"WAVE"): "WAV",
    (b"RF64", b"WAVE"): "RF64",
    (b"FORM", b"AIFF"): "AIFF",
    (b"FORM", b"AIFC"): "AIFF",
}
_OTHERS = {
    b"RIFX": "a big-endian WAV",
    b"BW64": "a BW64 file",
    b"MAC ": "a Monkey's Audio file",
    b"wvpk": "a WavPack file",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b\x08\x00": "a gzip archive",
    b"%PDF": "a PDF",
    b"\x1aE\xdf\xa3": "a Matroska or WebM file",
}


def kind_of(file: FileIO) -> str:
    """Tell what a file is by how it begins, whatever it is called.

    Parameters
    ----------
    file : FileIO
        An open file.

    Returns
    -------
    str
        One of `KINDS`.

    Raises
    ------
    Flaw
        Where it is none of these, with what it seems to be.
    """
    head = _read(file, _after_tag(file), HEAD_BYTES)
    kind = _MAGIC.get(head[:4]) or _FORMS.get((head[:4], head[8:12]))
    if kind is None and head.startswith(chunks.W64_RIFF):
        kind = "W64"
    if kind is None and _is_mpeg(head):
        kind = "MP3"
    if kind is None:
        raise Flaw(
            f"is {_guess(head)}; bandmate reads WAV, AIFF, CAF, FLAC, OGG and MP3, "
            "and MIDI files (.mid)."
        )
    return kind


def check(file: FileIO, kind: str) -> bool:
    """Hold what the header of a sound file claims against its bytes.

    Parameters
    ----------
    file : FileIO
        An open file.
    kind : str
        What `kind_of` said, but MIDI.

    Returns
    -------
    bool
        Whether a decoder knows how many frames there are, or can only guess.

    Raises
    ------
    Flaw
        Where the file is cut off, was never closed, or claims what cannot be.
    """
    size = os.fstat(file.fileno()).st_size
    if kind in chunks.LAYOUTS:
        chunks.check(file, size, kind)
    elif kind == "FLAC":
        return _check_flac(file)
    elif kind == "OGG":
        _check_ogg(file, size)
    elif kind == "MP3":
        return _check_mp3(file, size)
    return True


def speakers(file: FileIO, kind: str) -> int | None:
    """Tell where the channels of a sound file belong, as a channel mask; None where none says."""
    if kind not in chunks.LAYOUTS:
        return None
    return chunks.speakers(file, os.fstat(file.fileno()).st_size, kind)


def _read(file: FileIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size) or b""


def _after_tag(file: FileIO) -> int:
    """Tell where the sound begins behind an ID3v2 tag."""
    head = _read(file, 0, 10)
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    a, b, c, d = (part & 0x7F for part in head[6:10])
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _is_mpeg(head: bytes) -> bool:
    """Tell whether a frame of MPEG audio begins here: sync word, and no reserved values."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer != 0 and bit_rate != 15 and rate != 3


def _guess(head: bytes) -> str:
    """Say what a file seems to be that is none of ours."""
    if head[4:8] == b"ftyp":
        return "an MP4 or M4A file"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "an AAC file"
    if head[:4] in _OTHERS:
        return _OTHERS[head[:4]]
    words = head[:20].decode("ascii", "replace")
    if words and all(letter.isprintable() and letter != "\ufffd" for letter in words.split()):
        return f"no file of sound or notes: it begins with the words {words!r}"
    return f"no file of sound or notes: it begins with the bytes {head[:8].hex(' ') or '(none)'}"


def _check_flac(file: FileIO) -> bool:
    """Check a STREAMINFO block; it may leave the number of frames open, as pipes do."""
    head = _read(file, _after_tag(file), 26)
    if len(head) < 26 or head[4] & 0x7F != 0:
        raise Flaw("is damaged or cut off: it holds no description of its samples.")
    packed = int.from_bytes(head[18:26], "big")
    rate, channels, frames = packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1
    check_shape(channels, rate)
    return frames > 0


def _check_ogg(file: FileIO, size: int) -> None:
    """Check that the last page is whole, and says that it is the last."""
    start = max(0, size - TAIL_BYTES)
    tail = _read(file, start, TAIL_BYTES)
    at = tail.rfind(b"OggS")
    page = tail[at : at + _OGG_PAGE.size] if at >= 0 else b""
    if len(page) == _OGG_PAGE.size:
        _, _, flags, segments = _OGG_PAGE.unpack(page)
        lengths = tail[at + _OGG_PAGE.size :][:segments]
        end = at + _OGG_PAGE.size + segments + sum(lengths)
        if len(lengths) == segments and end <= len(tail) and flags & _OGG_LAST:
            return
    raise Flaw(
        f"is cut off: it ends after {in_bytes(size)} without a last page. Export or copy it again."
    )


def _check_mp3(file: FileIO, size: int) -> bool:
    """Check the Xing header, which counts frames and bytes; without one, a decoder guesses."""
    start = _after_tag(file)
    first = _read(file, start, FIRST_FRAME_BYTES)
    at = max(first.find(b"Xing", 0, 64), first.find(b"Info", 0, 64))
    if at < 0 or len(first) < at + 16:
        return False
    flags, *counts = struct.unpack_from(">III", first, at + 4)
    if flags & _HAS_BYTES:
        claimed = counts[1 if flags & _HAS_FRAMES else 0]
        if claimed > size - start:
            raise cut_off(in_bytes(claimed), in_bytes(size - start))
    return bool(flags & _HAS_FRAMES)
