"""The messages and the settings as a tree of OSCQuery nodes (OSCQueryProposal by Vidvox, 1.0).

A request is a method that can be written (``ACCESS`` 2). What bandmate itself says, and the
settings below each stage, are described but are no addresses to send to (``ACCESS`` 0): a setting
is said to its stage, as a name and a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from assistant.contract import Knob, Stage
from bridge.osc.grammar import PREFIX, Argument, Word
from bridge.osc.table import IN, OUT, STAGE
from bridge.reserved import reserved

__all__ = ["Node", "tree"]

Node: TypeAlias = dict[str, Any]

ROOT = PREFIX.rstrip("/")
_DESCRIBED, _WRITTEN = 0, 2
_ARGUMENTS = {"whole": "i", "number": "f"}
_KNOBS = {"flag": "T", "note": "f"}


def tree(stages: Iterable[Stage]) -> Node:
    """Describe all addresses.

    Parameters
    ----------
    stages : iterable of Stage
        Those there are.

    Returns
    -------
    dict
        The root node with all below it.
    """
    said = {word.name: _said(word) for word in OUT.values()}
    heard = {word.name: _heard(word) for word in IN.values()}
    asked = {stage.name: _stage(stage) for stage in stages}
    # `status` is asked and answered under one name; who looks here wants to ask.
    bandmate = _container(ROOT, {**said, **asked, **heard})
    return _container("/", {ROOT.strip("/"): bandmate})


def _container(path: str, contents: Mapping[str, Node]) -> Node:
    return {"FULL_PATH": path, "ACCESS": _DESCRIBED, "CONTENTS": dict(contents)}


def _heard(word: Word) -> Node:
    about = f"{word.about} ({word.form})"
    return {**_method(word), "ACCESS": _WRITTEN, "DESCRIPTION": about, "TAGS": ["heard"]}


def _said(word: Word) -> Node:
    about = f"bandmate says: {word.about} ({word.form})"
    return {**_method(word), "ACCESS": _DESCRIBED, "DESCRIPTION": about, "TAGS": ["said"]}


def _method(word: Word) -> Node:
    """Describe what a word takes; more arguments than it needs are overloads."""
    longer = [word.optional[: n + 1] for n in range(len(word.optional))]
    if word.repeated:
        longer.append((*word.optional, *word.repeated))
    overloads = [_signature((*word.required, *more)) for more in longer]
    return {
        "FULL_PATH": word.address,
        **_signature(word.required),
        **({"OVERLOADS": overloads} if overloads else {}),
    }


def _signature(arguments: Sequence[Argument]) -> Node:
    """Describe arguments; a value of any type may always be said as a string."""
    return {
        "TYPE": "".join(_ARGUMENTS.get(one.kind, "s") for one in arguments),
        "RANGE": [_argument_range(one) for one in arguments],
    }


def _argument_range(argument: Argument) -> Node | None:
    if argument.choices:
        return {"VALS": list(argument.choices)}
    if argument.kind == "whole":
        return {"MIN": argument.low, "MAX": argument.high}
    return None


def _stage(stage: Stage) -> Node:
    """Describe a request to a stage, and below it what it can be asked with."""
    path = PREFIX + stage.name
    form = STAGE.form.replace(STAGE.name, stage.name)
    return {
        **_method(STAGE),
        "FULL_PATH": path,
        "ACCESS": _WRITTEN,
        "DESCRIPTION": f"{stage.about} It takes {stage.diet}. ({form})",
        "TAGS": ["heard", "stage"],
        "CONTENTS": {knob.name: _knob(path, knob) for knob in (*stage.knobs, *reserved(stage))},
    }


def _knob(path: str, knob: Knob) -> Node:
    said = f'{knob.about}; {knob.span}; say it to {path} as "{knob.name}" and a value'
    usual = f"; else {knob.usual}" if knob.usual else ""
    unit = {"UNIT": [knob.unit]} if knob.unit else {}
    return {
        "FULL_PATH": f"{path}/{knob.name}",
        "TYPE": _knob_type(knob),
        "ACCESS": _DESCRIBED,
        "RANGE": [_knob_range(knob)],
        **unit,
        "DESCRIPTION": said + usual,
        "TAGS": ["setting"],
    }


def _knob_type(knob: Knob) -> str:
    if knob.kind == "number":
        return "i" if knob.whole else "f"
    return _KNOBS.get(knob.kind, "s")


def _knob_range(knob: Knob) -> Node | None:
    if knob.kind == "choice":
        return {"VALS": list(knob.choices)}
    if knob.kind not in {"number", "note"}:
        return None
    ends = {"MIN": knob.low, "MAX": knob.high}
    return {name: end for name, end in ends.items() if math.isfinite(end)} or None
