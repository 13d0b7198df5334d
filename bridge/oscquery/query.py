"""Answers to OSCQuery: a path is a node, ``?NAME`` one attribute of it, ``?HOST_INFO`` the host.

No token is asked for. All there is to read are the messages, the settings, and the names of
presets, which `/bandmate/stages` and `/bandmate/presets` tell every program on this machine anyway;
nothing of what was asked or made is here, and nothing can be done from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from assistant import engine
from bridge.oscquery.nodes import Node, tree
from bridge.ports.web import HOST, Reply

__all__ = ["answers"]

_HOST_INFO = "HOST_INFO"
_EXTENSIONS = {
    "ACCESS": True, "VALUE": False, "RANGE": True, "DESCRIPTION": True, "TAGS": True,
    "UNIT": True, "OVERLOADS": True, "CLIPMODE": False, "EXTENDED_TYPE": False, "CRITICAL": False,
    "LISTEN": False, "PATH_CHANGED": False,
}  # fmt: skip
_ATTRIBUTES = {"FULL_PATH", "CONTENTS", "TYPE"} | {
    name for name, known in _EXTENSIONS.items() if known
}


def answers(osc_port: int) -> Callable[[str], Reply]:
    """Make what answers requests.

    Parameters
    ----------
    osc_port : int
        Where bandmate listens for OSC.

    Returns
    -------
    callable
        Takes a path with its query, as it was sent.
    """
    host = {
        "NAME": "bandmate",
        "EXTENSIONS": _EXTENSIONS,
        "OSC_IP": HOST,
        "OSC_PORT": osc_port,
        "OSC_TRANSPORT": "UDP",
    }

    def answer(target: str) -> Reply:
        path, _, query = target.partition("?")
        attribute = query.partition("#")[0]
        if attribute == _HOST_INFO:
            return _said(host)
        node = _find(tree(engine.stages()), unquote(path))
        if node is None:
            return Reply(404)
        if not attribute:
            return _said(node)
        return _attribute(node, attribute)

    return answer


def _find(root: Node, path: str) -> Node | None:
    """Walk down from the root; ``..`` is a name like any other, and nobody has it."""
    node = root
    for name in filter(None, path.split("/")):
        if name not in node.get("CONTENTS", {}):
            return None
        node = node["CONTENTS"][name]
    return node


def _attribute(node: Node, name: str) -> Reply:
    """Answer with one attribute: 400 where nobody knows it, 204 where this node has none."""
    if name not in _ATTRIBUTES:
        return Reply(400)
    return _said({name: node[name]}) if name in node else Reply(204)


def _said(what: dict[str, Any]) -> Reply:
    return Reply(
        200, json.dumps(what, ensure_ascii=False, allow_nan=False).encode(errors="replace")
    )
