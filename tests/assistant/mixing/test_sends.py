"""Effects that tracks may send to."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.mixing.sends import SENDS, begin, tail_seconds


@pytest.mark.parametrize("name", SENDS)
@pytest.mark.parametrize("rate", [8000, 44_100])
def test_its_tail_is_as_long_as_it_says(name: str, rate: int) -> None:
    tail = tail_seconds({name})
    pair = np.zeros((2, round(2.0 * tail * rate)))
    pair[:, 0] = 1.0
    begin(name, rate).run(pair, 0)
    energy = np.square(pair).sum(axis=0)
    end = round(tail * rate) + 30
    assert energy[end:].sum() < 1e-5 * energy.sum()
    assert energy[end // 4 : end].sum() > 1e-3 * energy.sum()  # and no longer than it needs to be


def test_the_longest_tail_counts() -> None:
    assert tail_seconds(set()) == 0.0
    assert tail_seconds({"room", "hall"}) == tail_seconds({"hall"}) > tail_seconds({"room"})
