from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from assistant import engine
from assistant.contract import Stage
from bridge.osc.calls import Call, decode
from bridge.osc.table import IN, OUT
from bridge.osc.thin import pack
from bridge.oscquery.nodes import Node, tree
from bridge.reserved import reserved

STAGES = engine.stages()
ROOT = tree(STAGES)
WORDS: dict[str, Node] = ROOT["CONTENTS"]["bandmate"]["CONTENTS"]


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for below in node.get("CONTENTS", {}).values():
        yield from nodes(below)


def test_a_node_is_what_the_proposal_asks_for() -> None:
    json.dumps(ROOT, allow_nan=False)
    for node in nodes(ROOT):
        assert node["FULL_PATH"].startswith("/")
        assert node["ACCESS"] in {0, 2}
        assert "CONTENTS" in node or "TYPE" in node
        if "TYPE" in node:
            assert set(node["TYPE"]) <= set("sifT")
            assert len(node["RANGE"]) == len(node["TYPE"])
            assert node["DESCRIPTION"]
        for name, below in node.get("CONTENTS", {}).items():
            assert below["FULL_PATH"] == f"{node['FULL_PATH'].rstrip('/')}/{name}"


def test_all_words_and_stages_are_there_and_no_others() -> None:
    assert set(WORDS) == {*IN, *OUT, *(stage.name for stage in STAGES)}


@pytest.mark.parametrize("name", sorted(IN))
def test_what_can_be_said_can_be_written(name: str) -> None:
    word, node = IN[name], WORDS[name]
    assert node["ACCESS"] == 2
    assert node["TYPE"] == word.tags.split(" [")[0].replace(" ", "")
    assert word.form in node["DESCRIPTION"]
    assert len(node.get("OVERLOADS", ())) == len(word.optional) + bool(word.repeated)


@pytest.mark.parametrize("name", sorted(set(OUT) - set(IN)))
def test_what_bandmate_says_is_described_only(name: str) -> None:
    assert WORDS[name]["ACCESS"] == 0
    assert OUT[name].about in WORDS[name]["DESCRIPTION"]


def test_what_a_type_says_is_understood() -> None:
    """Say each word as its node tells: the daemon takes it for what it is."""
    for name in IN:
        node = WORDS[name]
        for signature in (node, *node.get("OVERLOADS", ())):
            arguments = [
                _sample(tag, span)
                for tag, span in zip(signature["TYPE"], signature["RANGE"], strict=True)
            ]
            (call,) = decode(pack(node["FULL_PATH"], *arguments), engine.stage_names())
            assert isinstance(call, Call), call
            assert call.word == name


def _sample(tag: str, span: Node | None) -> str | int:
    if span and "VALS" in span:
        return str(span["VALS"][0])
    return int(span["MIN"]) if tag == "i" and span else "1"


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_holds_its_settings(stage: Stage) -> None:
    node = WORDS[stage.name]
    assert (node["TYPE"], node["ACCESS"]) == ("ss", 2)
    assert node["OVERLOADS"] == [{"TYPE": "ssss", "RANGE": [None] * 4}]
    knobs = {knob.name: knob for knob in (*stage.knobs, *reserved(stage))}
    assert set(node["CONTENTS"]) == set(knobs)
    for name, below in node["CONTENTS"].items():
        assert below["ACCESS"] == 0
        assert knobs[name].about in below["DESCRIPTION"]
        if knobs[name].kind == "choice":
            assert below["RANGE"] == [{"VALS": list(knobs[name].choices)}]
        assert below.get("UNIT", [""]) == [knobs[name].unit]


def test_a_number_says_its_ends_and_unit() -> None:
    loudness = WORDS["master"]["CONTENTS"]["loudness"]
    assert loudness["TYPE"] == "f"
    assert loudness["RANGE"] == [{"MIN": -36.0, "MAX": -5.0}]
    assert loudness["UNIT"] == ["LUFS"]
    assert "else -14" in loudness["DESCRIPTION"]
    assert WORDS["chords"]["CONTENTS"]["bars"]["TYPE"] == "i"
    assert WORDS["chords"]["CONTENTS"]["render"]["TYPE"] == "T"
