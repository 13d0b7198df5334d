from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.compressor import Compressor
from assistant.dsp.loudness import measure
from assistant.material import Session, Stem
from assistant.mixing.makeup import loudness_taken
from assistant.mixing.rendering import render, through_strip
from assistant.mixing.roles import Role
from assistant.mixing.strip_moves import compressor_moves
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
    lost_lu += made.mix.gain_db - made.plain.gain_db
    assert loudness_taken(one, compressor, shift_db) == pytest.approx(lost_lu, abs=0.3)


@pytest.mark.parametrize("later_seconds", [-1.0, 0.0, 1.0])
def test_what_is_lost_under_another_track_is_known(later_seconds: float) -> None:
    bass = track(notes(6.0, 0.3), Role.BASS, "bass")
    kick = track(strokes(6.0), Role.KICK, "kick")
    late = Stem("bass", bass.audio, round(later_seconds * RATE))
    bass = replace(bass, stem=late)
    moves = compressor_moves("bass", replace(FAST, makeup_db=0.0), "side-chain kick", "test")
    session = Session((late, kick.stem))
    before, after = (result(through_strip(session, "bass", one, zeros)) for one in ([], moves))
    lost_lu = measure(before.audio).integrated - measure(after.audio).integrated
    assert lost_lu > 1.0
    assert loudness_taken(bass, FAST, key=kick) == pytest.approx(lost_lu, abs=0.3)


def test_far_away_from_the_other_track_nothing_is_lost() -> None:
    bass, kick = track(notes(4.0, 0.3), Role.BASS), track(strokes(4.0), Role.KICK)
    for start in (-10 * RATE, 10 * RATE):
        away = replace(bass, stem=Stem("bass", bass.audio, start))
        assert loudness_taken(away, FAST, key=kick) == 0.0


def test_silence_loses_nothing() -> None:
    silent = track(np.zeros(2 * RATE), Role.BASS)
    assert loudness_taken(silent, FAST) == 0.0
    assert loudness_taken(silent, FAST, key=track(strokes(2.0), Role.KICK)) == 0.0


def test_what_stays_under_the_threshold_loses_nothing() -> None:
    one = track(notes(4.0, 0.3), Role.KEYS)
    assert loudness_taken(one, replace(FAST, threshold_db=0.0)) == 0.0


def test_too_short_to_be_measured() -> None:
    one = track(strokes(1.0)[: round(0.105 * RATE)], Role.KICK)
    assert loudness_taken(one, FAST) >= 0.0
