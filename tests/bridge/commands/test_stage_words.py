from __future__ import annotations

from pathlib import Path

import pytest

from assistant import engine
from bridge.commands.parser import Parser
from bridge.commands.stage_words import add_stage, asked, spelled_out

STAGE = engine.stage("chords")


def said(*words: str) -> dict[str, object]:
    parser = Parser("chords", "x")
    add_stage(parser, STAGE, shows=8)
    return asked(parser.read(tuple(spelled_out(words, STAGE))), STAGE)


def test_only_what_was_said_is_asked() -> None:
    assert said() == {}
    told = said("--key", "D", "--count", "2", "--quiet", "--json", "--render")
    assert told == {"key": "D", "count": "2", "render": "yes"}


def test_both_spellings_of_a_name_are_one() -> None:
    assert said("--keep-bars", "1-2") == said("--keep_bars", "1-2") == {"keep_bars": "1-2"}


@pytest.mark.parametrize("name", ["song.mid", "folder"])
def test_a_file_does_not_answer_a_switch(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / name)
    assert list(spelled_out(["--render", path], STAGE)) == ["--render=yes", path]
    assert list(spelled_out(["--deep", path], STAGE, "deep")) == ["--deep=yes", path]
    assert list(spelled_out(["--render", "no", path], STAGE)) == ["--render", "no", path]
    assert list(spelled_out(["--style", path], STAGE)) == ["--style", path]
