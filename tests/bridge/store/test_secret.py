from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge.store.secret import token

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing there")


def test_a_token_is_made_once_and_long(tmp_path: Path) -> None:
    path = tmp_path / "state" / "token"
    made = token(path)
    assert len(made) >= 40
    assert token(path) == made
    assert token(tmp_path / "other") != made
    assert [each.name for each in path.parent.iterdir()] == ["token"]


@POSIX
def test_nobody_else_may_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        token(tmp_path / "state" / "token")
    finally:
        os.umask(before)
    assert (tmp_path / "state" / "token").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@POSIX
def test_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    made = token(path)
    path.chmod(0o640)
    with pytest.raises(FileError, match="Others can read") as error:
        token(path)
    assert made not in str(error.value)


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(token, [tmp_path / "token"] * 8))
    assert len(made) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["token"]


@pytest.mark.parametrize("said", [b"", b"short", b"a" * 150, b"\xff" * 43, b"a b" * 15])
def test_what_is_no_token_is_refused(said: bytes, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(said)
    path.chmod(0o600)
    with pytest.raises(FileError, match="holds no token"):
        token(path)


def test_a_place_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(FileError, match="cannot be read or made"):
        token(tmp_path / "state" / "token")
