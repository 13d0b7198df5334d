"""Packets that came in -> what is asked, or why it cannot be understood."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pythonosc.osc_message import OscMessage

from assistant.errors import WordsError, did_you_mean
from bridge.osc import guard
from bridge.osc.float32 import shortest
from bridge.osc.grammar import PREFIX, Argument, Word
from bridge.osc.table import IN, OUT, STAGE

__all__ = ["Call", "Fault", "Value", "decode"]

Value: TypeAlias = str | int | float | bool | None

MAX_NAME = 128
"""Characters of an id, and of every other name."""
MAX_HINTS = 8
"""Faults of one packet that look for what was meant: comparing words is what takes time."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a message asks; a field that its word does not have keeps its default.

    Parameters
    ----------
    word : str
        Name of the message in the table, ``"ask"`` for a request to a stage.
    id : str
        As the asker chose it; a number came as its digits.
    stage : str
        Of ``ask`` and ``presets``.
    path : str
        Of ``ask``, as the asker wrote it.
    settings : mapping of str to Value
        Of ``ask``: names and values as they came, ``preset``, ``seed``, ``count``, ``out`` and
        ``report`` too.
    n : int
        Which suggestion, from 1.
    moves : tuple of int
        Of ``accept`` and ``taken``, from 1; empty means all.
    reply_port : int
        Of ``hello``; 0 is the port that asked.
    client : str
        Of ``hello``.
    action : str
        Of ``capture``: ``start`` or ``stop``.
    bar : int
        Of ``play``, from 1.
    name : str
        Of ``daw`` and ``unlink``.
    port : int
        Of ``daw``; 0 is its usual one.
    """

    word: str
    id: str
    stage: str = ""
    path: str = ""
    settings: Mapping[str, Value] = field(default_factory=dict)
    n: int = 0
    moves: tuple[int, ...] = ()
    reply_port: int = 0
    client: str = ""
    action: str = ""
    bar: int = 1
    name: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message cannot be understood; all that ``/bandmate/error`` needs.

    Parameters
    ----------
    id : str
        Where it could be read, else ``""``.
    text : str
        What was seen and what would be right.
    """

    id: str
    text: str
    code: str = WordsError.code


def decode(
    packet: bytes, stages: Collection[str], limit: int = guard.MAX_DATAGRAM
) -> Iterator[Call | Fault]:
    """Understand a packet.

    Parameters
    ----------
    packet : bytes
        As it came; anything.
    stages : collection of str
        Names of the stages there are.
    limit : int
        Most bytes the packet may have.

    Yields
    ------
    Call or Fault
        One for each message in the packet, in order; a packet that is no proper OSC is one fault.
        Nothing for what bandmate itself says: an echo is not answered, or two daemons that hear
        each other would never fall silent.
    """
    try:
        messages = guard.split(packet, limit)
    except WordsError as error:
        yield Fault(_id(guard.readable_id(packet)), str(error))
        return
    faults = 0
    for each in messages:
        message = OscMessage(each)
        address, values = message.address, message.params
        if _is_echo(address, values):
            continue
        try:
            yield _call(address, values, stages, hint=faults < MAX_HINTS)
        except WordsError as error:
            faults += 1
            yield Fault(_id(values[0] if values else ""), str(error))


def _is_echo(address: str, values: list[Any]) -> bool:
    """Tell whether bandmate said this: an address of its own with all its arguments."""
    name = address.removeprefix(PREFIX)
    word = None if name in IN else OUT.get(name)
    most = len(word.required) + len(word.optional) if word else 0
    return word is not None and len(word.required) <= len(values) <= most


def _call(address: str, values: list[Any], stages: Collection[str], *, hint: bool) -> Call:
    name = address.removeprefix(PREFIX)
    if address == name or (name not in IN and name not in stages):
        near = did_you_mean(address.rpartition("/")[2], {*IN, *stages}) if hint else ""
        raise WordsError(f"There is no address {address!r}.{near}")
    if name in IN:
        return _command(IN[name], values)
    try:
        return _ask(name, values)
    except WordsError as error:
        raise _with_form(error, STAGE.form.replace("<stage>", name)) from None


def _command(word: Word, values: list[Any]) -> Call:
    """Read a message that is not for a stage."""
    try:
        _check_count(word, values)
        single = (*word.required, *word.optional)
        read = {said.name: _read(said, value) for said, value in zip(single, values, strict=False)}
        if word.repeated:
            (argument,) = word.repeated
            read["moves"] = tuple(_read(argument, value) for value in values[len(single) :])
    except WordsError as error:
        raise _with_form(error, word.form) from None
    return Call(word.name, **read)


def _ask(stage: str, values: list[Any]) -> Call:
    """Read a request to a stage: id, path, and settings as names and values."""
    _check_count(STAGE, values)
    job, path = _read_id(STAGE.required[0], values[0]), _read_path(STAGE.required[1], values[1])
    if len(values) % 2:
        raise WordsError(f"The last setting, {str(values[-1])[:80]!r}, has no value.")
    settings: dict[str, Value] = {}
    for name, value in zip(values[2::2], values[3::2], strict=True):
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not name.isprintable():
            raise WordsError(f"The name of a setting is {_seen(name)}; it takes a plain word.")
        if name in settings:
            raise WordsError(f"The setting {name!r} is said twice.")
        settings[name] = shortest(value) if isinstance(value, float) else value
    return Call("ask", job, stage, path, settings)


def _with_form(error: WordsError, form: str) -> WordsError:
    return WordsError(f"{error} It is written: {form}")


def _check_count(word: Word, values: list[Any]) -> None:
    low = len(word.required)
    most = math.inf if word.repeated else low + len(word.optional)
    if not low <= len(values) <= most:
        raise WordsError(f"Too {'few' if len(values) < low else 'many'} arguments: {len(values)}.")


def _read(argument: Argument, value: Any) -> Any:
    """Read one argument as the table says; a client's floats and strings may stand for numbers."""
    return _READERS[argument.kind](argument, value)


def _read_id(argument: Argument, value: Any) -> str:
    job = _id(value)
    if not job:
        raise _refuse(argument, value, f"a string of 1 to {MAX_NAME} printable characters")
    return job


def _read_name(argument: Argument, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME or not value.isprintable():
        raise _refuse(argument, value, f"at most {MAX_NAME} printable characters")
    if argument.choices and value not in argument.choices:
        raise _refuse(argument, value, " or ".join(argument.choices))
    return value


def _read_path(argument: Argument, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse(argument, value, 'a string, "" where there is none')
    return value


def _read_whole(argument: Argument, value: Any) -> int:
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        number = math.nan
    if not argument.low <= number <= argument.high or number != int(number):
        most = f" to {argument.high}" if argument.high < 2**31 - 1 else ""
        raise _refuse(argument, value, f"a whole number from {argument.low}{most}")
    return int(number)


_READERS: Mapping[str, Callable[[Argument, Any], Any]] = {
    "id": _read_id,
    "name": _read_name,
    "path": _read_path,
    "whole": _read_whole,
}


def _id(value: object) -> str:
    """Make an id of a first argument, ``""`` where none can be made; 7 and 7.0 are ``"7"``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_NAME or not value.isprintable():
        return ""
    return value


def _refuse(argument: Argument, value: object, right: str) -> WordsError:
    return WordsError(f"{argument.name} is {_seen(value)}; it takes {right}.")


def _seen(value: object) -> str:
    return repr(value[:80]) if isinstance(value, str) else f"{value}"
