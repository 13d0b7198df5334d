"""Places of roles, and what brings tracks there."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialError, UnknownName
from assistant.mixing.balance import BALANCES, Balance, gains, load_balance, standings
from assistant.mixing.role_names import Role
from bridge import presets
from tests.assistant.mixing.sessions import BAND, RATE, band, moved, track

FOLDER = Path(presets.__file__).parents[1] / "presets" / "balances"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
NATURAL = load_balance(presets.data, "natural")
FADERS = (-12.0, -9.0, -6.0, 6.0, 9.0, 12.0)


def power(*levels: float) -> float:
    return float(10.0 * np.log10(np.sum(10.0 ** (np.array(levels) / 10.0))))


def lu(balance: Balance, *roles: Role) -> list[float]:
    return [balance.places[role].lu for role in roles]


def test_every_balance_of_the_shelf_is_known() -> None:
    assert sorted(BALANCES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_balance_is_whole_and_says_where_it_is_from(name: str) -> None:
    page = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    assert all(page[word] for word in ("title", "about", "source", "judgement"))
    assert isinstance(page["checked"], dt.date)
    balance = load_balance(presets.data, name)
    assert set(balance.places) == set(Role)
    assert balance.places[Role.LEAD_VOCAL].lu == 0.0
    places = [*balance.places.values(), balance.overheads, balance.general]
    assert all(-24.0 <= one.lu <= 0.0 and 1.0 <= one.spread_lu <= 6.0 for one in places)


@pytest.mark.parametrize("name", NAMES)
def test_parts_make_up_the_whole_they_are_parts_of(name: str) -> None:
    balance = load_balance(presets.data, name)
    kit = power(*lu(balance, Role.KICK, Role.SNARE, Role.HATS))
    assert kit == pytest.approx(balance.places[Role.DRUMS].lu, abs=0.5)


def accompaniment(name: str) -> float:
    """Tell how loud kit, bass and all else are together, against the vocals."""
    balance = load_balance(presets.data, name)
    rest = power(*lu(balance, Role.GUITAR, Role.KEYS, Role.PAD))
    return power(rest, *lu(balance, Role.DRUMS, Role.BASS))


def test_styles_lean_the_way_they_are_called() -> None:
    assert accompaniment("vocal-forward") == pytest.approx(-1.0, abs=0.5)
    assert accompaniment("vocal-forward") < accompaniment("natural") < accompaniment("punchy")
    punchy = load_balance(presets.data, "punchy")
    for role in (Role.KICK, Role.SNARE, Role.DRUMS, Role.BASS):
        assert punchy.places[role].lu - NATURAL.places[role].lu >= 1.5


def test_a_balance_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="punchi"):
        load_balance(presets.data, "punchi")


@pytest.mark.parametrize("spoiled", [{}, {"kick": [-5.0]}, {"kick": "loud"}, {"kick": [-5.0, 0.0]}])
def test_a_broken_page_is_refused(spoiled: dict[str, Any]) -> None:
    page = presets.data("balances/natural")
    places = {**page["places"], **spoiled} if spoiled else {}
    with pytest.raises(MaterialError, match="natural"):
        load_balance(lambda _: {**page, "places": places}, "natural")


def test_what_is_in_its_place_stays() -> None:
    assert max(map(abs, gains(band(), NATURAL).values())) < 0.05


@pytest.mark.parametrize("db", FADERS)
@pytest.mark.parametrize("name", BAND)
def test_one_wrong_fader_is_told_of_that_track(name: str, db: float) -> None:
    told = dict(gains(band(**{name: db}), NATURAL))
    assert told.pop(name) == pytest.approx(-db, abs=1.0)
    assert max(map(abs, told.values())) < 1.0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-6.0, 6.0), min_size=8, max_size=8), st.sampled_from(FADERS))
def test_a_fader_more_is_as_much_less_advice_whatever_the_mix(off: list[float], db: float) -> None:
    mix = dict(zip(BAND, off, strict=True))
    before = gains(band(**mix), NATURAL)
    after = gains(band(**{**mix, "snare": mix["snare"] + db}), NATURAL)
    assert after["snare"] - before["snare"] == pytest.approx(-db, abs=3.0)
    others = [after[name] - before[name] for name in BAND if name != "snare"]
    assert np.ptp(others) < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-6.0, 6.0), min_size=8, max_size=8), st.floats(-20.0, 10.0))
def test_how_loud_all_of_it_is_does_not_matter(off: list[float], db: float) -> None:
    mix = band(**dict(zip(BAND, off, strict=True)))
    before, after = (gains(tracks, NATURAL) for tracks in (mix, [moved(one, db) for one in mix]))
    for name, gain in before.items():
        assert after[name] == pytest.approx(gain, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-9.0, 9.0), min_size=8, max_size=8), st.permutations(range(8)))
def test_gains_bring_all_to_its_place_in_any_order(off: list[float], order: list[int]) -> None:
    mix = band(**dict(zip(BAND, off, strict=True)))
    told = gains([mix[n] for n in order], NATURAL)
    assert told == pytest.approx(gains(mix, NATURAL))
    left = gains([moved(one, told[one.name]) for one in mix], NATURAL)
    assert max(map(abs, left.values())) < 1e-3


@pytest.mark.parametrize("count", [2, 4])
def test_tracks_of_one_role_share_its_place(count: int) -> None:
    guitars = [track(f"guitar {n}", Role.GUITAR, -25.0) for n in range(count)]
    mix = [one for one in band() if one.name != "guitar"] + guitars
    told = gains(mix, NATURAL)
    meant = -10.0 * np.log10(count)
    for one in guitars:
        assert told[one.name] - told["vocal"] == pytest.approx(meant, abs=0.3)


def test_parts_that_take_turns_share_nothing() -> None:
    verse, chorus = (track(n, Role.DRUMS, -22.5, start=s) for n, s in (("a", 0), ("b", RATE)))
    first, second = standings([verse, chorus, *band()], NATURAL)[:2]
    assert first.mates == second.mates == 1.0


def test_drums_beside_close_microphones_are_overheads() -> None:
    alone = [track("drums", Role.DRUMS, -22.5), *band()[3:]]
    beside = [track("drums", Role.DRUMS, -22.5), *band()]
    apart = [tell["drums"] - tell["vocal"] for tell in (gains(m, NATURAL) for m in (alone, beside))]
    meant = NATURAL.overheads.lu - NATURAL.places[Role.DRUMS].lu
    assert apart[1] - apart[0] == pytest.approx(meant, abs=0.1)


def test_doubt_moves_advice_smoothly_to_the_general_place() -> None:
    def told(sure: float) -> float:
        return gains([*band(), track("x", Role.FX, -30.0, sure=sure)], NATURAL)["x"]

    along = [told(sure) for sure in np.linspace(0.0, 1.0, 51)]
    assert max(abs(np.diff(along))) < 0.25
    apart = NATURAL.places[Role.FX].lu - NATURAL.general.lu
    assert along[-1] - along[0] == pytest.approx(apart, abs=0.5)


def test_what_is_silent_or_a_sum_of_others_is_left_out() -> None:
    bus = replace(track("bus", Role.BUS, -10.0), sum_of=("kick", "snare"))
    silent = moved(track("dead", Role.GUITAR, -20.0), -200.0)
    assert set(gains([*band(), bus, silent], NATURAL)) == set(BAND)
    assert gains([bus], NATURAL) == gains([], NATURAL) == {}


def test_a_track_by_itself_is_in_its_place() -> None:
    (told,) = gains([track("guitar", Role.GUITAR, -40.0)], NATURAL).values()
    assert told == pytest.approx(0.0, abs=1e-9)


def test_the_surer_of_two_hardly_moves() -> None:
    pair = [track("vocal", Role.LEAD_VOCAL, -20.0), track("what", Role.OTHER, -50.0, sure=0.2)]
    told = gains(pair, NATURAL)
    assert abs(told["vocal"]) < 0.6 * told["what"]


def test_forty_tracks() -> None:
    roles = [role for role in Role if role is not Role.BUS]
    many = [track(str(n), roles[n % len(roles)], -30.0 + n % 7) for n in range(40)]
    before = gains(many, NATURAL)
    assert len(before) == 40
    after = gains([moved(many[0], 12.0), *many[1:]], NATURAL)
    assert after["0"] - before["0"] == pytest.approx(-12.0, abs=0.3)


@pytest.mark.parametrize(("loudness", "end"), [(-66.0, 24.0), (60.0, -60.0)])
def test_gains_stay_within_what_a_fader_can_do(loudness: float, end: float) -> None:
    assert gains([*band(), track("far", Role.GUITAR, loudness)], NATURAL)["far"] == end
