"""What a stage may be asked with, as JSON Schema; made of what it declares."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from assistant.contract import Knob, Stage
from assistant.material import note_name
from assistant.settings import MAX_ITEMS, MAX_TEXT
from bridge.order import MAX_PRESETS
from bridge.reserved import reserved

__all__ = ["Schema", "knob_schema", "stage_schema"]

Schema: TypeAlias = dict[str, Any]

_WHOLE_PATH = "the whole path, from / or ~ on"


def stage_schema(stage: Stage) -> Schema:
    """Describe what a stage takes.

    Parameters
    ----------
    stage : Stage
        As it was found.

    Returns
    -------
    dict
        A JSON Schema of an object: ``path``, the settings, the reserved words.
    """
    path = {"type": "string", "description": f"takes {stage.diet}; {_WHOLE_PATH}"}
    words = {knob.name: knob_schema(knob) for knob in (*stage.knobs, *reserved(stage))}
    if "preset" in words:
        words["preset"] = _presets(words["preset"])
    out = words["out"]
    words["out"] = {**out, "description": f"{out['description']}; {_WHOLE_PATH}"}
    required = {"required": ["path"]} if stage.needs_file else {}
    return {
        "type": "object",
        "properties": {"path": path, **words},
        **required,
        "additionalProperties": False,
    }


def knob_schema(knob: Knob) -> Schema:
    """Describe one setting.

    Parameters
    ----------
    knob : Knob
        As it is declared.

    Returns
    -------
    dict
        A JSON Schema; its description says what the setting is for, and in which unit it is.
    """
    about = f"{knob.about} ({knob.unit})" if knob.unit else knob.about
    hint = _HINTS.get(knob.kind)
    about = f"{about}; {hint}" if hint else about
    said = knob.default not in {None, "", ()} and knob.kind != "material"
    default = {"default": _plain(knob)} if said else {}
    return {**_KINDS[knob.kind](knob), **default, "description": about}


def _presets(one: Schema) -> Schema:
    """Let several presets be named, too."""
    about = {"description": f"{one['description']}; several: one suggestion for each"}
    if not one["enum"]:
        return {"type": "string", **about}
    names = {"enum": one["enum"]}
    several = {"type": "array", "items": names, "maxItems": MAX_PRESETS}
    return {"anyOf": [{"type": "string", **names}, several], **about}


def _plain(knob: Knob) -> object:
    if knob.kind == "note" and isinstance(knob.default, float):
        return note_name(knob.default)
    return list(knob.default) if isinstance(knob.default, tuple) else knob.default


def _number(knob: Knob) -> Schema:
    ends = {"minimum": knob.low, "maximum": knob.high}
    kept = {name: end for name, end in ends.items() if math.isfinite(end)}
    return {"type": "integer" if knob.whole else "number", **kept}


def _choice(knob: Knob) -> Schema:
    return {"type": "string", "enum": list(knob.choices)}


def _flag(_: Knob) -> Schema:
    return {"type": "boolean"}


def _text(knob: Knob) -> Schema:
    most = int(knob.high) if math.isfinite(knob.high) else MAX_TEXT
    return {"type": "string", "maxLength": most}


def _note(knob: Knob) -> Schema:
    spelled = {"type": "string", "pattern": "^[A-Ga-g]"}
    return {"anyOf": [spelled, {"type": "number", "minimum": knob.low, "maximum": knob.high}]}


def _range(_: Knob) -> Schema:
    return {"type": "string", "pattern": "^[0-9]+(-[0-9]+)?$"}


def _list(knob: Knob) -> Schema:
    numbers = math.isfinite(knob.low) or math.isfinite(knob.high)
    one = _number(knob) if numbers else _choice(knob) if knob.choices else {"type": "string"}
    return {"type": "array", "items": one, "maxItems": MAX_ITEMS}


def _material(_: Knob) -> Schema:
    return {"type": "string"}


_HINTS = {"material": _WHOLE_PATH, "note": "a note such as C#4, or a MIDI number"}

_KINDS: Mapping[str, Callable[[Knob], Schema]] = {
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "text": _text,
    "note": _note,
    "range": _range,
    "list": _list,
    "material": _material,
}
