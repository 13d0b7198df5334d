"""Sound files made by hand, byte by byte, so that each lie is where a test wants it."""

from __future__ import annotations

import struct

RATE = 48_000


def chunk(name: bytes, body: bytes, *, claims: int | None = None, order: str = "<") -> bytes:
    """Make a chunk; `claims` is the size that it says it has."""
    size = len(body) if claims is None else claims
    return name + struct.pack(f"{order}I", size) + body + b"\0" * (len(body) % 2)


def wav_format(
    channels: int = 2,
    rate: int = RATE,
    bits: int = 16,
    frame_bytes: int | None = None,
    tag: int = 1,
) -> bytes:
    """Make the body of a format chunk."""
    align = channels * bits // 8 if frame_bytes is None else frame_bytes
    return struct.pack(
        "<HHIIHH", tag, channels, rate, rate * align % 2**32, align % 2**16, bits % 2**16
    )


def wav(
    body: bytes,
    *,
    form: bytes | None = None,
    claims: int | None = None,
    whole: int | None = None,
    after: bytes = b"",
) -> bytes:
    """Make a WAV; `claims` and `whole` are the sizes that it says its samples and itself have."""
    chunks = chunk(b"fmt ", wav_format() if form is None else form)
    chunks += chunk(b"data", body, claims=claims) + after
    size = 4 + len(chunks) if whole is None else whole
    return b"RIFF" + struct.pack("<I", size) + b"WAVE" + chunks


def aiff(
    body: bytes,
    *,
    channels: int = 1,
    frames: int | None = None,
    bits: int = 16,
    exponent: int = 16_383 + 15,
    claims: int | None = None,
) -> bytes:
    """Make an AIFF at 48 kHz, or at a rate with another exponent."""
    count = len(body) * 8 // (channels * bits or 1) if frames is None else frames
    common = struct.pack(">HIHHQ", channels, count, bits, exponent, RATE << 48)
    sound = struct.pack(">II", 0, 0) + body
    size = None if claims is None else claims + 8
    chunks = chunk(b"COMM", common, order=">") + chunk(b"SSND", sound, claims=size, order=">")
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFF" + chunks


def flac_head(frames: int, *, rate: int = 44_100, channels: int = 2, bits: int = 16) -> bytes:
    """Make the beginning of a FLAC: the marker and its STREAMINFO block, the last one."""
    packed = rate << 44 | (channels - 1) << 41 | (bits - 1) << 36 | frames
    info = struct.pack(">HH", 4096, 4096) + b"\0" * 6 + packed.to_bytes(8, "big") + b"\0" * 16
    return b"fLaC" + bytes([0x80]) + len(info).to_bytes(3, "big") + info
