"""What a sound file says besides its sound: kept from the musician's file to what is made of it.

Titles, ISRC, artwork, markers of time and the like pass as they are; what speaks of the samples,
such as ReplayGain, is dropped. Everything is bounded, and what does not add up is left out: no tag
is worth a refused song.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import FileIO
from types import MappingProxyType

from bridge.sound import bext, chunks, flac_blocks, id3
from bridge.sound.bext import Bext, BextLoudness
from bridge.sound.flac_blocks import Block

__all__ = ["NO_TAGS", "Tags", "around", "read"]

MAX_BYTES = 32 << 20

_BEXT, _ID3, _LIST = b"bext", b"id3 ", b"LIST"
_TEXTS = (b"iXML", b"axml")
_NAMES = frozenset((_BEXT, _ID3, b"ID3 ", _LIST, *_TEXTS))
# Elements of these texts that speak of the samples.
_FALSE_ELEMENTS = (
    *(b"LOUDNESS", b"loudnessMetadata", b"BWF_LOUDNESS_VALUE", b"BWF_LOUDNESS_RANGE"),
    *(b"BWF_MAX_TRUE_PEAK_LEVEL", b"BWF_MAX_MOMENTARY_LOUDNESS", b"BWF_MAX_SHORT_TERM_LOUDNESS"),
)
_OF_A_RATE = (b"SPEED",)  # of iXML: rates, depths and timestamps in frames


@dataclass(frozen=True)
class Tags:
    """What a file says besides its sound.

    Parameters
    ----------
    rate : int
        Of the sound that it came with, in Hz; 0 where there was none.
    bext : Bext, optional
        Whence it comes, and how loud it is.
    chunks : mapping of bytes to bytes
        Other chunks of a WAV, by name.
    blocks : tuple of Block
        Blocks of a FLAC.
    """

    rate: int = 0
    bext: Bext | None = None
    chunks: Mapping[bytes, bytes] = field(default_factory=lambda: MappingProxyType({}))
    blocks: tuple[Block, ...] = ()

    def saying(self, loudness: BextLoudness) -> Tags:
        """Say how loud the sound is, where that is known; what it was is no longer true.

        Parameters
        ----------
        loudness : BextLoudness
            As measured.

        Returns
        -------
        Tags
            For the sound that was made.
        """
        if self.bext is None and loudness.integrated is None:
            return self
        return replace(self, bext=replace(self.bext or Bext(), loudness=loudness))


NO_TAGS = Tags()


def read(file: FileIO, kind: str, rate: int) -> Tags:
    """Read the tags of a sound file that was found to be sound.

    Parameters
    ----------
    file : FileIO
        An open file.
    kind : str
        One of `headers.KINDS`; those of WAV, RF64, AIFF (ID3 only), FLAC and MP3 are read.
    rate : int
        Of its sound.

    Returns
    -------
    Tags
        Those that add up.
    """
    if kind in {"WAV", "RF64", "AIFF"}:
        size = os.fstat(file.fileno()).st_size
        found = chunks.bodies(file, size, kind, _NAMES, MAX_BYTES)
        return _of_chunks(found if kind != "AIFF" else {_ID3: found.get(b"ID3 ", b"")}, rate)
    file.seek(0)
    head = file.read(id3.HEAD_BYTES) or b""
    size = id3.length(head)
    if kind == "FLAC":
        return Tags(rate, blocks=flac_blocks.read(file, size, MAX_BYTES))
    if kind == "MP3" and 0 < size <= MAX_BYTES:
        file.seek(0)
        return _of_chunks({_ID3: file.read(size) or b""}, rate)
    return Tags(rate)


def around(tags: Tags, rate: int, bits: int, channels: int) -> tuple[bytes, bytes]:
    """Write the chunks of a WAV that stand before the sound, and those after it.

    Parameters
    ----------
    tags : Tags
        What to say.
    rate, bits, channels : int
        Of the sound as it is written: places in frames follow its rate.

    Returns
    -------
    tuple of (bytes, bytes)
        Whole chunks, padded.
    """
    before = b""
    if tags.bext is not None:
        told = bext.history_line(tags.bext, rate, bits, channels)
        if tags.rate and tags.rate != rate:
            told = replace(told, frame=told.frame * rate // tags.rate)
        before = _chunk(_BEXT, bext.pack(told))
    kept = dict(tags.chunks)
    if tags.rate != rate and b"iXML" in kept:
        kept[b"iXML"] = _without(kept[b"iXML"], _OF_A_RATE)
    return before, b"".join(_chunk(name, body) for name, body in kept.items())


def _of_chunks(found: Mapping[bytes, bytes], rate: int) -> Tags:
    return Tags(rate, bext.unpack(found.get(_BEXT, b"")), MappingProxyType(dict(_kept(found))))


def _kept(found: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Take the chunks that pass, cleaned."""
    for name in _TEXTS:
        if text := _without(found.get(name, b""), _FALSE_ELEMENTS):
            yield name, text
    if info := _info(found.get(_LIST, b"")):
        yield _LIST, info
    if tag := id3.cleaned(found.get(_ID3) or found.get(b"ID3 ", b"")):
        yield _ID3, tag


def _info(body: bytes) -> bytes:
    """Keep a list of infos, up to the first that does not add up."""
    if body[:4] != b"INFO":
        return b""
    at, kept = 4, b"INFO"
    while at + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        end = at + 8 + size
        if end > len(body) or not name.isalnum():
            break
        if name != b"ISFT":  # the program that made the samples
            kept += _chunk(name, body[at + 8 : end])
        at = end + size % 2
    return kept if len(kept) > 4 else b""


def _without(text: bytes, names: tuple[bytes, ...]) -> bytes:
    """Cut elements of these names out of an XML text."""
    for name in names:
        start = text.find(b"<" + name)
        parts, kept_from = [], 0
        while start >= 0:
            closing = b"</" + name + b">"
            end = text.find(closing, start)
            if end < 0:
                break
            end += len(closing)
            if text[start + 1 + len(name) : start + 2 + len(name)] in {b">", b" "}:
                parts.append(text[kept_from:start])
                kept_from = end
            start = text.find(b"<" + name, end)
        text = b"".join([*parts, text[kept_from:]])
    return text


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
