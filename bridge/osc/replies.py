"""What bandmate says -> packets, each well under what a receiver must be able to take."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pythonosc.parsing.osc_types import (
    IMMEDIATELY,
    write_date,
    write_float,
    write_int,
    write_string,
)

from bridge.osc.grammar import Argument
from bridge.osc.guard import MAX_DATAGRAM
from bridge.osc.table import OUT

__all__ = ["MAX_BUNDLE", "MAX_TEXT", "Message", "datagrams", "encode", "suggestion"]

MAX_TEXT = 2_000
"""Bytes of a text; a longer one is cut after a word."""
MAX_BUNDLE = 1_400
"""Bytes of a bundle of notes: the smallest receive buffers in use hold it, and so does a frame."""

_MAX_FLOAT = (2 - 2**-23) * 2.0**127
_BUNDLE = write_string("#bundle") + write_date(IMMEDIATELY)


class Message(NamedTuple):
    """Something to say: the name of a message of `OUT`, and its arguments in order."""

    word: str
    arguments: tuple[object, ...]


def encode(word: str, *arguments: object) -> bytes:
    """Make the packet of one message.

    Parameters
    ----------
    word : str
        Name of the message, such as ``"queued"``.
    *arguments : object
        As the table says.

    Returns
    -------
    bytes
        An OSC message under `guard.MAX_DATAGRAM`.

    Raises
    ------
    TypeError, ValueError
        Where the arguments are not as the table says, or too long to be said: a bug of ours.
    """
    found = OUT[word]
    single = (*found.required, *found.optional)
    kinds = (*single, *found.repeated * (len(arguments) - len(single)))[: len(arguments)]
    if not len(found.required) <= len(arguments) == len(kinds):
        raise ValueError(f"{found.form} was given {len(arguments)} arguments")
    said = [_WRITERS[kind.kind](kind, value) for kind, value in zip(kinds, arguments, strict=True)]
    tags = "," + "".join([tag for tag, _ in said])
    data = [write_string(found.address), write_string(tags), *(each for _, each in said)]
    packet = b"".join(data)
    if len(packet) > MAX_DATAGRAM:
        raise ValueError(f"{found.form} came to {len(packet)} bytes")
    return packet


def suggestion(job: str, event: Mapping[str, Any]) -> Iterator[Message]:
    """Say a suggestion: the line to pick it by first, then all that belongs to it.

    Parameters
    ----------
    job : str
        The id.
    event : mapping
        With ``n title why confidence file files measured chords notes moves``.

    Yields
    ------
    Message
        In the order of the table: file, measured, chord, notes and note, move, group.
    """
    head = (job, event["n"])
    words = (event[key] for key in ("title", "why", "file", "confidence"))
    yield Message("suggestion", (*head, *words))
    for role, path in event["files"].items():
        yield Message("file", (*head, role, path))
    for name, quantity in event["measured"].items():
        values = (quantity[key] for key in ("before", "after", "unit"))
        yield Message("measured", (*head, name, *values))
    for chord in event["chords"]:
        yield Message("chord", (*head, *_pick("chord", chord)))
    if event["notes"]:
        yield Message("notes", (*head, len(event["notes"])))
    for note in event["notes"]:
        yield Message("note", (*head, *_pick("note", note)))
    yield from _moves(head, event["moves"])


def datagrams(messages: Iterable[Message]) -> Iterator[bytes]:
    """Make packets of messages, notes bundled and everything else alone.

    Parameters
    ----------
    messages : iterable of Message
        In the order they are to arrive.

    Yields
    ------
    bytes
        One packet after the other, made when it is asked for, so that a long score can be sent
        without holding up what else there is to do.
    """
    waiting: list[bytes] = []
    size = len(_BUNDLE)
    for message in messages:
        packet = encode(message.word, *message.arguments)
        bundled = message.word == "note"
        if waiting and (not bundled or size + 4 + len(packet) > MAX_BUNDLE):
            yield _bundle(waiting)
            waiting, size = [], len(_BUNDLE)
        if bundled:
            waiting.append(packet)
            size += 4 + len(packet)
        else:
            yield packet
    if waiting:
        yield _bundle(waiting)


def _moves(head: tuple[str, int], moves: Iterable[Mapping[str, Any]]) -> Iterator[Message]:
    """Say the moves, then which of them belong together."""
    groups: dict[str, list[int]] = {}
    for index, move in enumerate(moves, 1):
        yield Message("move", (*head, index, *_pick("move", move)))
        if move["group"]:
            groups.setdefault(move["group"], []).append(index)
    for group, indices in groups.items():
        yield Message("group", (*head, group, *indices))


def _pick(word: str, event: Mapping[str, Any]) -> list[Any]:
    """Take what a message says out of an event, in the order of the table."""
    after = 3 if word == "move" else 2
    return [event[argument.name] for argument in OUT[word].required[after:]]


def _bundle(packets: Iterable[bytes]) -> bytes:
    """Bundle packets, to be read at once."""
    return _BUNDLE + b"".join([write_int(len(packet)) + packet for packet in packets])


def _write_name(argument: Argument, value: object) -> tuple[str, bytes]:
    """Write a string that would be wrong if it were cut."""
    return "s", write_string(_sendable(argument, value))


def _write_text(argument: Argument, value: object) -> tuple[str, bytes]:
    """Write a text, cut after a word where it is long."""
    text = _sendable(argument, value)
    data = text.encode()
    if len(data) > MAX_TEXT:
        short = data[: MAX_TEXT - 3].decode(errors="ignore")
        at_word = short.rpartition(" ")[0]
        text = (at_word if len(at_word) > len(short) // 2 else short) + "…"
    return "s", write_string(text)


def _sendable(argument: Argument, value: object) -> str:
    """Replace what OSC strings cannot hold: zeros, and halves of characters in file names."""
    if not isinstance(value, str):
        raise TypeError(f"{argument.name} is {value!r}, not a string")
    text = value if value.isascii() else value.encode(errors="replace").decode()
    return text.replace("\0", " ")


def _write_whole(argument: Argument, value: Any) -> tuple[str, bytes]:
    if not argument.low <= value <= argument.high or value != int(value):
        raise ValueError(f"{argument.name} is {value!r}, not a whole number in its range")
    return "i", write_int(int(value))


def _write_number(argument: Argument, value: Any) -> tuple[str, bytes]:
    number = float(value)
    if not abs(number) <= _MAX_FLOAT:
        raise ValueError(f"{argument.name} is {value!r}, not a finite number")
    return "f", write_float(number)


def _write_maybe(argument: Argument, value: Any) -> tuple[str, bytes]:
    """Write a number, or ``""`` where there is none: no number can be mistaken for it."""
    if value is None or not math.isfinite(value):
        return "s", write_string("")
    return _write_number(argument, value)


def _write_fact(argument: Argument, value: Any) -> tuple[str, bytes]:
    if isinstance(value, str):
        return _write_name(argument, value)
    return (_write_whole if isinstance(value, int) else _write_number)(argument, value)


_WRITERS: Mapping[str, Callable[[Argument, Any], tuple[str, bytes]]] = {
    "id": _write_name,
    "name": _write_name,
    "path": _write_name,
    "text": _write_text,
    "whole": _write_whole,
    "number": _write_number,
    "maybe": _write_maybe,
    "fact": _write_fact,
}
