"""Files made of chunks (WAV, RF64, W64, AIFF, CAF): do their sizes add up.

A chunk is a name, a size and a body. The sizes are walked from the first chunk to the end of the
file; each must lie within the file, and nothing but chunks may follow the samples.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import FileIO

from bridge.sound.flaws import Flaw, check_shape, cut_off, in_bytes, never_closed

__all__ = ["LAYOUTS", "W64_RIFF", "bodies", "check", "speakers"]

_W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
W64_RIFF = b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000")
"""How a W64 file begins."""

MAX_CHUNKS = 10_000
MAX_BODY = 4096
MAX_STRAY = 16  # bytes of padding at the end of a file that some writers leave uncounted

_LIST = b"LIST"
_STREAMED = frozenset({0xFFFFFFFF, 0x7FFFF000})  # "until the end", as ffmpeg and sox say in a pipe
_TRAILERS = (b"TAG", b"ID3", b"APETAGEX")  # tags that players append

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SPEAKERS_END = 24  # byte of an extensible format after its channel mask
_PLAIN_AIFF = frozenset({b"NONE", b"twos", b"sowt", b"in24", b"in32", b"fl32", b"FL32", b"fl64"})


@dataclass(frozen=True)
class Layout:
    """How a kind of file names and measures its chunks.

    Parameters
    ----------
    first : int
        Where the first chunk begins.
    head : struct.Struct
        Name and size of a chunk.
    format, samples : bytes
        Names of the chunks that say what the samples are, and that hold them.
    pad : int
        Bodies are padded to a multiple of this.
    counted : int
        Bytes of the head that the size counts too.
    whole : struct.Struct, optional
        The size of the whole file, with as many bytes before it as are skipped.
    uncounted : int
        Bytes of the file that the size of the whole leaves out.
    """

    first: int
    head: struct.Struct
    format: bytes
    samples: bytes
    pad: int = 2
    counted: int = 0
    whole: struct.Struct | None = None
    uncounted: int = 0


_WAV = Layout(12, struct.Struct("<4sI"), b"fmt ", b"data", whole=struct.Struct("<4xI"), uncounted=8)

LAYOUTS = {
    "WAV": _WAV,
    "RF64": Layout(12, _WAV.head, _WAV.format, _WAV.samples),
    "W64": Layout(
        40,
        struct.Struct("<16sQ"),
        b"fmt " + _W64_TAIL,
        b"data" + _W64_TAIL,
        pad=8,
        counted=24,
        whole=struct.Struct("<16xQ"),
    ),
    "AIFF": Layout(
        12, struct.Struct(">4sI"), b"COMM", b"SSND", whole=struct.Struct(">4xI"), uncounted=8
    ),
    "CAF": Layout(8, struct.Struct(">4sQ"), b"desc", b"data", pad=1),
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its name, where its body begins, and the size that it claims."""

    name: bytes
    start: int
    size: int

    @property
    def end(self) -> int:
        """Where its body ends, if it is to be believed."""
        return self.start + self.size


def check(file: FileIO, size: int, kind: str) -> None:
    """See that a file is as long as it says, and that its sound can be worked on.

    Parameters
    ----------
    file : FileIO
        An open file.
    size : int
        Its bytes.
    kind : str
        One of `LAYOUTS`.

    Raises
    ------
    Flaw
        Where it is cut off or was never closed, or its format cannot be.
    """
    layout = LAYOUTS[kind]
    found: dict[bytes, Chunk] = {}
    end = layout.first
    for chunk in _walk(file, size, layout):
        found.setdefault(chunk.name, chunk)
        end = chunk.end
        if end > size:
            raise cut_off(in_bytes(chunk.size), in_bytes(size - chunk.start))
    if layout.format not in found or layout.samples not in found:
        missing = "samples" if layout.format in found else "description of its samples"
        raise Flaw(f"is damaged or cut off: it holds no {missing}. Export it again.")
    samples = found[layout.samples]
    if size - end > MAX_STRAY and not _read(file, end, 8).startswith(_TRAILERS):
        raise never_closed(in_bytes(samples.size), in_bytes(size - samples.start))
    _check_whole(file, size, layout)
    _FORMATS[kind](file, found[layout.format])
    if kind == "AIFF":
        _check_count(file, found[layout.format], samples)


def bodies(
    file: FileIO, size: int, kind: str, names: Collection[bytes], most: int
) -> dict[bytes, bytes]:
    """Read chunks whole, of each name the first that lies within the file.

    Lists are told apart by what they hold: one of infos has the name ``LISTINFO``.

    Parameters
    ----------
    file : FileIO
        An open file.
    size : int
        Its bytes.
    kind : str
        One of `LAYOUTS`.
    names : collection of bytes
        Which chunks.
    most : int
        Bytes that all of them together may have; one that would be more is left out.

    Returns
    -------
    dict of bytes to bytes
        By name.
    """
    found: dict[bytes, bytes] = {}
    for chunk in _walk(file, size, LAYOUTS[kind]):
        name = chunk.name + _read(file, chunk.start, 4) if chunk.name == _LIST else chunk.name
        wanted = name in names and name not in found
        if wanted and chunk.end <= size and chunk.size <= most:
            found[name] = _read(file, chunk.start, chunk.size)
            most -= chunk.size
    return found


def speakers(file: FileIO, size: int, kind: str) -> int | None:
    """Read where the channels of a file belong.

    Parameters
    ----------
    file : FileIO
        An open file.
    size : int
        Its bytes.
    kind : str
        One of `LAYOUTS`.

    Returns
    -------
    int or None
        The channel mask of WAVE_FORMAT_EXTENSIBLE, 0 where it says nothing; else None.
    """
    layout = LAYOUTS[kind]
    if kind not in {"WAV", "RF64", "W64"}:
        return None
    body = bodies(file, size, kind, (layout.format,), MAX_BODY).get(layout.format, b"")
    if len(body) < _SPEAKERS_END or int.from_bytes(body[:2], "little") != _EXTENSIBLE:
        return None
    return int.from_bytes(body[_SPEAKERS_END - 4 : _SPEAKERS_END], "little")


def _walk(file: FileIO, size: int, layout: Layout) -> Iterator[Chunk]:
    """Find the chunks, until one is none or runs beyond the end of the file."""
    at, wide = layout.first, 0
    for _ in range(MAX_CHUNKS):
        chunk = _chunk(file, at, layout)
        if chunk is None:
            return
        if chunk.name == b"ds64":
            wide = int.from_bytes(_read(file, chunk.start + 8, 8), "little")
        if chunk.name == layout.samples:
            chunk = _measured(chunk, size, wide)
        yield chunk
        if chunk.end > size:
            return
        at = chunk.end + -chunk.size % layout.pad
        if at != chunk.end and _chunk(file, at, layout) is None:
            at = chunk.end  # some writers forget to pad
    raise Flaw(f"holds more than {MAX_CHUNKS} chunks; export it again.")


def _chunk(file: FileIO, at: int, layout: Layout) -> Chunk | None:
    """Read the head of a chunk, None where there is none."""
    head = _read(file, at, layout.head.size)
    if len(head) < layout.head.size:
        return None
    name, size = layout.head.unpack(head)
    if not all(0x20 <= letter < 0x7F for letter in name[:4]) or size < layout.counted:
        return None
    return Chunk(name, at + len(head), size - layout.counted)


def _measured(chunk: Chunk, size: int, wide: int) -> Chunk:
    """Give the samples their true size where their chunk only says "see there" or "to the end"."""
    if chunk.size == 0xFFFFFFFF and wide:
        return Chunk(chunk.name, chunk.start, wide)
    if chunk.size in _STREAMED or chunk.size == 2**64 - 1:
        return Chunk(chunk.name, chunk.start, size - chunk.start)
    return chunk


def _check_whole(file: FileIO, size: int, layout: Layout) -> None:
    """Compare the size of the whole with the file; less is harmless once all chunks were found."""
    if layout.whole is None:
        return
    (claimed,) = layout.whole.unpack(_read(file, 0, layout.whole.size))
    open_end = claimed >= min(_STREAMED)
    if not open_end and claimed + layout.uncounted > size + MAX_STRAY:
        raise cut_off(in_bytes(claimed + layout.uncounted), in_bytes(size))


def _read(file: FileIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size) or b""


def _unpacked(file: FileIO, chunk: Chunk, form: str) -> tuple[bytes, tuple[int, ...]]:
    """Read the chunk that describes the samples, whole and by its first fields."""
    body = _read(file, chunk.start, min(chunk.size, MAX_BODY))
    if len(body) < struct.calcsize(form):
        raise Flaw("is damaged: the description of its samples is cut off. Export it again.")
    return body, struct.unpack_from(form, body)


def _check_wav(file: FileIO, chunk: Chunk) -> None:
    body, fields = _unpacked(file, chunk, "<HHIIHH")
    tag, channels, rate, _, frame_bytes, bits = fields
    check_shape(channels, rate)
    if tag == _EXTENSIBLE and len(body) >= 26:
        (tag,) = struct.unpack_from("<H", body, 24)
    if tag not in {_PCM, _FLOAT}:
        return  # a lossy codec: its decoder knows
    if not (1 <= bits <= 32 if tag == _PCM else bits in {32, 64}):
        raise Flaw(f"claims samples of {bits} bits; bandmate reads up to 32, or floats of 64.")
    right = channels * math.ceil(bits / 8)
    if frame_bytes != right:
        raise Flaw(
            f"contradicts itself: it claims {frame_bytes} bytes a frame, but {channels} channels "
            f"of {bits} bits take {right}. Export it again."
        )


def _check_aiff(file: FileIO, chunk: Chunk) -> None:
    _, (channels, _, _, exponent, mantissa) = _unpacked(file, chunk, ">HIHHQ")
    check_shape(channels, math.ldexp(mantissa, min(exponent, 17_000) - 16_383 - 63))


def _check_count(file: FileIO, chunk: Chunk, samples: Chunk) -> None:
    """Compare the number of frames that an AIFF claims with the samples that it holds."""
    body, (channels, frames, bits) = _unpacked(file, chunk, ">HIH")
    if body[18:22] not in _PLAIN_AIFF | {b""}:
        return  # a packed codec: its decoder knows
    if not 1 <= bits <= 64:
        raise Flaw(f"claims samples of {bits} bits; bandmate reads up to 32, or floats of 64.")
    offset, block = struct.unpack(">II", _read(file, samples.start, 8).ljust(8, b"\0"))
    frame_bytes = channels * math.ceil(bits / 8)
    claimed, held = frames * frame_bytes, max(0, samples.size - 8 - offset)
    if claimed > held:
        raise cut_off(in_bytes(claimed), in_bytes(held))
    if held - claimed >= max(frame_bytes, block, MAX_STRAY):
        raise never_closed(in_bytes(claimed), in_bytes(held))


def _check_caf(file: FileIO, chunk: Chunk) -> None:
    body, (rate, channels) = _unpacked(file, chunk, ">d16xI")
    check_shape(channels, rate)
    codec = body[8:12]
    if codec != b"lpcm":
        raise Flaw(
            f"holds {codec.decode('latin-1')!r}; a CAF is read where it holds plain samples."
        )


_FORMATS = {
    "WAV": _check_wav,
    "RF64": _check_wav,
    "W64": _check_wav,
    "AIFF": _check_aiff,
    "CAF": _check_caf,
}
