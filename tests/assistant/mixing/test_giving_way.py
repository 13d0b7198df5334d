from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Audio, Stem
from assistant.mixing import giving_way
from assistant.mixing.giving_way import Loud, covered, gives_way
from assistant.mixing.heard import hear
from assistant.mixing.roles import Role, RoleGuess
from assistant.mixing.track import Track
from assistant.steps import result

RATE = 16_000
SECONDS = 2.0


def _loud(
    name: str, hertz: float, level: float, start: float = 0.0, seconds: float = SECONDS
) -> Loud:
    time = np.arange(round(seconds * RATE)) / RATE
    dice = np.random.default_rng(len(name))
    hum = 0.01 * dice.standard_normal(time.size)
    sound = (level * np.sin(2 * np.pi * hertz * time) + hum).astype(np.float32)[None]
    audio = Audio(sound, RATE)
    guess = RoleGuess(Role.OTHER, 1.0, "", None, None, True)
    track = Track(Stem(name, audio, round(start * RATE)), result(hear(audio)), guess)
    return Loud(track, np.ones(31))


LEAD = _loud("lead", 2_000.0, 0.1)


def test_it_is_found_where_the_lead_is_covered_and_by_whom() -> None:
    spot = covered([LEAD], [_loud("keys", 2_000.0, 0.2), _loud("bass", 200.0, 0.5)], 0.0)
    assert spot is not None
    assert spot.freq_hz == 2_000.0
    assert spot.over_db == pytest.approx(6.0, abs=0.5)
    assert spot.shares["keys"] > 0.95
    assert spot.shares["bass"] < 0.05


def test_two_that_cover_alike_share_it() -> None:
    spot = covered([LEAD], [_loud(name, 2_000.0, 0.2) for name in ("one", "other")], 0.0)
    assert spot is not None
    assert spot.shares == pytest.approx({"one": 0.5, "other": 0.5}, abs=0.03)
    assert gives_way(spot, "one", 3.0, "the lead") is not None


def test_a_lead_that_stands_clear_needs_no_room() -> None:
    assert covered([LEAD], [_loud("keys", 2_000.0, 0.02)], 0.0) is None
    assert covered([LEAD], [], 0.0) is None
    assert covered([], [LEAD], 0.0) is None
    assert covered([LEAD], [_loud("keys", 2_000.0, 0.02)], 20.0) is not None


def test_what_plays_at_other_times_covers_nothing() -> None:
    later = _loud("keys", 2_000.0, 0.5, start=SECONDS + 0.5)
    assert covered([LEAD], [later], 0.0) is None
    long = _loud("long", 2_000.0, 0.1, start=SECONDS + 0.5)
    assert covered([long], [later], 0.0) is not None


def test_each_gives_way_by_what_it_covers_and_no_further_than_it_may() -> None:
    spot = covered([LEAD], [_loud("keys", 2_000.0, 0.2), _loud("bass", 200.0, 0.5)], 0.0)
    assert spot is not None
    way = gives_way(spot, "keys", 3.0, "'lead'")
    assert way is not None
    assert (way.band.freq_hz, way.band.gain_db) == (2_000.0, -3.0)
    assert "'lead' at 2 kHz" in way.why
    far = gives_way(spot, "keys", 12.0, "'lead'")
    assert far is not None
    assert far.band.gain_db == pytest.approx(-6.0, abs=0.5)
    assert gives_way(spot, "bass", 3.0, "'lead'") is None
    assert gives_way(spot, "keys", 0.0, "'lead'") is None


def test_of_a_long_song_some_moments_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = covered([LEAD], [_loud("keys", 2_000.0, 0.2)], 0.0)
    monkeypatch.setattr(giving_way, "MOST_MOMENTS", 7)
    some = covered([LEAD], [_loud("keys", 2_000.0, 0.2)], 0.0)
    assert whole is not None
    assert some is not None
    assert some.freq_hz == whole.freq_hz
    assert some.over_db == pytest.approx(whole.over_db, abs=0.3)
