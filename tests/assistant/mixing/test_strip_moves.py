"""Moves that make a band or a compressor, read back by the console that does them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import Band, Shape
from assistant.mixing.console import strip_settings
from assistant.mixing.strip_moves import compressor_moves, eq_moves


@pytest.mark.parametrize("shape", ["bell", "low shelf", "high shelf"])
def test_a_band_is_read_back(shape: Shape) -> None:
    band = Band(shape, 315.0, -2.5, 1.25)
    moves = eq_moves("keys", band, "mud", "too much of it")
    assert strip_settings(moves, ["keys"], [])["keys"].bands == (band,)
    assert {(one.target, one.group, one.why) for one in moves} == {
        ("keys", "mud", "too much of it")
    }


@pytest.mark.parametrize("makeup_db", [0.0, 2.5])
def test_a_compressor_is_read_back(makeup_db: float) -> None:
    wanted = Compressor(-20.0, 3.0, 12.0, 150.0, makeup_db)
    moves = compressor_moves("bass", wanted, "side-chain kick", "steps back")
    (keyed,) = strip_settings(moves, ["bass", "kick"], [])["bass"].compressors
    assert (keyed.compressor, keyed.key) == (wanted, "kick")
    assert {one.why for one in moves} == {"steps back"}


def test_each_knob_may_have_its_own_reason() -> None:
    wanted = Compressor(-20.0, 3.0, 12.0, 150.0, 2.0)
    knobs = ["threshold_db", "ratio", "attack_ms", "release_ms", "makeup_db"]
    whys = {knob: f"why {knob}" for knob in knobs}
    moves = compressor_moves("bass", wanted, "", whys)
    assert [one.parameter for one in moves] == [f"comp.{knob}" for knob in knobs]
    assert [one.why for one in moves] == list(whys.values())
    without = compressor_moves("bass", replace(wanted, makeup_db=0.0), "", whys)
    assert without == moves[:-1]
