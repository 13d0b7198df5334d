from __future__ import annotations

import pytest

from bridge.daws.adapter import Track, called

NAMES = ("Kick", "Guitar", "Bass Guitar", "Lead/Vox: é", "R", "twin", "Twin")


def found(name: str) -> list[str]:
    return [one.name for one in called([Track(n, one) for n, one in enumerate(NAMES)], name)]


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("Kick", "Kick"),
        ("KICK", "Kick"),
        ("session_Kick", "Kick"),
        ("My song Kick", "Kick"),
        ("session_Lead_Vox_ é", "Lead/Vox: é"),
        ("session_Lead_Vox_ e\u0301", "Lead/Vox: é"),
        ("Take 2-Bass Guitar", "Bass Guitar"),
        ("session_Guitar L+R", "R"),
        ("Twin", "Twin"),
    ],
)
def test_a_track_is_found_by_its_name_and_by_that_of_its_stem(name: str, track: str) -> None:
    assert found(name) == [track]


@pytest.mark.parametrize("name", ["organ", "sidekick", "Kick out", "", "_"])
def test_what_is_no_name_of_a_track_is_none(name: str) -> None:
    assert found(name) == []


def test_two_that_would_fit_are_both_told() -> None:
    assert found("session_TWIN") == found("TWIN") == ["twin", "Twin"]
