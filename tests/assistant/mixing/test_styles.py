from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import MaterialError, UnknownName
from assistant.mixing.roles import Role
from assistant.mixing.styles import STYLES, load_style
from bridge import presets

FOLDER = Path(presets.__file__).parents[1] / "presets" / "automix"


def test_every_style_of_the_shelf_is_known() -> None:
    assert sorted(STYLES) == sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_whole_and_says_where_it_is_from(name: str) -> None:
    page = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    assert all(page[word] for word in ("title", "about", "source", "judgement"))
    assert isinstance(page["checked"], dt.date)
    style = load_style(presets.data, name)
    assert style.balance.name == name
    assert set(style.roles) == set(Role) - {Role.BUS}
    for role, wanted in style.roles.items():
        assert 0.0 <= wanted.reach <= 1.0
        assert 0.0 <= wanted.yields <= 1.0
        assert 0.0 <= wanted.squeeze_db <= 6.0
        assert all(level_db <= -10.0 for level_db in wanted.sends.values()), role
    centre = (Role.KICK, Role.SNARE, Role.BASS, Role.LEAD_VOCAL)
    assert all(style.of(role).reach == 0.0 and style.of(role).hpf_hz < 120.0 for role in centre)


def test_styles_go_their_own_ways() -> None:
    natural, punchy, vocal = (load_style(presets.data, name) for name in STYLES)
    for role in (Role.KICK, Role.SNARE, Role.DRUMS, Role.BASS):
        assert punchy.of(role).squeeze_db > natural.of(role).squeeze_db
    assert natural.duck_db == 0.0 < punchy.duck_db
    assert vocal.room_db > punchy.room_db > natural.room_db
    assert natural.of(Role.BUS).squeeze_db == 0.0


def _shelf(change: Mapping[str, Any]) -> Any:
    def shelf(place: str) -> Mapping[str, Any]:
        page = dict(presets.data(place))
        return page | dict(change) if place.startswith("automix/") else page

    return shelf


def test_what_a_style_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="punchy"):
        load_style(presets.data, "punch")
    with pytest.raises(UnknownName, match="snare"):
        load_style(_shelf({"roles": {"snares": {}}}), "natural")
    with pytest.raises(UnknownName, match="plate"):
        load_style(_shelf({"roles": {"snare": {"sends": {"plates": -12}}}}), "natural")
    with pytest.raises(UnknownName, match="reach"):
        load_style(_shelf({"roles": {"snare": {"rich": 1}}}), "natural")
    with pytest.raises(MaterialError, match="room_db"):
        load_style(_shelf({"room_db": "much"}), "natural")
