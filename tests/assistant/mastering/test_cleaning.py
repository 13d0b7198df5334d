from __future__ import annotations

import numpy as np
import pytest

from assistant.mastering import cleaning
from assistant.mastering.cleaning import offsets, without_offset
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, song, zeros


def off(*by: float) -> Audio:
    return Audio(song(2.0).samples + np.array(by, np.float32)[:, None], RATE)


def test_an_offset_is_taken_out_of_each_channel_and_said() -> None:
    made, told = result(without_offset(off(0.2, -0.05), 1.0, zeros))
    assert offsets(made) == pytest.approx([0.0, 0.0], abs=1e-6)
    assert "offset" in told
    plain = song(2.0).samples
    np.testing.assert_allclose(made.samples, plain - plain.mean(axis=1, keepdims=True), atol=1e-6)


def test_half_the_amount_takes_half_of_it() -> None:
    made, _ = result(without_offset(off(0.2, 0.2), 0.5, zeros))
    assert offsets(made) == pytest.approx([0.1, 0.1], abs=1e-3)


@pytest.mark.parametrize(("by", "amount"), [(0.0, 1.0), (0.2, 0.0)])
def test_what_has_none_or_is_not_to_be_changed_stays_the_same_array(
    by: float, amount: float
) -> None:
    audio = off(by, by)
    made, told = result(without_offset(audio, amount, zeros))
    assert made is audio
    assert told == ""


def test_silence_has_none() -> None:
    audio = Audio(zeros((2, 1000)), RATE)
    assert result(without_offset(audio, 1.0, zeros)) == (audio, "")


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = result(without_offset(off(0.2, 0.1), 1.0, zeros))
    monkeypatch.setattr(cleaning, "_BLOCK_FRAMES", 777)
    parts, _ = result(without_offset(off(0.2, 0.1), 1.0, zeros))
    np.testing.assert_allclose(parts.samples, whole.samples, atol=1e-7)
