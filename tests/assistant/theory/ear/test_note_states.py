from __future__ import annotations

import numpy as np

from assistant.theory.ear.note_states import best_path


def test_beginning_steady_and_silent() -> None:
    pitch = np.concatenate((np.full(30, 60.0), np.full(10, 66.0), np.full(30, 64.0)))
    sure = np.concatenate((np.full(30, 0.95), np.full(10, 0.02), np.full(30, 0.95)))
    path = best_path(pitch, sure, np.full(70, -8.0), 58, 68)
    assert path[0] in {-60, 60}
    assert (path[5:30] == 60).all()
    assert (path[31:39] == 0).all()
    assert path[40] == -64
    assert (path[45:] == 64).all()


def test_a_held_note_begins_again_where_loudness_says_so() -> None:
    again = np.full(60, -8.0)
    path = best_path(np.full(60, 60.0), np.full(60, 0.95), again, 58, 62)
    assert (path[2:] == 60).all()
    again[30] = 12.0
    path = best_path(np.full(60, 60.0), np.full(60, 0.95), again, 58, 62)
    assert path[30] == -60
    assert path[29] == 60


def test_vibrato_is_one_note() -> None:
    pitch = 60.0 + 0.6 * np.sin(2.0 * np.pi * 5.5 * 0.016 * np.arange(120))
    path = best_path(pitch, np.full(120, 0.95), np.full(120, -8.0), 58, 62)
    assert set(np.abs(path).tolist()) == {60}
