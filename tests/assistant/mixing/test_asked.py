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
