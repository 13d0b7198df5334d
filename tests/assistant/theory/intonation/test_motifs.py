from __future__ import annotations

import numpy as np

from assistant.theory.intonation.meant import Meant
from assistant.theory.intonation.motifs import echoes
from tests.assistant.theory.intonation.misses import sung


def unsure(pitches: np.ndarray, doubtful: int) -> Meant:
    """Every note is known but one, which may as well be the note above."""
    around = pitches[:, None] + np.array([-1.0, 0.0, 1.0])
    odds = np.tile([0.02, 0.96, 0.02], (pitches.size, 1))
    odds[doubtful] = [0.0, 0.5, 0.5]
    return Meant(around, odds, np.zeros(pitches.size), np.ones(1), np.ones(1))


def test_a_phrase_sung_again_speaks_for_its_notes() -> None:
    phrase = np.array([60.0, 64.0, 62.0, 65.0, 67.0, 64.0, 60.0, 59.0])
    pitches = np.tile(phrase, 3)
    take = sung(pitches, np.where(np.arange(24) == 11, 50.0, 0.0))
    fits = echoes(take, unsure(pitches, 11))
    assert fits[11, 1] > 3.0 * fits[11, 2]


def test_where_nothing_is_sung_again_nothing_is_said() -> None:
    pitches = np.array([60.0, 67.0, 58.0, 69.0, 62.0, 71.0, 55.0, 65.0])
    assert np.allclose(echoes(sung(pitches), unsure(pitches, 4)), 1.0)


def test_a_single_note_has_no_echo() -> None:
    pitches = np.array([60.0])
    assert np.allclose(echoes(sung(pitches), unsure(pitches, 0)), 1.0)
