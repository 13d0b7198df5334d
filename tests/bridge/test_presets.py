from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import FileError, UnknownName
from bridge import presets

GOOD = """
title = "Mine"
source = "my ears"
checked = 2026-01-02
[settings]
loudness = -12.0
"""


def put(home: Path, name: str, text: str) -> None:
    folder = home / "presets" / "master"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text)


def test_the_musicians_own_preset_is_found_and_wins(home: Path) -> None:
    put(home, "mine", GOOD)
    put(home, "spotify", GOOD)
    assert "mine" in presets.names("master")
    assert presets.load("master", "mine").settings == {"loudness": -12.0}
    assert presets.load("master", "spotify").title == "Mine"


def test_an_unknown_preset_says_the_one_meant() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'spotify'"):
        presets.load("master", "spotfy")


@pytest.mark.parametrize("name", ["../master/spotify", "/etc/passwd", ""])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(UnknownName):
        presets.load("master", name)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (GOOD.replace("title", "tittle"), "title"),
        (GOOD.replace("2026-01-02", '"today"'), "checked"),
        (GOOD.replace("[settings]", "[setting]"), "settings"),
        (GOOD.replace("title", 'colour = "red"\ntitle'), "colour"),
        ("title = ", "cannot be read"),
        ("\udcff", "cannot be read"),
        ("#" * (1 << 21), "bytes"),
    ],
)
def test_a_broken_preset_is_refused_by_name(home: Path, text: str, hint: str) -> None:
    folder = home / "presets" / "master"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(FileError) as refused:
        presets.load("master", "mine")
    assert hint in str(refused.value)
    assert "mine.toml" in str(refused.value)


@pytest.mark.parametrize("place", ["../pyproject", "/etc/passwd", "master/none", "Master/Spotify"])
def test_data_lies_on_the_shelf_only(place: str) -> None:
    with pytest.raises(FileError):
        presets.data(place)
