"""What a sound file says besides its sound: kept from the musician's file to what is made of it.

Titles, ISRC, artwork and markers pass; what speaks of the samples, such as ReplayGain, is dropped,
and so are the loops of samplers, whose seams are others now. Everything is bounded, and what does
not add up is left out: no tag is worth a refused song.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import FileIO
from types import MappingProxyType

from bridge.sound import bext, chunks, cuesheet, flac_blocks, id3, markers, retold, riff
from bridge.sound.bext import Bext, BextLoudness
from bridge.sound.flac_blocks import CUESHEET, Block
from bridge.sound.markers import Marker

__all__ = ["NO_TAGS", "Tags", "around", "read"]

MAX_BYTES = 32 << 20

_BEXT, _ID3, _LIST = b"bext", b"id3 ", b"LIST"
_INFOS, _CUES, _CUE_TEXTS = b"LISTINFO", b"cue ", b"LISTadtl"
_TEXTS = (b"iXML", b"axml")
_NAMES = frozenset((_BEXT, _ID3, b"ID3 ", _INFOS, _CUES, _CUE_TEXTS, *_TEXTS))
_MARK = b"MARK"
_AIFF_NAMES = frozenset((b"ID3 ", _MARK, *retold.AIFF_TEXTS))
# Elements of these texts that speak of the samples.
_FALSE_ELEMENTS = (
    *(b"LOUDNESS", b"loudnessMetadata", b"BWF_LOUDNESS_VALUE", b"BWF_LOUDNESS_RANGE"),
    *(b"BWF_MAX_TRUE_PEAK_LEVEL", b"BWF_MAX_MOMENTARY_LOUDNESS", b"BWF_MAX_SHORT_TERM_LOUDNESS"),
    *(b"FILE_UID", b"BWF_UMID"),  # no two files have the same
)
# Of iXML: rates, depths and places in frames.
_OF_PLACES = (b"SYNC_POINT_LIST", b"BWF_TIME_REFERENCE_LOW", b"BWF_TIME_REFERENCE_HIGH")
_OF_A_RATE = (b"SPEED", *_OF_PLACES)


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
    markers : tuple of Marker
        Places in the sound, at that rate.
    """

    rate: int = 0
    bext: Bext | None = None
    chunks: Mapping[bytes, bytes] = field(default_factory=lambda: MappingProxyType({}))
    blocks: tuple[Block, ...] = ()
    markers: tuple[Marker, ...] = ()

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

    def cut(self, first: int, frames: int) -> Tags:
        """Return what is true of a part of the sound: places move with it, or are left out.

        Parameters
        ----------
        first, frames : int
            Where the part begins, and how long it is, at the rate of the sound.

        Returns
        -------
        Tags
            Of that part.
        """
        told = replace(self.bext, frame=self.bext.frame + first) if self.bext else None
        texts = dict(self.chunks)
        if b"iXML" in texts:
            texts[b"iXML"] = _without(texts[b"iXML"], _OF_PLACES)
        places = (one.within(first, frames) for one in self.markers or _tracks(self.blocks))
        return replace(
            self,
            bext=told,
            chunks=MappingProxyType(texts),
            blocks=tuple(block for block in self.blocks if block.kind != CUESHEET),
            markers=tuple(one for one in places if one),
        )


NO_TAGS = Tags()


def read(file: FileIO, kind: str, rate: int) -> Tags:
    """Read the tags of a sound file that was found to be sound.

    Parameters
    ----------
    file : FileIO
        An open file.
    kind : str
        One of `headers.KINDS`; those of WAV, RF64, AIFF, FLAC and MP3 are read.
    rate : int
        Of its sound.

    Returns
    -------
    Tags
        Those that add up.
    """
    if kind in {"WAV", "RF64", "AIFF"}:
        size = os.fstat(file.fileno()).st_size
        names = _AIFF_NAMES if kind == "AIFF" else _NAMES
        found = chunks.bodies(file, size, kind, names, MAX_BYTES)
        return _of_aiff(found, rate) if kind == "AIFF" else _of_chunks(found, rate)
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
        Whole chunks, padded. What came with a FLAC is said as a WAV says it.
    """
    before = b""
    if tags.bext is not None:
        told = bext.history_line(tags.bext, rate, bits, channels)
        if tags.rate and tags.rate != rate:
            told = replace(told, frame=told.frame * rate // tags.rate)
        before = riff.chunk(_BEXT, bext.pack(told))
    kept = {**tags.chunks, **retold.of_flac(tags.blocks)}
    if tags.rate != rate and b"iXML" in kept:
        kept[b"iXML"] = _without(kept[b"iXML"], _OF_A_RATE)
    places = tags.markers or _tracks(tags.blocks)
    marked = markers.written([one.at_rate(tags.rate, rate) for one in places])
    return before, b"".join(riff.chunk(name, body) for name, body in kept.items()) + marked


def _of_chunks(found: Mapping[bytes, bytes], rate: int) -> Tags:
    kept = MappingProxyType(dict(_kept(found)))
    places = markers.of_wav(found.get(_CUES, b""), found.get(_CUE_TEXTS, b""))
    return Tags(rate, bext.unpack(found.get(_BEXT, b"")), kept, markers=places)


def _of_aiff(found: Mapping[bytes, bytes], rate: int) -> Tags:
    said = {_INFOS: retold.of_aiff(found), _ID3: found.get(b"ID3 ", b"")}
    return replace(_of_chunks(said, rate), markers=markers.of_aiff(found.get(_MARK, b"")))


def _tracks(blocks: Sequence[Block]) -> tuple[Marker, ...]:
    """Return what the cuesheet among blocks marks."""
    sheets = (cuesheet.markers_of(block.body) for block in blocks if block.kind == CUESHEET)
    return next(sheets, ())


def _kept(found: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Take the chunks that pass, cleaned."""
    for name in _TEXTS:
        if text := _without(found.get(name, b""), _FALSE_ELEMENTS):
            yield name, text
    if info := _info(found.get(_INFOS, b"")):
        yield _LIST, info
    if tag := id3.cleaned(found.get(_ID3) or found.get(b"ID3 ", b"")):
        yield _ID3, tag


def _info(body: bytes) -> bytes:
    """Keep a list of infos, up to the first that does not add up."""
    if body[:4] != b"INFO":
        return b""
    # ISFT is the program that made the samples.
    kept = [riff.chunk(name, text) for name, text in riff.parts(body, 4) if name != b"ISFT"]
    return b"".join([b"INFO", *kept]) if kept else b""


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
