"""`report_told`: where a track is hidden, and in which order tracks are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.ear import BAND_HZ, BANDS
from assistant.mixing.report_told import AUDIBLE, SHADED, Hidden, MixReport
from assistant.mixing.role_names import Role
from tests.assistant.mixing.told import GUITAR, KICK, SILENT, hidden, many


def test_a_region_reaches_from_edge_to_edge() -> None:
    (region,) = hidden(200.0, 900.0, "kick", lost=0.95).regions()
    inside = BAND_HZ[(BAND_HZ >= 200.0) & (BAND_HZ <= 900.0)]
    assert region.by == "kick"
    assert region.lost == pytest.approx(0.95)
    assert region.weight == pytest.approx(0.95 * len(inside) / BANDS)
    assert BAND_HZ[BAND_HZ < 200.0].max() < region.low_hz < inside.min()
    assert inside.max() < region.high_hz < BAND_HZ[BAND_HZ > 900.0].min()


def test_regions_are_told_apart_by_who_hides() -> None:
    both = hidden(200.0, 2000.0, "kick")
    by = [
        one and ("kick" if hertz < 600.0 else "bass")
        for one, hertz in zip(both.by, BAND_HZ, strict=True)
    ]
    low, high = Hidden(both.alone, both.lost, by).regions()
    assert (low.by, high.by) == ("kick", "bass")
    assert low.high_hz == pytest.approx(high.low_hz)


def test_half_lost_is_as_it_should_be() -> None:
    assert hidden(200.0, 900.0, "kick", lost=0.85).regions() == ()


def test_what_is_soft_or_narrow_is_not_told() -> None:
    one = hidden(200.0, 900.0, "kick")
    soft = np.where(one.lost > 0.9, 0.9 * AUDIBLE, 1.0)
    assert Hidden(soft, one.lost, one.by).regions() == ()
    assert Hidden(np.where(one.lost > 0.9, 1.1 * AUDIBLE, 1.0), one.lost, one.by).regions()
    assert hidden(400.0, 440.0, "kick").regions() == ()


def test_silence_is_nowhere_hidden() -> None:
    one = Hidden(np.zeros(BANDS), np.ones(BANDS), [""] * BANDS)
    assert one.regions() == ()
    assert SILENT.regions == ()


def test_everything_may_be_hidden_from_end_to_end() -> None:
    (region,) = Hidden(np.ones(BANDS), np.ones(BANDS), ["x"] * BANDS).regions()
    assert region.low_hz == pytest.approx(BAND_HZ[0])
    assert region.high_hz == pytest.approx(BAND_HZ[-1])
    assert region.weight == pytest.approx(1.0)


def test_tracks_are_sorted_by_role_and_then_by_loudness() -> None:
    loud, snare = replace(KICK, loudness=-10.0), replace(KICK, role=Role.SNARE)
    told = MixReport("x", "y", (SILENT, GUITAR, snare, KICK, loud))
    assert told.by_role() == [loud, KICK, snare, GUITAR, SILENT]


def test_the_worst_place_of_a_few_tracks_is_drawn() -> None:
    told = MixReport("x", "y", many(40))
    drawn = told.hidden()
    assert len(drawn) == SHADED
    assert len({id(track) for track, _ in drawn}) == SHADED
    unseen = replace(GUITAR, spectrum=None)
    assert MixReport("x", "y", (unseen, KICK)).hidden() == []
    wide, narrow = (replace(GUITAR, hidden=hidden(200.0, top, "kick")) for top in (900.0, 500.0))
    assert [one for one, _ in MixReport("x", "y", (narrow, wide)).hidden()] == [wide, narrow]
