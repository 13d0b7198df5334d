from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge import disk


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mix.wav", "'mix.wav'"),
        (Path("a b/ü.wav"), "'a b/ü.wav'"),
        ("two\nlines", r"'two\nlines'"),
        ("not \udcff utf-8", r"'not \udcff utf-8'"),
    ],
)
def test_any_path_is_shown_on_one_line(path: Path | str, expected: str) -> None:
    assert disk.shown(path) == expected


def test_a_long_path_is_shown_by_its_ends() -> None:
    shown = disk.shown("a" * 5000 + "z" * 5000)
    assert len(shown) == disk.MAX_SHOWN + len("'...'")
    assert shown.startswith("'aaa")
    assert shown.endswith("zzz'")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "it cannot be done: the disk is full; free some space"),
        (errno.EACCES, "it cannot be done: bandmate has no permission"),
        (errno.EROFS, "it cannot be done: the disk is read-only"),
        (errno.EXDEV, "it cannot be done: odd"),
    ],
)
def test_what_the_system_refuses_is_said_in_words(number: int, says: str) -> None:
    with pytest.raises(FileError, match=says), disk.told("it cannot be done"):
        raise OSError(number, "odd")


def test_a_name_that_is_taken_is_nobody_elses_business() -> None:
    with pytest.raises(FileExistsError), disk.told("it cannot be done"):
        raise FileExistsError(errno.EEXIST, "taken")


def test_room_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(tmp_path).free
    disk.check_room(tmp_path, 1)
    with pytest.raises(FileError, match=r"is full: .* are needed, .* are free, and 268\.4 MB"):
        disk.check_room(tmp_path, free)
    monkeypatch.setattr(disk, "KEEP_FREE", free * 2)
    disk.check_room(tmp_path, 0)
    with pytest.raises(FileError, match="is full: 1 bytes are needed"):
        disk.check_room(tmp_path, 1)
