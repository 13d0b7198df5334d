from __future__ import annotations

import json
from typing import Any

import pytest

from assistant import engine
from bridge.oscquery.nodes import tree
from bridge.oscquery.query import answers


def ask(target: str) -> tuple[int, Any]:
    status, body = answers(9510)(target)
    return status, json.loads(body) if body else None


def test_the_root_is_the_whole_tree() -> None:
    assert ask("/") == (200, json.loads(json.dumps(tree(engine.stages()))))


def test_a_preset_whose_name_is_no_text_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.presets.names", lambda _: ("\udcff", "loud"))
    status, node = ask("/bandmate/master/preset")
    assert status == 200
    assert node["RANGE"] == [{"VALS": ["?", "loud"]}]


def test_a_path_is_its_node_with_all_below() -> None:
    status, node = ask("/bandmate/master")
    assert status == 200
    assert node["FULL_PATH"] == "/bandmate/master"
    assert "loudness" in node["CONTENTS"]
    assert ask("/bandmate/master/") == (status, node)
    assert ask("/%62andmate/master") == (status, node)


@pytest.mark.parametrize("path", ["/", "/bandmate/master", "/none"])
def test_the_host_says_where_osc_goes(path: str) -> None:
    status, host = ask(f"{path}?HOST_INFO")
    assert status == 200
    assert (host["OSC_IP"], host["OSC_PORT"], host["OSC_TRANSPORT"]) == ("127.0.0.1", 9510, "UDP")
    assert host["EXTENSIONS"]["RANGE"] is True
    assert host["EXTENSIONS"]["VALUE"] is host["EXTENSIONS"]["LISTEN"] is False


def test_an_attribute_comes_alone() -> None:
    assert ask("/bandmate/cancel?TYPE") == (200, {"TYPE": "s"})
    (span,) = ask("/bandmate/master/loudness?RANGE")[1]["RANGE"]
    assert span == {"MIN": -36.0, "MAX": -5.0}
    assert ask("/bandmate/cancel?TYPE#fragment") == (200, {"TYPE": "s"})


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/bandmate?TYPE", 204),  # a container has none
        ("/bandmate/cancel?CONTENTS", 204),
        ("/bandmate/cancel?VALUE", 400),
        ("/bandmate/cancel?type", 400),
        ("/bandmate/cancel?TYPE&RANGE", 400),
        ("/bandmate/nothing", 404),
        ("/bandmate/nothing?TYPE", 404),
        ("/bandmate/cancel/id", 404),
        ("/CONTENTS/bandmate", 404),
        ("/../../etc/passwd", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/bandmate/..", 404),
        ("/bandmate%00", 404),
        ("/%ff%fe", 404),
        ("/" + "a/" * 4000, 404),
    ],
)
def test_what_is_not_there_is_said(target: str, status: int) -> None:
    assert ask(target) == (status, None)
