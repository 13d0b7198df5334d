"""OSC 1.0, the little that is needed: strings, numbers, flags; whatever comes is bounded."""

from __future__ import annotations

import math
import struct
from typing import Any

MAX_BYTES = 65536
MAX_MESSAGES = 2048
MAX_ARGUMENTS = 256

_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = 16
_NUMBERS = {"i": struct.Struct(">i"), "f": struct.Struct(">f"), "h": struct.Struct(">q")}
_NUMBERS["d"] = struct.Struct(">d")
_WORDS = {"T": True, "F": False, "N": None}


def encode(address: str, *values: Any) -> bytes:
    """Make a message of strings, whole numbers, floats and flags."""
    tags, data = ",", b""
    for value in values:
        if isinstance(value, bool):
            tags += "T" if value else "F"
        elif isinstance(value, int):
            tags, data = tags + "i", data + _NUMBERS["i"].pack(value)
        elif isinstance(value, float):
            tags, data = tags + "f", data + _NUMBERS["f"].pack(value)
        else:
            tags, data = tags + "s", data + _padded(str(value))
    return _padded(address) + _padded(tags) + data


def decode(packet: bytes) -> list[tuple[str, list[Any]]]:
    """Read the messages of a packet, addresses and values; ValueError where it is no OSC."""
    if len(packet) > MAX_BYTES:
        raise ValueError("the packet is too long")
    if not packet.startswith(_BUNDLE):
        return [_message(packet)]
    messages: list[tuple[str, list[Any]]] = []
    at = _BUNDLE_HEAD
    while at < len(packet) and len(messages) < MAX_MESSAGES:
        size = int.from_bytes(packet[at : at + 4], "big")
        if size <= 0 or size % 4 or at + 4 + size > len(packet):
            raise ValueError("an element of a bundle has a wrong size")
        messages.append(_message(packet[at + 4 : at + 4 + size]))
        at += 4 + size
    return messages


def _message(packet: bytes) -> tuple[str, list[Any]]:
    address, at = _string(packet, 0)
    tags, at = _string(packet, at)
    if not address.startswith("/") or not tags.startswith(",") or len(tags) > MAX_ARGUMENTS + 1:
        raise ValueError("this is no OSC message")
    values = []
    for tag in tags[1:]:
        value, at = _value(tag, packet, at)
        values.append(value)
    return address, values


def _value(tag: str, packet: bytes, at: int) -> tuple[Any, int]:
    if tag == "s":
        return _string(packet, at)
    if tag in _WORDS:
        return _WORDS[tag], at
    number = _NUMBERS.get(tag)
    if number is None or at + number.size > len(packet):
        raise ValueError("a value is of no known type, or cut off")
    (value,) = number.unpack_from(packet, at)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is not finite")
    return value, at + number.size


def _string(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\0", at)
    if end < 0:
        raise ValueError("a string does not end")
    return packet[at:end].decode("utf-8"), (end // 4 + 1) * 4


def _padded(text: str) -> bytes:
    data = text.replace("\0", " ").encode("utf-8", "replace")
    return data + bytes(4 - len(data) % 4)
