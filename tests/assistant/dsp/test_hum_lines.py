from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.hum_lines import UNKNOWN, Lines, lines_of, rendered
from tests.assistant.dsp.hums import RATE, audio, hum, over_db

HERTZ = 50.0
TIME = np.arange(3 * RATE) / RATE


def lines(*rows: np.ndarray, hertz: float = HERTZ) -> Lines:
    return lines_of(audio(*rows).samples, RATE, hertz)


def test_a_line_has_its_amplitude_and_phase() -> None:
    found = lines(0.2 * np.cos(2.0 * np.pi * 3.0 * HERTZ * TIME + 0.7))
    assert np.abs(found.values[0, 2]) == pytest.approx(0.2, abs=1e-4)
    assert np.angle(found.values[0, 2]) == pytest.approx(0.7, abs=1e-3)


def test_other_lines_leave_nothing_there_nor_beside() -> None:
    found = lines(0.2 * np.cos(2.0 * np.pi * 3.0 * HERTZ * TIME))
    others = np.abs(np.delete(found.values[0], 2, axis=0))
    assert others.max() < 2e-4
    assert found.beside.max() < 1e-7


def test_what_lies_between_lines_is_told() -> None:
    found = lines(0.2 * np.cos(2.0 * np.pi * 2.5 * HERTZ * TIME))
    assert found.beside[0, 1] == pytest.approx(0.5 * 0.2**2, rel=0.01)
    assert np.abs(found.values[0, 1]).max() < 3e-4


def test_orders_stop_under_half_the_rate() -> None:
    assert lines(TIME).orders.size == 40
    assert lines_of(np.ones((1, 8_000), dtype=np.float32), 8_000, 60.0).orders[-1] == 40
    slow = lines_of(np.ones((1, 8_000), dtype=np.float32), 8_000, 59.9)
    assert slow.orders[-1] * 59.9 < 3_600.0


def test_a_silent_part_tells_nothing() -> None:
    sound = np.cos(2.0 * np.pi * HERTZ * TIME)
    sound[RATE : 2 * RATE] = 0.0
    found = lines(sound)
    middle = round(1.5 * RATE / found.hop) - 2
    assert (found.beside[:, :, middle] == UNKNOWN).all()
    assert (found.beside[:, :, :10] < UNKNOWN).all()


def test_rendered_they_are_the_sound_again_up_to_its_ends() -> None:
    sound = hum(3.0, hertz=HERTZ, wander_hz=0.0)
    found = lines(sound)
    before = found.middle // found.hop
    hops = -(-sound.size // found.hop)
    made = rendered(found, found.values, np.zeros(found.values.shape[2]), -before, hops - before)
    assert over_db(sound, made[0, : sound.size]) > 60.0


def test_rendering_in_parts_is_the_same() -> None:
    found = lines(hum(3.0), hum(3.0, hertz=50.1))
    turned = np.linspace(0.0, 1.0, found.values.shape[2])
    whole = rendered(found, found.values, turned, -2, 20)
    parts = [rendered(found, found.values, turned, *span) for span in ((-2, 5), (5, 20))]
    assert np.allclose(whole, np.concatenate(parts, axis=1), atol=1e-6)
