from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from assistant.dsp.third_octaves import CENTRES_HZ
from assistant.material import Audio
from assistant.mixing.heard import Heard, hear
from assistant.mixing.shapes import distance_db, empty, levelled, short_of, spread_db
from assistant.steps import result

HERTZ = np.array(CENTRES_HZ)


@lru_cache
def _heard() -> Heard:
    sound = 0.1 * np.random.default_rng(1).standard_normal((1, 48_000)).astype(np.float32)
    return result(hear(Audio(sound, 48_000)))


def _with(levels_db: np.ndarray, rate: int = 48_000) -> Heard:
    power = 10.0 ** (levels_db / 10.0)
    bands = replace(_heard().moments, left=power, right=power, shared=power)
    return replace(_heard(), moments=bands, rate=rate)


FLAT = _with(np.full(31, -30.0))


def test_level_does_not_count() -> None:
    assert distance_db(FLAT, _with(np.full(31, -12.0))) == pytest.approx(0.0, abs=1e-9)


def test_more_bass_is_told_and_one_note_hardly() -> None:
    bass = np.where(HERTZ < 110.0, -24.0, -30.0)
    short_db, counts = short_of(FLAT, _with(bass))
    assert short_db[HERTZ < 80.0][2:] == pytest.approx(6.0, abs=0.1)
    assert short_db[HERTZ > 300.0] == pytest.approx(0.0, abs=0.1)
    assert not counts[HERTZ < 31.0].any()
    note = np.full(31, -30.0)
    note[10] = -24.0
    assert np.abs(short_of(FLAT, _with(note))[0]).max() == pytest.approx(2.0, abs=0.1)


def test_what_a_rate_cuts_or_the_reference_has_not_does_not_count() -> None:
    dull = np.where(HERTZ > 7_000.0, -110.0, -30.0)
    assert not short_of(FLAT, _with(dull))[1][HERTZ > 7_000.0].any()
    assert short_of(_with(dull), FLAT)[1][(HERTZ > 7_000.0) & (HERTZ < 16_500.0)].all()
    assert not short_of(_with(np.full(31, -30.0), 16_000), FLAT)[1][HERTZ > 7_300.0].any()
    assert empty(_with(dull)).sum() == (HERTZ > 7_000.0).sum()


def test_where_nothing_counts_nothing_is_off() -> None:
    nobody = np.zeros(31, bool)
    assert spread_db(np.ones(31), nobody) == 0.0
    assert levelled(np.ones(31), nobody) == pytest.approx(np.ones(31))
