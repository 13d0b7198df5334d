from __future__ import annotations

import numpy as np

from assistant.dsp.hum_lines import lines_of
from assistant.dsp.hum_sound import sound_of
from assistant.dsp.hum_tracking import follow
from assistant.material import Samples
from tests.assistant.dsp.hums import RATE, Signal, audio, hum, over_db, tune


def sounded(sound: Signal) -> Samples:
    samples = audio(sound).samples
    track = follow(lines_of(samples, RATE, 50.013), tuple(range(1, 31)))
    parts = list(sound_of(samples, track))
    assert [first for first, _ in parts] == np.cumsum(
        [0, *(p.shape[1] for _, p in parts[:-1])]
    ).tolist()
    return np.concatenate([part for _, part in parts], axis=1)[:, : sound.size]


def test_it_is_the_hum_without_the_tune() -> None:
    assert over_db(hum(), sounded(tune() + hum())[0]) > 40.0


def test_of_music_alone_nothing_is_taken() -> None:
    assert not sounded(tune()).any()


def test_it_rests_where_the_sound_is_cut_silent_to_the_sample() -> None:
    cut = tune() + hum()
    cut[3 * RATE + 5 : 4 * RATE + 7] = 0.0
    made = sounded(cut)[0]
    assert not made[3 * RATE + 5 : 4 * RATE + 7].any()
    assert made[3 * RATE - 200 : 3 * RATE + 5].any()


def test_single_zeros_are_no_silence() -> None:
    cut = tune() + hum()
    cut[4 * RATE] = 0.0
    assert sounded(cut)[0, 4 * RATE] != 0.0
