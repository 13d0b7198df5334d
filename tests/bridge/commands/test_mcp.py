from __future__ import annotations

import importlib.util

import pytest

from assistant.errors import MusicianError, SettingError
from bridge import places
from bridge.commands import mcp


def test_without_the_sdk_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MusicianError, match=r"pipx inject bandmate 'mcp>=2.3,<3'") as error:
        mcp.main([])
    assert "\n" not in str(error.value)


def test_the_token_is_shown_without_the_sdk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert mcp.main(["--token"]) == 0
    assert capsys.readouterr().out == places.token().read_text()


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(SettingError, match="Did you mean '--http'"):
        mcp.main(["--htp"])
