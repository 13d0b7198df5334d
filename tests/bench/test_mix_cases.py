from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.mix_cases import KINDS, Case, development, reported, suitable
from bench.mix_material import song

DATA_SONG = ("potassium",)  # the one that needs no soundfont
LIGHT = ("gain", "dc", "imbalance", "duplicate", "dead", "resonance")


@pytest.fixture
def made(data: Path) -> list[Case]:
    return list(development(LIGHT, 2, DATA_SONG))


@pytest.mark.data
def test_a_fault_is_in_one_stem_alone(made: list[Case]) -> None:
    for case in made:
        before, after = case.song.session.stems, case.session.stems
        changed = [b.name for a, b in zip(before, after, strict=False) if a is not b]
        assert changed == [case.truth.stem] or case.truth.kind == "duplicate"
        assert len(after) == len(before) + (case.truth.kind == "duplicate")


@pytest.mark.data
def test_cases_are_the_same_each_time(made: list[Case]) -> None:
    for one, other in zip(made, development(LIGHT, 2, DATA_SONG), strict=True):
        assert one.truth == other.truth
        stems = [case.session.stems for case in (one, other)]
        assert all(
            np.array_equal(a.audio.samples, b.audio.samples) for a, b in zip(*stems, strict=True)
        )


@pytest.mark.data
def test_reported_faults_are_others(made: list[Case]) -> None:
    here, there = (
        [case.truth for case in some if case.truth.kind in {"gain", "resonance"}]
        for some in (made, reported(LIGHT, 2, DATA_SONG))
    )
    assert here != there


@pytest.mark.data
def test_each_kind_but_one_of_two_microphones_fits_the_song_of_the_data_folder(data: Path) -> None:
    fit = {kind: suitable(song("potassium"), kind) for kind in KINDS}
    assert [kind for kind, names in fit.items() if not names] == ["delay"]
    assert fit["sibilance"] == ["vox_lead"]
