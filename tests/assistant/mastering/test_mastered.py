from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from assistant.dsp.loudness import measure
from assistant.dsp.stereo import picture
from assistant.errors import TargetError
from assistant.mastering.finishing import Delivery
from assistant.mastering.heard import hear
from assistant.mastering.mastered import Goal, Mastered, master, rounded_down
from assistant.mastering.ways import Way
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, peak_16, song, zeros

PLAIN = Way("", "")
GOAL = Goal(-14.0, -1.0, RATE, Delivery(32, "none"))


def made(audio: Audio, goal: Goal = GOAL) -> Mastered:
    return result(master(audio, result(hear(audio)), PLAIN, goal, None, zeros))


def test_what_is_told_of_a_master_is_what_is_measured_of_it() -> None:
    one = made(song())
    assert one.loudness == measure(one.audio)
    assert one.image == result(picture(one.audio))
    assert one.loudness.integrated == pytest.approx(-14.0, abs=0.02)
    assert peak_16(one.audio.samples) <= -1.0


def test_the_mix_stays_as_it_was_and_progress_rises() -> None:
    audio = song()
    kept = audio.samples.copy()
    shares = list(master(audio, result(hear(audio)), PLAIN, GOAL, None, zeros))
    np.testing.assert_array_equal(audio.samples, kept)
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert max(later - one for one, later in pairwise(shares)) < 0.3


def test_only_much_limiting_has_a_sensible_target_beside_it() -> None:
    assert made(song()).sensible is None
    much = made(song(), replace(GOAL, loudness=-8.0))
    assert much.sensible is not None
    less = made(song(), replace(GOAL, loudness=much.sensible))
    assert 7.5 < less.finished.master.limiting_db <= 8.0


@pytest.mark.parametrize("loudness", [-30.0, -9.0])
def test_without_a_limiter_it_goes_as_near_as_the_peaks_let_it(loudness: float) -> None:
    one = made(song(), replace(GOAL, loudness=loudness, limits=False))
    assert one.finished.master.limiting_db == 0.0
    assert peak_16(one.audio.samples) <= -1.0
    if loudness == -30.0:
        assert one.loudness.integrated == pytest.approx(-30.0, abs=0.02)
    else:
        assert one.loudness.true_peak == pytest.approx(-1.1, abs=0.1)


def test_what_is_out_of_reach_says_why() -> None:
    hum = 0.5 * np.sin(2.0 * np.pi * 25.0 * np.arange(2 * RATE) / RATE)
    with pytest.raises(TargetError, match="100 % of its energy lies below 100 Hz"):
        made(Audio(hum[None].astype(np.float32), RATE), replace(GOAL, loudness=-9.0))


@pytest.mark.parametrize(("loudness", "told"), [(-11.21, -11.3), (-11.2, -11.2), (-9.0, -9.0)])
def test_a_target_is_rounded_to_what_takes_no_more(loudness: float, told: float) -> None:
    assert rounded_down(loudness) == pytest.approx(told)
