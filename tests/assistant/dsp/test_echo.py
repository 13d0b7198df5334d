"""A delay: when, how often, how loud."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assistant.dsp.biquads import Pair
from assistant.dsp.echo import Echo, Echoing
from assistant.errors import MaterialError

RATE = 8000


def echoed(wanted: Echo, cuts: tuple[int, ...] = ()) -> Pair:
    pair = np.zeros((2, 8000))
    pair[0, 100], pair[1, 150] = 1.0, -0.5
    work = Echoing(wanted, RATE)
    edges = [0, *cuts, 8000]
    for start, stop in pairwise(edges):
        piece = pair[:, start:stop].copy()
        work.run(piece, start)
        pair[:, start:stop] = piece
    return pair


def test_each_is_as_much_softer_and_later() -> None:
    made = echoed(Echo(0.2, -6.0206, lowpass_hz=1e6))
    np.testing.assert_array_equal(np.flatnonzero(made[0]), [1700, 3300, 4900, 6500])
    np.testing.assert_allclose(made[0, 1700::1600][:4], [1.0, 0.5, 0.25, 0.125], rtol=1e-4)
    np.testing.assert_allclose(made[1, 1750::1600][:4], [-0.5, -0.25, -0.125, -0.0625], rtol=1e-4)


def test_one_alone_and_its_tail() -> None:
    one = Echo(0.2, lowpass_hz=1e6)
    assert np.count_nonzero(echoed(one)[0]) == 1
    assert one.tail_seconds == pytest.approx(0.2)
    assert Echo(0.2, -6.0).tail_seconds == pytest.approx(0.2 * 11)


def test_each_is_duller() -> None:
    made = echoed(Echo(0.2, -3.0, lowpass_hz=800.0))
    sharpness = [np.abs(made[0, start : start + 100]).max() for start in (1700, 3300)]
    assert sharpness[1] < 0.8 * sharpness[0] * 10.0 ** (-3.0 / 20.0)


def test_it_does_not_matter_where_blocks_are_cut() -> None:
    wanted = Echo(0.03, -3.0, 2000.0)
    np.testing.assert_array_equal(echoed(wanted, (1, 77, 3000, 3001)), echoed(wanted))


@pytest.mark.parametrize(("seconds", "feedback_db"), [(0.0, -6.0), (3.0, -6.0), (0.2, 0.0)])
def test_no_such_delay(seconds: float, feedback_db: float) -> None:
    with pytest.raises(MaterialError, match="each time softer"):
        Echo(seconds, feedback_db)
