"""Tracks that rumble, and such as play low."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.rumble import find_rumble
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.steps import result
from tests.assistant.dsp.hums import tune
from tests.assistant.mixing.played import RATE, Row, notes, track, zeros

SECONDS = 8.0
TIME = np.arange(round(SECONDS * RATE)) / RATE


def found(sound: Row, role: Role = Role.GUITAR) -> tuple[Fault, ...]:
    return find_rumble([track(sound, role)])


def music() -> Row:
    return tune(SECONDS, RATE)


def beside(sound: Row, against_db: float) -> Row:
    return np.asarray(sound * np.std(music()) / np.std(sound) * 10.0 ** (against_db / 20.0))


def tone(against_db: float, hertz: float = 27.0) -> Row:
    return beside(np.sin(2.0 * np.pi * hertz * TIME), against_db)


def noise(against_db: float) -> Row:
    dice = np.random.default_rng(3)
    low = butter(2, (18.0, 32.0), "bandpass", output="sos", fs=RATE)
    return beside(np.asarray(sosfilt(low, dice.standard_normal(TIME.size))), against_db)


@pytest.mark.parametrize("against_db", [0.0, -6.0, -12.0])
@pytest.mark.parametrize("made", [tone, noise])
def test_rumble_is_found_and_filtered_out(made, against_db: float) -> None:  # type: ignore[no-untyped-def]
    one = track(music() + made(against_db), Role.GUITAR)
    (fault,) = find_rumble([one])
    assert (fault.kind, fault.targets, fault.is_taste) == ("rumble", ("track",), False)
    (move,) = fault.moves
    assert move.parameter == "hpf_hz"
    cut = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True)).tracks[0].audio
    after = found(np.asarray(cut.samples[0], dtype=np.float64))
    assert all(other.is_taste or other.value < fault.value - 8.0 for other in after)


def test_the_high_pass_stays_under_the_lowest_note() -> None:
    (fault,) = found(music() + tone(-3.0))
    assert 27.0 < fault.moves[0].value < 82.4


def test_faint_rumble_is_a_matter_of_taste() -> None:
    (fault,) = found(music() + tone(-32.0))
    assert fault.is_taste


def test_what_it_says_follows_the_level() -> None:
    values = [found(music() + tone(db))[0].value for db in (-18.0, -12.0, -6.0)]
    assert np.diff(values) == pytest.approx([6.0, 6.0], abs=0.5)


@pytest.mark.parametrize("role", [Role.BASS, Role.OTHER])
def test_a_low_bass_line_is_none(role: Role) -> None:
    after = TIME % 0.5
    line = np.exp(-after) * sum(np.sin(2.0 * np.pi * 41.2 * n * TIME) / n for n in range(1, 8))
    assert found(0.3 * line, role) == ()


def test_a_kick_is_none() -> None:
    after = TIME % 0.5
    kick = np.exp(-after / 0.12) * np.sin(2.0 * np.pi * 45.0 * after + 4.0 * np.exp(-after / 0.02))
    assert found(0.5 * kick, Role.DRUMS) == ()


def test_an_offset_is_none() -> None:
    assert found(music() + 0.1) == ()


def test_an_atmosphere_may_rumble() -> None:
    assert all(one.is_taste for one in found(music() + tone(0.0), Role.FX))


@pytest.mark.parametrize("sound", [music(), notes(6.0, 0.2), np.zeros(RATE), np.ones(100)])
def test_what_does_not_rumble_is_left_alone(sound: Row) -> None:
    assert found(sound) == ()
