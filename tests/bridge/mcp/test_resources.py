from __future__ import annotations

import re

import pytest

from assistant.errors import BandmateError, FileError, UnknownName
from bridge import places, presets
from bridge.mcp import resources


def test_the_shelf_lists_every_preset_and_each_can_be_read() -> None:
    found = resources.read(resources.SHELF)["presets"]
    names = [one["name"] for one in found if one["stage"] == "master"]
    assert names == list(presets.names("master"))
    assert all(resources.read(one["uri"]) == one for one in found)


def test_a_preset_says_its_settings_and_source() -> None:
    said = resources.read("bandmate://presets/master/spotify")
    assert said["settings"]["loudness"] == -14.0
    assert said["source"]
    assert isinstance(said["checked"], str)


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("bandmate://presets/master/spotfy", "Did you mean 'spotify'"),
        ("bandmate://presets/mastr/spotify", "Did you mean 'master'"),
        ("bandmate://presets/master/../../x", "no master preset"),
        ("bandmate://presets/master", "no resource"),
        ("file:///etc/hosts", "no resource"),
        ("", "no resource"),
    ],
)
def test_what_is_not_there_is_said(uri: str, text: str) -> None:
    with pytest.raises(UnknownName, match=text):
        resources.read(uri)


def test_a_preset_that_cannot_be_read_keeps_no_other_away() -> None:
    folder = places.own_shelf() / "master"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("title = 1")
    names = [one["name"] for one in resources.listed(("master",))["presets"]]
    assert "broken" not in names
    assert "spotify" in names
    with pytest.raises(FileError) as error:
        resources.read("bandmate://presets/master/broken")
    assert isinstance(error.value, BandmateError)


def test_a_preset_may_be_called_what_an_address_has_to_spell() -> None:
    folder = places.own_shelf() / "master"
    folder.mkdir(parents=True)
    shipped = places.shelf() / "master" / "spotify.toml"
    (folder / "ganz laut, 50 %.toml").write_bytes(shipped.read_bytes())
    (own,) = [
        one for one in resources.listed(("master",))["presets"] if one["name"].startswith("ganz")
    ]
    assert re.fullmatch("[!-~]+", own["uri"])
    assert resources.read(own["uri"]) == own
