from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.compressor import Compressor
from assistant.dsp.loudness import measure
from assistant.material import Session
from assistant.mixing.channel_moves import compressor_moves
from assistant.mixing.makeup import loudness_taken
from assistant.mixing.rendering import render
from assistant.mixing.roles import Role
from assistant.moves import Move
from assistant.steps import result
from tests.assistant.mixing.played import RATE, notes, strokes, track, zeros

FAST = Compressor(-25.0, ratio=4.0, attack_ms=5.0, release_ms=80.0, makeup_db=3.0)
LATE = replace(FAST, attack_ms=40.0)


def _clicking() -> np.ndarray:
    """Play low strokes that begin with a bright click."""
    sound, click = strokes(6.0), np.random.default_rng(1).standard_normal(200)
    for first in np.arange(0.1, 5.5, 0.5):
        sound[round(first * RATE) : round(first * RATE) + 200] += 0.5 * click
    return sound


@pytest.mark.parametrize("compressor", [FAST, LATE])
@pytest.mark.parametrize("shift_db", [0.0, -6.0])
@pytest.mark.parametrize("played", ["notes", "strokes", "clicking"])
def test_it_is_what_a_meter_reads(compressor: Compressor, shift_db: float, played: str) -> None:
    sound = {
        "notes": lambda: notes(6.0, 0.3),
        "strokes": lambda: strokes(6.0),
        "clicking": _clicking,
    }
    one = track(sound[played](), Role.KICK)
    # The fader comes after the compressor, so the shift is done to the threshold.
    there = replace(compressor, threshold_db=compressor.threshold_db - shift_db, makeup_db=0.0)
    moves: list[Move] = compressor_moves("track", there, "", "test")
    made = result(render(Session((one.stem,)), moves, zeros))
    lost_lu = measure(made.plain.audio).integrated - measure(made.mix.audio).integrated
    lost_lu += made.mix.turned_down_db - made.plain.turned_down_db
    assert loudness_taken(one, compressor, shift_db) == pytest.approx(lost_lu, abs=0.3)


def test_what_stays_under_the_threshold_loses_nothing() -> None:
    one = track(notes(4.0, 0.3), Role.KEYS)
    assert loudness_taken(one, replace(FAST, threshold_db=0.0)) == 0.0


def test_too_short_to_be_measured() -> None:
    one = track(strokes(1.0)[: round(0.105 * RATE)], Role.KICK)
    assert loudness_taken(one, FAST) >= 0.0
