"""Replies that a client heard -> the suggestions that were said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from bridge.osc.thin import Said

__all__ = ["Suggestions", "add"]

Suggestions: TypeAlias = dict[int, dict[str, Any]]
"""By ``n``, each as ``--json`` prints it."""

_LISTS = {
    "chord": ("chords", ("start", "length", "symbol", "roman", "why")),
    "note": ("notes", ("track", "pitch", "start", "length", "velocity")),
    "move": ("moves", ("index", "target", "parameter", "value", "unit", "mode", "why")),
}


def add(suggestions: Suggestions, word: str, arguments: Sequence[Said]) -> None:
    """Add what a message says to the suggestion that it belongs to.

    Parameters
    ----------
    suggestions : dict
        What was heard so far; grows.
    word : str
        Name of the message; those that belong to no suggestion change nothing.
    arguments : sequence
        As the table says.

    Raises
    ------
    ValueError
        Where the arguments are fewer or more than the table says.
    """
    if word == "suggestion":
        _, n, title, why, path, confidence = arguments
        suggestions[int(n or 0)] = {
            "n": n,
            "title": title,
            "why": why,
            "confidence": confidence,
            "file": path,
            "files": {},
            "measured": {},
            "chords": [],
            "notes": [],
            "moves": [],
        }
    elif word in {"file", "measured", "group", *_LISTS}:
        _, n, *rest = arguments
        _add_part(suggestions[int(n or 0)], word, rest)


def _add_part(suggestion: dict[str, Any], word: str, rest: list[Any]) -> None:
    if word == "file":
        role, path = rest
        suggestion["files"][role] = path
    elif word == "measured":
        name, before, after, unit = rest
        quantity = {"before": _maybe(before), "after": _maybe(after), "unit": unit}
        suggestion["measured"][name] = quantity
    elif word == "group":
        group, *indices = rest
        for index in indices:
            suggestion["moves"][index - 1]["group"] = group
    else:
        key, names = _LISTS[word]
        suggestion[key].append(dict(zip(names, rest, strict=True)))
        if word == "move":
            suggestion[key][-1]["group"] = ""
            del suggestion[key][-1]["index"]


def _maybe(number: Said) -> Said:
    """Turn the ``""`` that stands for no number into None."""
    return None if number == "" else number
