from __future__ import annotations

import pytest

from bridge.dawproject import tree
from bridge.dawproject.tree import grown
from bridge.sound.flaws import Flaw

ENTITY = '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Project version="&b;"/>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ENTITY.encode(), "document type"),
        (ENTITY.encode("utf-16"), "not in UTF-8"),
        (ENTITY.encode("utf-16-be"), "not in UTF-8"),
        (b'<?xml version="1.0" encoding="UTF-7"?><Project>+ADw-</Project', "broken project.xml"),
        (b'<Project version="&undefined;"/>', "broken project.xml"),
        (b"<Project>", "broken project.xml"),
        (b"", "broken project.xml"),
        (b"<Projekt/>", "another kind"),
        (b'<Project version="2.1"/>', r"version '2\.1'; version 1 is read"),
        (b"<Project>" + b"<Lanes>" * 100 + b"</Lanes>" * 100 + b"</Project>", "over 64 deep"),
    ],
)
def test_hostile_xml_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Flaw, match=said):
        grown(data)


def test_too_much_xml_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_ELEMENTS", 100)
    assert len(grown(b"<Project>" + b"<Note/>" * 99 + b"</Project>")) == 99
    with pytest.raises(Flaw, match="more than 100 things"):
        grown(b"<Project>" + b"<Note/>" * 100 + b"</Project>")
