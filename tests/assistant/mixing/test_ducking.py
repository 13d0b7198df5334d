"""A track that steps back under the strokes of another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.compressor import Compressing
from assistant.dsp.loudness import measure
from assistant.material import Session, Stem
from assistant.mixing.ducking import duck, ducking
from assistant.mixing.rendering import through_strip
from assistant.mixing.role_names import Role
from assistant.mixing.strip_moves import compressor_moves
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.played import RATE, notes, track, zeros

TIME = np.arange(6 * RATE) / RATE


def _kick(gain: float = 0.8) -> Track:
    since = TIME % 0.5
    return track(gain * np.sin(2 * np.pi * 60 * since) * np.exp(-since / 0.08), Role.KICK, "kick")


@pytest.mark.parametrize("by_db", [2.0, 4.0])
def test_a_stroke_turns_another_track_down_and_lets_it_go(by_db: float) -> None:
    kick = _kick()
    bass = np.ones((2, TIME.size))
    key = np.repeat(kick.audio.samples, 2, axis=0).astype(np.float64)
    Compressing(duck(kick.peaks, by_db), RATE).run(bass, 0, key)
    down_db = -20 * np.log10(bass[0, RATE:])
    assert down_db.max() == pytest.approx(by_db, abs=0.8)
    assert down_db[round(0.45 * RATE)] < 0.5


def test_one_click_is_no_stroke() -> None:
    kick = _kick(0.2)
    clicked = kick.audio.samples[0].astype(np.float64)
    clicked[3 * RATE] = 1.0
    clean, odd = (duck(one.peaks, 4.0) for one in (kick, track(clicked, Role.KICK)))
    assert odd.threshold_db == pytest.approx(clean.threshold_db, abs=0.5)


def test_a_soft_kick_has_a_threshold_within_reach() -> None:
    assert duck(_kick(8e-3).peaks, 30.0).threshold_db == -80.0


@pytest.mark.parametrize("later_seconds", [-0.9, 0.0, 0.7])
def test_it_stays_as_loud_on_the_whole(later_seconds: float) -> None:
    kick, bass = _kick(), track(notes(6.0, 0.3), Role.BASS, "bass")
    late = Stem("bass", bass.audio, round(later_seconds * RATE))
    made = ducking(replace(bass, stem=late), kick, 4.0)
    assert (made.key, made.by_db) == ("kick", 4.0)
    assert made.compressor.makeup_db > 0.5
    moves = compressor_moves("bass", made.compressor, "side-chain kick", "test")
    session = Session((late, kick.stem))
    before, after = (result(through_strip(session, "bass", one, zeros)) for one in ([], moves))
    louder_lu = measure(after.audio).integrated - measure(before.audio).integrated
    assert louder_lu == pytest.approx(0.0, abs=0.3)
