from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.gating import gated_loudness, gated_range, tenths_of
from assistant.dsp.kweighting import Energies


def by_definition(heard: Energies) -> float:
    """Tell integrated loudness by blocks of forty hops, ten hops apart."""
    blocks = np.array([heard[n : n + 40].mean() for n in range(0, len(heard) - 39, 10)])
    blocks = blocks[blocks > 10.0 ** (-69.309 / 10.0)]
    gate = blocks.mean() / 10.0
    return float(10.0 * np.log10(blocks[blocks > gate].mean()) - 0.691)


@given(st.integers(0, 999), st.integers(40, 3000))
def test_tenths_tell_what_forty_hops_every_ten_tell(seed: int, hops: int) -> None:
    levels = np.random.default_rng(seed).uniform(-6.0, -1.0, hops // 50 + 1)
    heard = 10.0 ** np.repeat(levels, 50)[:hops]
    assert gated_loudness(tenths_of(heard)) == pytest.approx(by_definition(heard), abs=1e-9)


def test_what_does_not_fill_a_block_has_no_loudness_and_no_range() -> None:
    assert gated_loudness(tenths_of(np.ones(39))) == -np.inf
    assert gated_loudness(tenths_of(np.ones(40))) == pytest.approx(-0.691)
    assert gated_range(tenths_of(np.ones(299))) == 0.0
