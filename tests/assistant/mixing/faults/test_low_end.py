"""Kick and bass in the same octaves, and a side-chain that works as deep as it is said to."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing
from assistant.mixing.console import strip_settings
from assistant.mixing.fault import Fault
from assistant.mixing.faults.low_end import find_low_end
from assistant.mixing.faults.masking import find_masking
from assistant.mixing.masked import measure_masking
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.covering import RATE, SECONDS, at, named, strokes, vocal


def kick(db: float = -20.0) -> Track:
    return named("kick", Role.KICK, strokes(db))


def bass(db: float) -> Track:
    time = np.arange(round(SECONDS * RATE)) / RATE
    tone = np.sum([np.sin(2.0 * np.pi * 55.0 * n * time) / n for n in (1, 2, 3, 4)], axis=0)
    return named("bass", Role.BASS, at(tone, db))


def find(*tracks: Track) -> tuple[Fault, ...]:
    return result(find_low_end(result(measure_masking(tracks)), tracks))


def test_a_bass_over_the_kick_steps_back() -> None:
    (fault,) = find(kick(), bass(-18.0), vocal())
    assert (fault.kind, fault.targets, fault.is_taste) == ("masking", ("bass", "kick"), True)
    assert {move.group for move in fault.moves} == {"side-chain kick"}
    assert {move.target for move in fault.moves} == {"bass"}
    assert fault.evidence["kick strongest at"].value == pytest.approx(63.0)
    assert fault.evidence["kick lost after"].value < fault.evidence["kick lost"].value


def test_the_side_chain_takes_as_much_as_is_said() -> None:
    (fault,) = find(kick(), bass(-18.0))
    (one,) = strip_settings(fault.moves, ["kick", "bass"], [])["bass"].compressors
    assert one.key == "kick"
    key = np.ascontiguousarray(np.repeat(kick().audio.samples, 2, axis=0), dtype=np.float64)
    pair = np.ones_like(key)
    Compressing(one.compressor, RATE).run(pair, 0, key)
    by_db = 6.0 * fault.value / 100.0
    assert -20.0 * np.log10(pair.min()) == pytest.approx(by_db, abs=1.0)
    assert pair.max() > 0.95


def test_the_louder_the_bass_the_deeper_it_ducks() -> None:
    found = [find(kick(), bass(db))[0].value for db in (-19.0, -16.0, -13.0)]
    assert found == sorted(found)
    assert found[2] > found[0] + 10.0


def test_a_bass_well_under_the_kick_may_stay() -> None:
    assert find(kick(), bass(-34.0)) == ()


def test_a_kick_that_others_hide_all_the_same_asks_for_nothing() -> None:
    over = np.random.default_rng(1).standard_normal(round(SECONDS * RATE)).cumsum()
    over -= np.convolve(over, np.ones(400) / 400.0, "same")
    assert find(kick(), bass(-18.0), named("roar", Role.PAD, at(over, 20.0))) == ()


def test_it_takes_a_kick_and_a_bass_that_sound() -> None:
    silent = named("kick", Role.KICK, np.zeros(RATE))
    assert find(kick(), vocal()) == find(bass(-18.0), vocal()) == find(bass(-18.0), silent) == ()


def test_of_two_kicks_the_one_with_the_lows_is_the_key() -> None:
    thin = named("click", Role.KICK, np.diff(strokes(), prepend=0.0))
    (fault,) = find(thin, kick(), bass(-18.0))
    assert fault.targets == ("bass", "kick")


def test_what_masks_says_so_too_and_asks_for_no_bell_there() -> None:
    tracks = kick(), bass(-18.0)
    found = result(find_masking(result(measure_masking(tracks)), tracks))
    assert [one.moves[0].group for one in found if one.targets == ("bass", "kick")] == [
        "side-chain kick"
    ]
    bells = [move.value for one in found for move in one.moves if move.parameter == "eq.freq_hz"]
    assert all(hertz > 100.0 for hertz in bells)
