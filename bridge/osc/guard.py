"""A strict, bounded check of a packet, made before anything decodes it.

What passes is well-formed OSC 1.0 of the few types that bandmate speaks, so that no decoder behind
it can be made to loop, sleep, recurse, or read beyond its bytes. Time and memory grow linearly with
the packet; nesting and counts are capped.
"""

from __future__ import annotations

import math
import re
import struct

from assistant.errors import WordsError

__all__ = [
    "MAX_ARGUMENTS",
    "MAX_DATAGRAM",
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "MAX_STREAM_PACKET",
    "readable_id",
    "split",
]

MAX_DATAGRAM = 8_192
"""Bytes of a packet over UDP."""
MAX_STREAM_PACKET = 65_536
"""Bytes of a packet over TCP, without its length prefix."""
MAX_ADDRESS = 128
MAX_ARGUMENTS = 128
MAX_DEPTH = 4
"""Bundles within each other."""
MAX_ELEMENTS = 64
"""Messages and bundles in one packet, at all depths together."""

_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = 16  # the word and a time tag, which is not looked at: everything is for now
_ADDRESS = re.compile(rb"/[^\0-\x20\x7f-\xff#*,?\[\]{}]*")
_ADDRESS_OR_PATTERN = re.compile(rb"/[!-~]*")
_ZEROS = bytes(4)
_ADDRESS_PLACE, _TAGS_PLACE = -1, 0
_SIZES = {"i": 4, "f": 4, "h": 8, "d": 8, "T": 0, "F": 0, "N": 0}
_FLOATS = {"f": struct.Struct(">f"), "d": struct.Struct(">d")}
_REFUSED = {
    "b": "a blob",
    "t": "a time tag",
    "m": "a MIDI message",
    "r": "a colour",
    "c": "a character",
    "S": "a symbol",
    "I": "an impulse",
    "[": "an array",
    "]": "an array",
}


def split(
    packet: bytes,
    limit: int = MAX_DATAGRAM,
    arguments: int = MAX_ARGUMENTS,
    most_elements: int = MAX_ELEMENTS,
) -> list[bytes]:
    """Check a packet and take its bundles apart.

    Parameters
    ----------
    packet : bytes
        As it came.
    limit : int
        Most bytes it may have.
    arguments : int
        Most arguments that a message of it may have.
    most_elements : int
        Most messages and bundles in it, at all depths together.

    Returns
    -------
    list of bytes
        Its messages, each well-formed, in order. Time tags are ignored: everything is for now.

    Raises
    ------
    WordsError
        With what was seen and what would be right.
    """
    if len(packet) > limit:
        raise WordsError(f"The packet has {len(packet)} bytes; at most {limit} are read.")
    if not packet or len(packet) % 4:
        raise WordsError(f"The packet has {len(packet)} bytes; OSC counts in fours, from 4.")
    messages: list[bytes] = []
    elements = 0
    waiting = [(packet, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.startswith(_BUNDLE):
            _check(part, arguments)
            messages.append(part)
            continue
        if depth == MAX_DEPTH:
            raise WordsError(f"Bundles are nested deeper than {MAX_DEPTH}.")
        inside = _elements(part, most_elements)
        elements += len(inside)
        if elements > most_elements:
            raise WordsError(f"The packet has over {most_elements} elements; send several.")
        waiting.extend((element, depth + 1) for element in reversed(inside))
    return messages


def readable_id(packet: bytes) -> str:
    """Read the first argument of a refused message, so that the refusal can name it.

    Parameters
    ----------
    packet : bytes
        Anything.

    Returns
    -------
    str
        The first argument where it is a string that can be read, else ``""``.
    """
    try:
        _, start = _string(packet, 0, _ADDRESS_PLACE)
        tags, start = _string(packet, start, _TAGS_PLACE)
        return _string(packet, start, 1)[0].decode() if tags.startswith(b",s") else ""
    except (WordsError, UnicodeDecodeError):
        return ""


def _elements(bundle: bytes, most: int) -> list[bytes]:
    """Cut a bundle into its elements, every size checked; stops soon after one too many."""
    if len(bundle) < _BUNDLE_HEAD:
        raise WordsError("A bundle ends before its time tag does.")
    found: list[bytes] = []
    start = _BUNDLE_HEAD
    while start < len(bundle) and len(found) <= most:
        size = int.from_bytes(bundle[start : start + 4], "big", signed=True)
        start += 4
        if size <= 0 or size % 4 or size > len(bundle) - start:
            raise WordsError(
                f"An element of a bundle claims {size} bytes where {max(0, len(bundle) - start)} "
                "are left; it takes a positive multiple of 4 within the packet."
            )
        found.append(bundle[start : start + size])
        start += size
    return found


def _check(message: bytes, most: int) -> None:
    """Refuse a message that is not well-formed."""
    address, start = _string(message, 0, _ADDRESS_PLACE)
    _check_address(address)
    if start == len(message):
        return  # OSC 1.0 asks receivers to bear with senders that leave out empty type tags
    tags, start = _string(message, start, _TAGS_PLACE)
    if not tags.startswith(b","):
        raise WordsError("The type tags do not begin with a comma.")
    if len(tags) - 1 > most:
        raise WordsError(f"There are {len(tags) - 1} arguments; at most {most} are read.")
    start = _skip_arguments(message, start, tags[1:].decode("latin-1"))
    if start < len(message):
        raise WordsError(f"{len(message) - start} bytes follow the last argument.")
    if start > len(message):
        raise WordsError("The message ends within its last argument.")


def _skip_arguments(message: bytes, start: int, tags: str) -> int:
    """Check the arguments and return where they end, or would if the message were long enough."""
    place = 0
    try:
        for place, tag in enumerate(tags, 1):
            if tag == "s":
                text, start = _string(message, start, place)
                text.decode()
            elif tag in _SIZES:
                if tag in _FLOATS:
                    _check_finite(_FLOATS[tag], message, start, place)
                start += _SIZES[tag]
            else:
                seen = _REFUSED.get(tag, f"of the unknown type {tag!r}")
                raise WordsError(f"Argument {place} is {seen}; bandmate takes i h f d s T F N.")
    except UnicodeDecodeError:
        raise WordsError(f"Argument {place} is not UTF-8.") from None
    return start


def _check_finite(number: struct.Struct, message: bytes, start: int, place: int) -> None:
    if start + number.size > len(message):
        raise WordsError(f"The message ends within argument {place}.")
    if not math.isfinite(number.unpack_from(message, start)[0]):
        raise WordsError(f"Argument {place} is not a finite number.")


def _check_address(address: bytes) -> None:
    if len(address) > MAX_ADDRESS:
        raise WordsError(f"The address has {len(address)} characters; it takes {MAX_ADDRESS}.")
    if _ADDRESS.fullmatch(address):
        return
    seen = address.decode("ascii", "backslashreplace")[:80]
    if _ADDRESS_OR_PATTERN.fullmatch(address):
        raise WordsError(f"The address {seen!r} is a pattern; say it in full.")
    raise WordsError(
        f"The address {seen!r} is none; one begins with '/' and is printable ASCII without spaces."
    )


def _string(message: bytes, start: int, place: int) -> tuple[bytes, int]:
    """Read an OSC string: its bytes, a zero, and zeros up to a multiple of 4."""
    end = message.find(0, start)
    stop = (end // 4 + 1) * 4
    if end < 0 or stop > len(message):
        raise WordsError(f"The message ends within its {_what(place)}.")
    if message[end:stop] != _ZEROS[: stop - end]:
        raise WordsError(f"The padding after its {_what(place)} is not zero.")
    return message[start:end], stop


def _what(place: int) -> str:
    """Name a string of a message, arguments counting from 1."""
    names = {_ADDRESS_PLACE: "address", _TAGS_PLACE: "type tags"}
    return names.get(place, f"argument {place}")
