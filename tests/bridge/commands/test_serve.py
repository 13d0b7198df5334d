from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.errors import MusicianError
from bridge import daemon
from bridge.commands import serve
from bridge.daw_desk import DawDesk


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[daemon.Config]:
    """Keep how a daemon would be run, instead of running it."""
    kept: list[daemon.Config] = []

    async def keep(config: daemon.Config) -> int:
        kept.append(config)
        return 0

    monkeypatch.setenv("BANDMATE_HOME", str(tmp_path))
    monkeypatch.setattr(daemon, "serve", keep)
    return kept


def test_daws_are_named_with_or_without_a_port(configured: list[daemon.Config]) -> None:
    assert serve.main(["--daw", "live", "--daw", "reaper:8123"]) == 0
    assert configured[0].daws == (("live", 0), ("reaper", 8123))
    assert serve.main([]) == 0
    assert configured[1].daws == ()


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("lvie", "Did you mean 'live'"),
        ("live:", "NAME or NAME:PORT"),
        ("live:0", "NAME or NAME:PORT"),
        ("live:70000", "NAME or NAME:PORT"),
        ("live:port", "NAME or NAME:PORT"),
    ],
)
def test_a_daw_that_cannot_be_linked_is_refused_at_once(
    configured: list[daemon.Config], word: str, text: str
) -> None:
    with pytest.raises(MusicianError, match=text):
        serve.main(["--daw", word])
    assert configured == []


def test_a_daw_that_is_not_there_yet_keeps_nothing_from_starting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def link() -> None:
        daws = DawDesk()
        await daemon._link(daws, [("generic", 0), ("nosuch", 0)])
        assert daws.named("generic").adapter.TITLE
        daws.close()

    asyncio.run(link())
    assert "There is no DAW 'nosuch'" in caplog.text
