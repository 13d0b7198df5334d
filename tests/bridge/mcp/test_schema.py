from __future__ import annotations

import math

import jsonschema
import pytest

from assistant import engine
from assistant.contract import Knob, Stage
from assistant.errors import SettingError
from assistant.material import Audio
from assistant.settings import RESERVED
from bridge import presets
from bridge.mcp.schema import Schema, knob_schema, stage_schema
from tests.bridge.mcp.doors import DUMMIES

engine.add_stages(DUMMIES)
STAGES = engine.stages()
KNOBS = [(stage, knob) for stage in STAGES for knob in stage.knobs]


def valid(value: object, schema: Schema) -> bool:
    checker = jsonschema.Draft202012Validator(schema)
    return bool(checker.is_valid(value))


def named(one: object) -> str:
    return one.name if isinstance(one, Stage | Knob) else ""


@pytest.mark.parametrize("stage", STAGES, ids=named)
def test_a_schema_holds_all_that_can_be_asked(stage: Stage) -> None:
    schema = stage_schema(stage)
    jsonschema.Draft202012Validator.check_schema(schema)
    never = {
        *(() if stage.draws else ("report",)),
        *(() if Audio in stage.takes else ("cut", "right")),
    }
    wanted = {"path", *(knob.name for knob in stage.knobs), *(RESERVED - never)}
    assert set(schema["properties"]) == wanted
    assert schema.get("required", []) == (["path"] if stage.needs_file else [])
    assert not valid({"path": "/a.wav", "cieling": 1}, schema)
    paths = {"path", "out", *(knob.name for knob in stage.knobs if knob.kind == "material")}
    for name in paths:
        assert "whole path" in schema["properties"][name]["description"]


@pytest.mark.parametrize("stage", STAGES, ids=named)
def test_what_a_schema_calls_the_default_is_asked_by_it(stage: Stage) -> None:
    for name, schema in stage_schema(stage)["properties"].items():
        assert schema["description"]
        if "default" in schema:
            assert valid(schema["default"], schema), name


@pytest.mark.parametrize(("stage", "knob"), KNOBS, ids=named)
def test_a_schema_takes_what_its_setting_takes(stage: Stage, knob: Knob) -> None:
    schema = knob_schema(knob)
    for value in _good(knob):
        assert valid(value, schema), value
        knob.parse(value)
    for value in _bad(knob):
        assert not valid(value, schema), value
        with pytest.raises(SettingError):
            knob.parse(value)
    assert ("default" in schema) == (knob.default not in {None, "", ()} and knob.kind != "material")
    assert knob.unit in schema["description"]


def _good(knob: Knob) -> list[object]:
    ends: list[object] = [end for end in (knob.low, knob.high) if math.isfinite(end)]
    values: dict[str, list[object]] = {
        "number": ends,
        "note": [*ends, "E4"],
        "choice": list(knob.choices),
        "flag": [True, False],
        "text": ["words"],
        "range": ["3", "3-4"],
        "list": [list(knob.choices[:2]), []],
        "material": [],  # its path is read by the bridge
    }
    return values[knob.kind]


def _bad(knob: Knob) -> list[object]:
    beyond = [end for end in (knob.low - 1, knob.high + 1) if math.isfinite(end)]
    values: dict[str, list[object]] = {
        "number": [*beyond, True],
        "note": [*beyond, True],
        "choice": ["none such", 3.5],
        "flag": ["perhaps"],
        "text": ["x" * 30_000],
        "range": ["all", "3-x"],
        "list": [{"a": 1}, [["a"]]],
        "material": [3],
    }
    return values[knob.kind]


def test_presets_are_those_on_the_shelf_and_several_are_asked_at_once() -> None:
    schema = stage_schema(engine.stage("master"))["properties"]["preset"]
    one, several = schema["anyOf"]
    assert one["enum"] == list(presets.names("master")) == several["items"]["enum"]
    assert valid(["spotify", "youtube"], schema)
    assert not valid("spotty", schema)


def test_a_stage_without_presets_names_none() -> None:
    assert "anyOf" not in stage_schema(engine.stage("dummy"))["properties"]["preset"]


def test_numbers_say_their_unit_and_notes_their_name() -> None:
    loudness = stage_schema(engine.stage("master"))["properties"]["loudness"]
    assert loudness == {
        "type": "number",
        "minimum": -36.0,
        "maximum": -5.0,
        "default": -14.0,
        "description": "integrated loudness to reach (LUFS)",
    }
    low = Knob("low", "note", 52.0, "lowest note", low=36.0, high=96.0)
    assert knob_schema(low)["default"] == "E3"
    list_ = Knob("at", "list", (1.0,), "places", low=0.0, high=9.0)
    assert valid([0, 9], knob_schema(list_))
    assert not valid([10], knob_schema(list_))
