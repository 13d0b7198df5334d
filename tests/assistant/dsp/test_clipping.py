from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp import clipping
from assistant.dsp.clipping import flat_tops
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 44_100
TIME = np.arange(2 * RATE) / RATE


def tone(hertz: float) -> Samples:
    return np.sin(2.0 * np.pi * hertz * TIME)[None].astype(np.float32)


@pytest.mark.parametrize("hertz", [20.0, 50.0, 441.0, 5000.0])
def test_round_tops_are_not_flat_even_on_a_grid_of_16_bits(hertz: float) -> None:
    rounded = np.round(tone(hertz) * 32_767.0) / 32_768.0
    assert result(flat_tops(Audio(rounded.astype(np.float32), RATE))) == 0


def test_every_top_that_was_cut_off_counts_above_and_below() -> None:
    cut = np.clip(2.0 * tone(441.0), -1.0, 32_767 / 32_768).astype(np.float32)
    assert result(flat_tops(Audio(cut, RATE))) == pytest.approx(2 * 441 * 2, abs=2)


@given(st.floats(1e-3, 8.0))
def test_how_loud_it_is_does_not_matter(gain: float) -> None:
    cut = np.clip(2.0 * tone(441.0), -1.0, 1.0).astype(np.float32)
    assert (
        result(flat_tops(Audio(np.float32(gain) * cut, RATE)))
        == result(flat_tops(Audio(cut, RATE)))
        > 0
    )


def test_what_is_lower_than_the_peak_is_no_wall() -> None:
    cut = np.clip(2.0 * tone(441.0), -0.5, 0.5).astype(np.float32)
    cut[0, 1000] = 1.0
    assert result(flat_tops(Audio(cut, RATE))) == 0


def test_silence_has_none() -> None:
    assert result(flat_tops(Audio(np.zeros((2, 0), np.float32), RATE))) == 0
    assert result(flat_tops(Audio(np.zeros((2, RATE), np.float32), RATE))) == 0


def test_channels_add_up_and_blocks_hardly_show(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = np.clip(2.0 * tone(441.0), -1.0, 1.0).astype(np.float32)
    both = Audio(np.concatenate([cut, -cut]), RATE)
    whole = result(flat_tops(both))
    assert whole == 2 * result(flat_tops(Audio(cut, RATE)))
    monkeypatch.setattr(clipping, "_BLOCK_FRAMES", 10_000)
    assert result(flat_tops(both)) == pytest.approx(whole, abs=2 * 2 * TIME.size // 10_000)
