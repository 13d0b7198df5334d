"""An answer in a musician's words, for an assistant to read out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

__all__ = ["Answer", "brief", "metered", "sayable", "summary"]

Answer: TypeAlias = dict[str, Any]
"""The JSON of ``bandmate <command> --json``."""

MAX_MOVES = 12
MAX_NOTES = 64
"""A song's notes fill what an assistant can keep in mind; they are in the file."""

T = TypeVar("T")


def summary(answer: Answer) -> str:
    """Say what a stage suggests.

    Parameters
    ----------
    answer : dict
        The JSON of ``bandmate <stage> --json``, with ``error`` where something could not be done.

    Returns
    -------
    str
        Lines of plain text.
    """
    lines: list[str] = []
    for suggestion in answer.get("suggestions", ()):
        lines += _suggestion(suggestion)
    if "error" in answer:
        lines.append(answer["error"]["text"])
    return "\n".join(lines) or f"{answer['stage']} has nothing to suggest here."


def brief(answer: Answer) -> Answer:
    """Leave out the notes of a suggestion that has many; ``note_count`` is then how many.

    Parameters
    ----------
    answer : dict
        The JSON of ``bandmate <stage> --json``.

    Returns
    -------
    dict
        The same, shorter.
    """
    if "suggestions" not in answer:
        return answer
    return {**answer, "suggestions": [_brief(one) for one in answer["suggestions"]]}


def sayable(said: T) -> T:
    """Put ``?`` for half characters: a file may be called what no JSON of UTF-8 can carry.

    Parameters
    ----------
    said : str, list or dict
        What JSON can hold.

    Returns
    -------
    str, list or dict
        The same otherwise.
    """
    whole: T = json.loads(
        json.dumps(said, ensure_ascii=False, default=str).encode(errors="replace")
    )
    return whole


def metered(answer: Answer) -> str:
    """Say how loud files are.

    Parameters
    ----------
    answer : dict
        The JSON of ``bandmate meter --json``.

    Returns
    -------
    str
        One line for each file.
    """
    if "error" in answer:
        return str(answer["error"]["text"])
    shown = (
        f"{row['file']}: {_figure(row['integrated'])} LUFS, {_figure(row['true_peak'])} dBTP,"
        f" loudness range {_figure(row['loudness_range'])} LU"
        for row in answer["files"]
    )
    return "\n".join(shown)


def _brief(one: Mapping[str, Any]) -> Answer:
    if len(one["notes"]) <= MAX_NOTES:
        return dict(one)
    rest = {name: value for name, value in one.items() if name != "notes"}
    return {**rest, "note_count": len(one["notes"])}


def _suggestion(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"{one['n']}. {one['title']}"
    yield f"   {one['why']}"
    if one["chords"]:
        chords = (f"{each['start']:g} {each['symbol']} ({each['roman']})" for each in one["chords"])
        yield f"   chords, by beat: {', '.join(chords)}"
    if one["notes"]:
        yield f"   {len(one['notes'])} notes"
    for name, quantity in one["measured"].items():
        before, after = _figure(quantity["before"]), _figure(quantity["after"])
        yield f"   {name.replace('_', ' ')}: {before} -> {after} {quantity['unit']}".rstrip()
    yield from _moves(one["moves"])
    for role, path in {"main": one["file"], **one["files"]}.items():
        if path:
            yield f"   {role}: {path}"


def _moves(moves: list[Mapping[str, Any]]) -> Iterator[str]:
    if moves:
        yield "   to do in the DAW, nothing is done yet:"
    for move in moves[:MAX_MOVES]:
        value = f"{move['value']:+g}" if move["mode"] == "change" else f"{move['value']:g}"
        named = f"{move['target']} {move['parameter']} {value} {move['unit']}".rstrip()
        yield f"   - {named}: {move['why']}"
    if len(moves) > MAX_MOVES:
        yield f"   - and {len(moves) - MAX_MOVES} more"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:z.2f}"
