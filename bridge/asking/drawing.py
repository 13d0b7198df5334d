"""Answers as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bridge.asking.terminal import complain

__all__ = ["Line", "drawn"]

_WIDTH = 78


class Line:
    """One line on stderr that says how far things are.

    Parameters
    ----------
    quiet : bool
        Draws nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def progress(self, fraction: float, doing: str) -> None:
        """Draw how far things are."""
        self._draw(f"{fraction:4.0%} {doing}")

    def clear(self) -> None:
        """Take the line away."""
        self._draw("")

    def _draw(self, text: str) -> None:
        if not self._quiet:
            complain(f"\r{text[:_WIDTH]:{_WIDTH}}\r")


def drawn(answer: dict[str, Any]) -> Iterator[str]:
    """Show an answer to a person, line by line."""
    if "suggestions" in answer:
        yield from _suggestions(str(answer.get("stage", answer.get("word"))), answer["suggestions"])
        if "stage" in answer and answer["suggestions"]:
            yield f"\njob: {answer['job']}\n"
        return
    told = {name: value for name, value in answer.items() if name not in {"word", "job"}}
    for name, value in told.items():
        if isinstance(value, dict):
            yield from (f"{key}: {_word(each)}\n" for key, each in value.items())
        elif isinstance(value, list):
            yield from ("  ".join(map(_word, one.values())) + "\n" for one in value)
        else:
            yield f"{name.replace('_', ' ')}: {_word(value)}\n"
    if not told:
        yield f"{answer['word']}: done\n"


def _word(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else f"{value}"


def _suggestions(stage: str, suggestions: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not suggestions:
        yield f"{stage} has nothing to suggest here.\n"
    for one in suggestions:
        yield f"\n{one['n']}. {one['title']}\n   {one['why']}\n"
        for chord in one["chords"]:
            place = f"beat {chord['start']:>5g}  {chord['symbol']:<9}{chord['roman']:<9}"
            yield f"   {place}{chord['why']}\n"
        yield from _moves(one["moves"])
        for name, quantity in one["measured"].items():
            before, after = _figure(quantity["before"]), _figure(quantity["after"])
            yield f"   {name.replace('_', ' '):<16}{before:>9} -> {after:>9} {quantity['unit']}\n"
        for role, path in {"main": one["file"], **one["files"]}.items():
            yield f"   {role}: {path}\n" if path else ""


def _moves(moves: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Show the moves that belong together in one line each."""
    lines: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        turned = f"{move['parameter']} {_word(move['value'])} {move['unit']}".rstrip()
        lines.setdefault((move["target"], move["group"]), []).append(turned)
    for (target, group), turns in lines.items():
        name = f"{target} ({group})" if group else target
        yield f"   {name}: {', '.join(turns)}\n"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:z.2f}"
