"""Tracks that hiss, and such as are meant to."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.noise_floor import find_noise_floors
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.steps import result
from tests.assistant.dsp.hums import tune
from tests.assistant.mixing.played import RATE, Row, track, zeros

SECONDS = 8.0
TIME = np.arange(round(SECONDS * RATE)) / RATE


def found(sound: Row, role: Role = Role.GUITAR) -> tuple[Fault, ...]:
    return find_noise_floors([track(sound, role)])


def music() -> Row:
    return tune(SECONDS, RATE)


def hiss(against_db: float) -> Row:
    level = np.std(music()) * 10.0 ** (against_db / 20.0)
    return np.asarray(level * np.random.default_rng(4).standard_normal(TIME.size))


def pad() -> Row:
    """Hold a chord for two bars, three strings a note."""
    made, time = np.zeros(3 * RATE), TIME[: 3 * RATE]
    for hertz in (110.0, 164.8, 220.0):
        for off in (-0.004, 0.0, 0.005):
            turns = 2.0 * np.pi * (1.0 + off) * hertz * time
            made += sum(np.sin(n * turns + n * hertz) / n for n in range(1, 40))
    return np.tile(0.02 * made, 2)


@pytest.mark.parametrize("against_db", [-18.0, -26.0])
def test_hiss_is_found_at_its_level(against_db: float) -> None:
    (fault,) = found(music() + hiss(against_db))
    assert (fault.kind, fault.targets, fault.is_taste) == ("noise_floor", ("track",), False)
    level_db = 20.0 * np.log10(hiss(against_db).std())
    assert fault.evidence["noise"].value == pytest.approx(level_db, abs=1.0)


def test_a_gate_closes_on_hiss_and_opens_for_notes() -> None:
    before_notes = slice(0, round(0.7 * RATE))
    one = track(music() + hiss(-26.0), Role.GUITAR)
    (fault,) = find_noise_floors([one])
    (move,) = fault.moves
    assert move.parameter == "gate.threshold_db"
    made = result(render(Session((one.stem,)), fault.moves, zeros, tracks=True))
    gated, plain = made.tracks[0].audio.samples[0], one.audio.samples[0]
    assert np.abs(gated[before_notes]).max() < 1e-3 * np.abs(plain[before_notes]).max()
    assert np.abs(gated).max() == pytest.approx(np.abs(plain).max(), rel=0.05)


def test_where_there_is_no_rest_denoise_is_told() -> None:
    line = np.sin(2.0 * np.pi * 110.0 * TIME) * (1.0 + 0.3 * np.sin(TIME))
    (fault,) = found(0.1 * line + hiss(-20.0))
    assert fault.moves == ()
    assert "denoise" in fault.why


def test_faint_hiss_is_a_matter_of_taste() -> None:
    (fault,) = found(music() + hiss(-40.0))
    assert fault.is_taste


def test_what_it_says_follows_the_level() -> None:
    values = [found(music() + hiss(db))[0].value for db in (-30.0, -24.0, -18.0)]
    assert np.diff(values) == pytest.approx([6.0, 6.0], abs=0.5)


def test_hiss_of_a_faint_track_is_not_told_in_a_loud_mix() -> None:
    faint = track(0.02 * (music() + hiss(-30.0)), Role.GUITAR, "faint")
    assert len(find_noise_floors([faint])) == 1
    assert find_noise_floors([faint, track(music(), Role.KEYS)]) == ()


def test_a_synthesiser_is_no_hiss() -> None:
    assert found(pad(), Role.PAD) == ()


def test_strokes_of_noise_are_no_hiss() -> None:
    after = TIME % 0.25
    assert found(hiss(0.0) * np.exp(-after / 0.05), Role.HATS) == ()


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_noise_in_all_channels_is_the_sound_itself(channels: int) -> None:
    assert found(np.tile(hiss(0.0), (channels, 1))) == ()


def test_an_atmosphere_may_hiss() -> None:
    assert all(one.is_taste for one in found(music() + hiss(-20.0), Role.FX))


@pytest.mark.parametrize("sound", [music(), hiss(0.0), np.zeros(RATE), np.ones(100)])
def test_what_has_no_floor_of_its_own_is_left_alone(sound: Row) -> None:
    assert found(sound) == ()
