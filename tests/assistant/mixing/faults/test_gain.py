"""What is too loud or too soft, as taste and as fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.mixing.balance import load_balance
from assistant.mixing.fault import Fault
from assistant.mixing.faults.gain import find_gains
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from bridge import presets
from tests.assistant.mixing.sessions import band, moved, track

NATURAL = load_balance(presets.data, "natural")


def told(tracks: list[Track]) -> dict[str, Fault]:
    found = find_gains(tracks, NATURAL)
    assert {fault.kind for fault in found} <= {"gain"}
    return {fault.targets[0]: fault for fault in found}


def test_a_good_balance_is_left_alone() -> None:
    assert told(band()) == {}


@pytest.mark.parametrize("db", [-5.0, -3.0, 3.0, 5.0])
def test_what_good_mixes_do_too_is_a_taste(db: float) -> None:
    (fault,) = told(band(snare=db)).values()
    assert fault.is_taste
    assert fault.value == pytest.approx(db, abs=1.0)
    assert fault.unit == "dB"


@pytest.mark.parametrize("db", [-12.0, 12.0])
@pytest.mark.parametrize("name", ["vocal", "bass", "kick", "guitar"])
def test_what_no_good_mix_does_is_a_fault(name: str, db: float) -> None:
    (fault,) = told(band(**{name: db})).values()
    assert fault.targets == (name,)
    assert not fault.is_taste
    assert fault.weight > 0.5


@pytest.mark.parametrize("db", [-12.0, -6.0, 6.0, 12.0])
def test_the_move_cures_it(db: float) -> None:
    before = band(keys=db)
    (fault,) = told(before).values()
    (move,) = fault.moves
    assert (move.target, move.parameter, move.mode) == ("keys", "gain_db", "change")
    assert told([moved(one, move.value) if one.name == "keys" else one for one in before]) == {}


def test_the_further_off_the_worse_it_is() -> None:
    weights = [told(band(bass=db))["bass"].weight for db in (-2.0, -4.0, -6.0, -9.0, -12.0, -18.0)]
    assert weights == sorted(weights)
    assert len(set(weights)) == len(weights)


def test_a_role_that_only_its_sound_tells_makes_no_fault() -> None:
    far = -18.0
    for named in (True, False):
        one = track("audio 3", Role.BASS, -24.0 + far, named=named)
        mix = [*(other for other in band() if other.name != "bass"), one]
        assert told(mix)["audio 3"].is_taste is not named


def test_too_few_tracks_tell_what_is_wrong() -> None:
    mix = [one for one in band(bass=-18.0) if one.name in {"bass", "vocal", "guitar"}]
    assert all(fault.is_taste for fault in told(mix).values())


def test_one_track_has_no_balance() -> None:
    assert told(band()[:1]) == {}


def test_it_says_how_loud_it_is_and_where_it_belongs() -> None:
    fault = told(band(vocal=-6.0))["vocal"]
    assert "vocal sounds at -26.0 LUFS" in fault.why
    assert "under its place in a natural balance" in fault.why
    assert {"loudness", "its place", "good mixes stray by"} == fault.evidence.keys()
    assert fault.evidence["loudness"].value == pytest.approx(-26.0, abs=0.05)


def test_it_says_who_shares_a_place() -> None:
    guitars = [track(f"guitar {n}", Role.GUITAR, -20.0) for n in range(4)]
    mix = [one for one in band() if one.name != "guitar"]
    assert "4 tracks share that place" in told([*mix, *guitars])["guitar 0"].why


@pytest.mark.parametrize("db", [0.0, -6.0])
def test_what_leads_where_nobody_sings_belongs_where_a_singer_does(db: float) -> None:
    tracks = band(vocal=db)
    singer = tracks.pop()
    tune = replace(singer.heard, pitch=replace(singer.heard.pitch, voiced=0.9))
    guess = replace(singer.guess, role=Role.OTHER)
    faults = told([*tracks, replace(singer, heard=tune, guess=guess)])
    assert list(faults) == (["vocal"] if db else [])
    for fault in faults.values():
        assert fault.value == pytest.approx(db, abs=1.5)
        assert "what leads where nobody sings" in fault.why
