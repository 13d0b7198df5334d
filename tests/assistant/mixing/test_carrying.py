from __future__ import annotations

import numpy as np
import pytest

from assistant.mixing.carrying import (
    HELD,
    LEAD_HELD,
    MOST_GAIN_DB,
    by_bands,
    by_roles,
    held_by,
    moved_db,
    playing,
    shared_out,
)
from assistant.mixing.roles import Role
from tests.assistant.mixing.sessions import band, track

POWERS = np.zeros((3, 31))
POWERS[0, 4:10], POWERS[1, 10:20], POWERS[2, 20:30] = 1.0, 1.0, 1.0
COUNTS = np.arange(31) < 30
ALIKE = np.full(3, HELD)


def test_what_is_short_is_brought_by_who_plays_there() -> None:
    short_db = np.where(np.arange(31) < 10, 4.0, 0.0)
    gains = by_bands(POWERS, ALIKE, short_db, COUNTS)
    assert gains[0] > 2.0
    assert gains[0] - gains[1] == pytest.approx(3.6, abs=0.4)
    left_db = short_db - moved_db(POWERS, gains)
    assert np.std(left_db[COUNTS][4:]) < 0.2 * np.std(short_db[COUNTS][4:])


def test_alike_nothing_moves_and_level_is_free() -> None:
    assert by_bands(POWERS, ALIKE, np.zeros(31), COUNTS) == pytest.approx(np.zeros(3), abs=1e-3)
    assert by_bands(POWERS, ALIKE, np.full(31, 9.0), COUNTS) == pytest.approx(np.zeros(3), abs=0.01)


def test_faders_stay_within_limits_and_are_shared() -> None:
    far = np.where(np.arange(31) < 10, 40.0, 0.0)
    assert np.abs(by_bands(POWERS, ALIKE, far, COUNTS)).max() <= MOST_GAIN_DB
    two = np.stack([POWERS[0] / 2, POWERS[0] / 2, POWERS[1] + POWERS[2]])
    gains = by_bands(two, ALIKE, np.where(np.arange(31) < 10, 4.0, 0.0), COUNTS)
    assert gains[0] == pytest.approx(gains[1])


def test_who_leads_is_held() -> None:
    vocal, keys = track("vocal", Role.LEAD_VOCAL, -20.0), track("keys", Role.KEYS, -20.0)
    assert list(held_by([vocal, keys])) == [LEAD_HELD, HELD]
    short_db = np.where((np.arange(31) >= 10) & (np.arange(31) < 20), 4.0, 0.0)
    free = by_bands(POWERS, ALIKE, short_db, COUNTS)
    held = by_bands(POWERS, np.array([HELD, LEAD_HELD, HELD]), short_db, COUNTS)
    assert 0.0 < held[1] < 0.5 * free[1]


def test_nobody_and_nothing_to_compare() -> None:
    assert len(by_bands(np.zeros((0, 31)), np.zeros(0), np.ones(31), COUNTS)) == 0
    assert by_bands(POWERS, ALIKE, np.ones(31), np.zeros(31, bool)) == pytest.approx(np.zeros(3))
    assert shared_out([]).shape == (0, 31)
    assert moved_db(np.zeros((2, 31)), np.ones(2)) == pytest.approx(np.zeros(31))


@pytest.mark.parametrize("off_db", [-9.0, -4.0, 4.0, 9.0])
def test_a_role_that_stands_elsewhere_is_brought_there(off_db: float) -> None:
    found = by_roles(band(bass=off_db), band())
    wanted = np.clip(-off_db, -MOST_GAIN_DB, MOST_GAIN_DB)
    assert found[Role.BASS].gain_db == pytest.approx(wanted, abs=0.1)
    assert found[Role.BASS].here_lu - found[Role.BASS].there_lu == pytest.approx(off_db, abs=0.1)
    others = [one.gain_db for role, one in found.items() if role is not Role.BASS]
    assert others == pytest.approx(np.zeros(len(others)), abs=0.1)


def test_level_is_no_balance_and_one_role_tells_nothing() -> None:
    louder = band(**dict.fromkeys(["kick", "snare", "hats", "bass", "guitar", "keys"], 6.0))
    louder = [*louder[:6], *band(pad=6.0, vocal=6.0)[6:]]
    gains = [one.gain_db for one in by_roles(louder, band()).values()]
    assert gains == pytest.approx(np.zeros(8), abs=0.1)
    assert by_roles(band(), band()[:1]) == {}
    assert by_roles(band(), []) == {}


def test_buses_do_not_play() -> None:
    bus = track("bus", Role.BUS, -10.0)
    assert [one.name for one in playing([*band(), bus])] == [one.name for one in band()]
