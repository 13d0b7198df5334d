"""Tracks that hum, and such as play at 50 Hz."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.hum import find_hums
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.steps import result
from tests.assistant.dsp.hums import hum, tune
from tests.assistant.mixing.played import Row, track, zeros

RATE = 22_050
SECONDS = 8.0


def found(sound: Row, role: Role = Role.GUITAR) -> tuple[Fault, ...]:
    return result(find_hums([track(sound, role, rate=RATE)]))


def music(seconds: float = SECONDS) -> Row:
    return tune(seconds, RATE)


def mains(against_db: float, seconds: float = SECONDS, hertz: float = 50.0) -> Row:
    level = np.std(music()) * 10.0 ** (against_db / 20.0)
    return hum(seconds, RATE, hertz, range(1, 13), 0.0, level)


@pytest.mark.parametrize("against_db", [-10.0, -24.0])
@pytest.mark.parametrize("hertz", [50.0, 60.0])
def test_hum_is_found(hertz: float, against_db: float) -> None:
    (fault,) = found(music() + mains(against_db, hertz=hertz))
    assert (fault.kind, fault.targets, fault.is_taste) == ("hum", ("track",), False)
    assert fault.evidence["mains"].value == pytest.approx(hertz, abs=0.1)
    assert "denoise" in fault.why


def test_at_most_three_narrow_cuts_soften_it() -> None:
    one = track(music() + mains(-12.0), Role.GUITAR, rate=RATE)
    (fault,) = result(find_hums([one]))
    groups = {move.group for move in fault.moves}
    assert 1 <= len(groups) <= 3
    made = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True))
    after = found(np.asarray(made.tracks[0].audio.samples[0], dtype=np.float64))
    assert all(other.value < fault.value - 3.0 for other in after)


def test_weaker_hum_is_cut_by_less() -> None:
    cuts = []
    for against_db in (-16.0, -22.0):
        (fault,) = found(music() + mains(against_db))
        cuts.append(next(move.value for move in fault.moves if move.parameter == "eq.gain_db"))
    assert cuts[0] < cuts[1] - 3.0


def test_hum_of_a_long_track_is_found_where_it_rests() -> None:
    seconds = 60.0
    sound = music(seconds) + mains(-20.0, seconds)
    (fault,) = found(sound)
    assert fault.evidence["mains"].value == pytest.approx(50.0, abs=0.1)


def test_a_bass_line_at_50_hz_is_none() -> None:
    time = np.arange(round(SECONDS * RATE)) / RATE
    after = time % 1.1
    swell = np.minimum(after / 0.005, 1.0) * np.clip((0.9 - after) / 0.05, 0.0, 1.0)
    tone = sum(np.sin(2.0 * np.pi * 50.0 * n * time) / n for n in range(1, 20))
    assert found(0.3 * swell * np.exp(-after) * tone, Role.BASS) == ()


@pytest.mark.parametrize(
    "sound",
    [music(), mains(0.0), np.zeros(RATE), np.ones(100)],
    ids=["music", "drone", "0", "short"],
)
def test_what_does_not_hum_is_left_alone(sound: Row) -> None:
    assert found(sound) == ()
