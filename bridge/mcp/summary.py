"""An answer in a musician's words, for an assistant to read out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

__all__ = ["Answer", "metered", "summary"]

Answer: TypeAlias = dict[str, Any]
"""The JSON of ``bandmate <command> --json``."""

MAX_MOVES = 12


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
