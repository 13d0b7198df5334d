from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge import opening
from bridge.opening import opened

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def content(path: Path) -> bytes:
    with opened(path) as file:
        return file.readall()


@contextmanager
def as_nobody() -> Iterator[Path]:
    """Give up the rights of root, where the tests have them; yields a folder that all may see."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = os.geteuid() == 0
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


def drop_rights() -> None:
    if os.geteuid() == 0:
        os.seteuid(65_534)


def test_a_file_is_opened_at_its_first_byte(tmp_path: Path) -> None:
    (tmp_path / "mix.wav").write_bytes(b"RIFF")
    assert content(tmp_path / "mix.wav") == b"RIFF"
    assert not opening.is_folder(tmp_path / "mix.wav")
    assert opening.is_folder(tmp_path)


def test_a_missing_file_is_said_with_the_one_probably_meant(tmp_path: Path) -> None:
    (tmp_path / "mixdown.wav").write_bytes(b"RIFF")
    (tmp_path / "notes.txt").write_bytes(b"text")
    with pytest.raises(FileError, match=r"There is no '.*mixdwon\.wav'\. Did you mean 'mixdown"):
        content(tmp_path / "mixdwon.wav")
    with pytest.raises(FileError, match=r"There is no '.*zz'\. There are: mixdown\.wav\.$"):
        content(tmp_path / "zz")
    with pytest.raises(FileError, match=r"There is no folder '.*elsewhere' either\.$"):
        content(tmp_path / "elsewhere" / "mix.wav")
    with pytest.raises(FileError, match=r"There is no '.*x'"):
        content(tmp_path / "notes.txt" / "x")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no links for all")
def test_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "mix.wav").symlink_to(tmp_path / "gone" / "mix.wav")
    with pytest.raises(
        FileError, match=r"mix\.wav' leads to '.*gone/mix\.wav', which is not there"
    ):
        content(tmp_path / "mix.wav")


def test_a_crowded_folder_is_not_listed(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"take-{number}.wav").write_bytes(b"RIFF")
    with pytest.raises(FileError, match=r"There is no '.*zzz'\.$"):
        content(tmp_path / "zzz")
    with pytest.raises(FileError, match=r"Did you mean 'take-3\.wav'\?$"):
        content(tmp_path / "take-3x.wav")


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "mix.wav").touch()
    with pytest.raises(FileError, match="is empty: 0 bytes"):
        content(tmp_path / "mix.wav")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder; name a file"):
        content(tmp_path)


@POSIX
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mix.wav")
    with pytest.raises(FileError, match="is a named pipe; name a file"):
        content(tmp_path / "mix.wav")


@POSIX
def test_a_pipe_put_in_place_at_the_last_moment_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mix.wav").write_bytes(b"RIFF")
    honest = (tmp_path / "mix.wav").stat()
    (tmp_path / "mix.wav").unlink()
    os.mkfifo(tmp_path / "mix.wav")
    monkeypatch.setattr(opening, "_seen", lambda path: honest)
    with pytest.raises(FileError, match="is a named pipe; name a file"):
        content(tmp_path / "mix.wav")


@POSIX
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(FileError, match=f"'{device}' is a device; name a file"):
        content(Path(device))


@POSIX
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the whole path may be too long for a socket
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("mix.wav")
        with pytest.raises(FileError, match="is a socket; name a file"):
            content(tmp_path / "mix.wav")


@POSIX
def test_a_file_that_may_not_be_read_is_said() -> None:
    with as_nobody() as folder:
        (folder / "mix.wav").write_bytes(b"RIFF")
        (folder / "mix.wav").chmod(0)
        drop_rights()
        with pytest.raises(FileError, match=r"mix\.wav' cannot be read: bandmate has no perm"):
            content(folder / "mix.wav")


@pytest.mark.parametrize(
    ("name", "says"),
    [("x" * 300, "the name is too long"), ("x/" * 3000, "the name is too long"), ("a\0b", "NUL")],
)
def test_what_is_no_path_is_said(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(FileError, match=says) as told:
        content(tmp_path / name)
    assert len(str(told.value)) < 400
    assert str(told.value).isprintable()


@POSIX
def test_links_in_a_circle_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "a.wav")
    with pytest.raises(FileError, match="its links lead in a circle"):
        content(tmp_path / "a.wav")


@pytest.mark.parametrize("size", [0, 3, 5])
def test_a_file_that_changes_while_it_is_read_is_said(tmp_path: Path, size: int) -> None:
    path = tmp_path / "mix.wav"
    path.write_bytes(b"RIFF")
    changed = f"changed while it was read, from 4 to {size} bytes"
    with pytest.raises(FileError, match=changed), opened(path):
        os.truncate(path, size)


def test_the_change_is_said_before_what_it_led_to(tmp_path: Path) -> None:
    path = tmp_path / "mix.wav"
    path.write_bytes(b"RIFF")

    def cut_and_found_cut() -> None:
        os.truncate(path, 2)
        raise FileError("is cut off")

    with pytest.raises(FileError, match="changed while it was read"), opened(path):
        cut_and_found_cut()
