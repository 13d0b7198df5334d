from __future__ import annotations

import numpy as np

from assistant.contract import Context
from assistant.dsp.audition import RATE_HZ, audition
from assistant.material import Note, Samples, Score, Track

SCORE = Score((Track("tune", (Note(60.0, 0.0, 1.0),)),))


class Horn:
    """A synth of one tone."""

    name = "Horn"

    def __call__(self, score: Score, rate: int, /) -> Samples:
        assert score is SCORE
        return np.full((2, rate), 0.25, dtype=np.float32)


def test_the_built_in_voices_play_where_there_is_no_synth() -> None:
    audio, by = audition(SCORE, Context())
    assert by == "played by the built-in voices"
    assert (audio.rate, audio.channels) == (RATE_HZ, 2)
    assert float(np.abs(audio.samples).max()) > 0.01


def test_a_synth_that_was_found_plays() -> None:
    audio, by = audition(SCORE, Context(synth=Horn()))
    assert by == "played by Horn"
    assert audio.frames == RATE_HZ
