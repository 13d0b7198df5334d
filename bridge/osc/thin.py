"""The other side's codec: what a client says and hears, of the standard library alone.

It trusts the daemon, so it checks no more than that a packet can be read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TypeAlias

from bridge.osc.float32 import shortest

__all__ = ["Said", "pack", "unpack"]

Said: TypeAlias = str | int | float | bool | None

_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = 16
_FORMATS = {"i": ">i", "f": ">f", "h": ">q", "d": ">d"}
_WORDS: dict[str, Said] = {"T": True, "F": False, "N": None}


def pack(address: str, *arguments: str | int) -> bytes:
    """Make an OSC message of strings and whole numbers."""
    tags = "".join("s" if isinstance(argument, str) else "i" for argument in arguments)
    data = [
        _packed(argument) if isinstance(argument, str) else struct.pack(">i", argument)
        for argument in arguments
    ]
    return b"".join([_packed(address), _packed("," + tags), *data])


def unpack(packet: bytes) -> Iterator[tuple[str, list[Said]]]:
    """Read the messages of a packet: address and arguments, floats as they were meant.

    The daemon does not put bundles into bundles.

    Raises
    ------
    ValueError
        Where the packet cannot be read.
    """
    if not packet.startswith(_BUNDLE):
        yield _message(packet)
        return
    start = _BUNDLE_HEAD
    while start < len(packet):
        size = int.from_bytes(packet[start : start + 4], "big")
        if size == 0:
            raise ValueError("an element of a bundle is empty")
        yield _message(packet[start + 4 : start + 4 + size])
        start += 4 + size


def _message(packet: bytes) -> tuple[str, list[Said]]:
    address, start = _string(packet, 0)
    tags, start = _string(packet, start)
    arguments: list[Said] = []
    for tag in tags[1:]:
        value: Said
        if tag == "s":
            value, start = _string(packet, start)
        elif tag in _FORMATS:
            try:
                (value,) = struct.unpack_from(_FORMATS[tag], packet, start)
            except struct.error:
                raise ValueError("a message ends within a number") from None
            start += struct.calcsize(_FORMATS[tag])
        elif tag in _WORDS:
            value = _WORDS[tag]
        else:
            raise ValueError(f"an argument is of type {tag!r}")
        arguments.append(shortest(value) if isinstance(value, float) else value)
    return address, arguments


def _packed(text: str) -> bytes:
    data = text.encode(errors="surrogateescape")
    return data + bytes(4 - len(data) % 4)


def _string(packet: bytes, start: int) -> tuple[str, int]:
    end = packet.find(0, start)
    if end < 0:
        raise ValueError("a message ends within a string")
    return packet[start:end].decode(), (end // 4 + 1) * 4
