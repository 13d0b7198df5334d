"""What a musician says of tracks is read, or refused with what would be right."""

from __future__ import annotations

import pytest

from assistant.errors import SettingError, UnknownName
from assistant.mixing.asked import roles_said
from assistant.mixing.role_names import Role

NAMES = ("Track 3", "Oohs", "a=b")


def test_roles_are_read_as_they_are_written() -> None:
    said = ("track 3 = Bass", "Oohs=backing vocal", "a=b=lead-vocal")
    assert roles_said(said, NAMES) == {
        "Track 3": Role.BASS,
        "Oohs": Role.BACKING_VOCAL,
        "a=b": Role.LEAD_VOCAL,
    }


def test_nothing_said_is_no_role() -> None:
    assert roles_said((), NAMES) == {}


def test_a_role_without_a_track_is_refused() -> None:
    with pytest.raises(SettingError, match="Track 3=bass"):
        roles_said(("bass",), NAMES)


def test_what_is_not_there_is_refused_with_what_was_meant() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Track 3'"):
        roles_said(("Track3=bass",), NAMES)
    with pytest.raises(UnknownName, match="Did you mean 'bass'"):
        roles_said(("Oohs=bas",), NAMES)


def test_two_roles_of_one_track_are_refused() -> None:
    with pytest.raises(SettingError, match="'Oohs' twice: as pad and as backing vocal"):
        roles_said(("Oohs=pad", "oohs=backing vocal"), NAMES)
    assert roles_said(("Oohs=pad", "oohs=pad"), NAMES) == {"Oohs": Role.PAD}


def test_roles_that_there_are_are_told_as_they_are_said() -> None:
    with pytest.raises(UnknownName, match="backing vocal, bass"):
        roles_said(("Oohs=choir of cats",), NAMES)


def test_a_name_with_a_comma_is_put_together_again() -> None:
    names = ("Guitar, left", "left", "kick")
    assert roles_said(("kick=toms", "Guitar", "left=pad"), names) == {
        "kick": Role.TOMS,
        "Guitar, left": Role.PAD,
    }
    with pytest.raises(SettingError, match="'Kazoo'"):
        roles_said(("Kazoo", "left=pad"), names)
