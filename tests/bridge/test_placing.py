from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.errors import FileError
from bridge import names, placing
from bridge.placing import Draft, draft, place_all

TMPFILE = pytest.mark.skipif(
    not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name"
)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows renames without replacing")


def no_tmpfile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "_nameless", lambda folder: None)


def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EPERM, "this file system has no links")

    no_tmpfile(monkeypatch)
    monkeypatch.setattr(os, "link", refuse)


@pytest.fixture(params=[None, no_tmpfile, no_links], ids=["nameless", "hidden", "without links"])
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write as on Linux, as elsewhere, and as on a memory card."""
    make: Callable[[pytest.MonkeyPatch], None] | None = request.param
    if make is not None:
        make(monkeypatch)


def put(folder: Path, contents: dict[str, bytes], name: str = "mix.master", number: int = 1) -> int:
    """Place files, check what they hold, and return the number that they got."""
    with ExitStack() as stack:
        drafts: dict[str, Draft] = {}
        for ending, content in contents.items():
            drafts[ending] = stack.enter_context(draft(folder))
            drafts[ending].file.write(content)
        placed = place_all(drafts, folder, name, number)
    assert list(placed) == list(contents)
    assert {ending: path.read_bytes() for ending, path in placed.items()} == contents
    numbers = {path.name.rsplit("-", 1)[1].split(".")[0] for path in placed.values()}
    assert len(numbers) == 1
    return int(numbers.pop())


def listed(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.usefixtures("_each_way")
def test_files_of_one_suggestion_share_a_number(tmp_path: Path) -> None:
    assert put(tmp_path, {".wav": b"1", ".report.html": b"2", ".stem.Vox.wav": b"3"}) == 1
    assert listed(tmp_path) == [
        "mix.master-1.report.html",
        "mix.master-1.stem.Vox.wav",
        "mix.master-1.wav",
    ]


@pytest.mark.usefixtures("_each_way")
def test_a_taken_number_is_passed_over_and_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mix.master-1.report.html").write_bytes(b"old")
    assert put(tmp_path, {".wav": b"new", ".report.html": b"new"}) == 2
    assert put(tmp_path, {".wav": b"newer"}) == 3
    assert put(tmp_path, {".wav": b"newer"}, number=7) == 7
    assert (tmp_path / "mix.master-1.report.html").read_bytes() == b"old"


@POSIX
@pytest.mark.usefixtures("_each_way")
def test_a_link_in_the_way_is_neither_followed_nor_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "next_free", lambda folder, name, number: number)
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "precious").write_bytes(b"old")
    (folder / "mix.master-1.wav").symlink_to(tmp_path / "precious")
    (folder / "mix.master-2.wav").symlink_to(tmp_path / "nowhere")
    assert put(folder, {".wav": b"new"}) == 3
    assert (tmp_path / "precious").read_bytes() == b"old"
    assert (folder / "mix.master-1.wav").is_symlink()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("_each_way")
def test_one_that_came_first_just_now_leaves_all_to_move_on_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "next_free", lambda folder, name, number: number)
    (tmp_path / "mix.master-1.report.html").write_bytes(b"theirs")
    assert put(tmp_path, {".wav": b"1", ".report.html": b"2"}) == 2
    assert listed(tmp_path) == [
        "mix.master-1.report.html",
        "mix.master-2.report.html",
        "mix.master-2.wav",
    ]


@pytest.mark.usefixtures("_each_way")
def test_where_no_name_is_free_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "next_free", lambda folder, name, number: number)
    monkeypatch.setattr(placing, "MAX_TRIES", 3)
    taken = [f"mix.master-{number}.report.html" for number in (1, 2, 3)]
    for name in taken:
        (tmp_path / name).touch()
    with pytest.raises(FileError, match=r"No name is free for 'mix\.master' in"):
        put(tmp_path, {".wav": b"1", ".report.html": b"2"})
    assert listed(tmp_path) == taken


@pytest.mark.usefixtures("_each_way")
def test_a_disk_that_fails_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = placing._place

    def place(drafts: Mapping[str, Draft], folder: Path, name: str) -> dict[str, Path]:
        real(drafts, folder, name)
        raise OSError(errno.EIO, "worn out")

    monkeypatch.setattr(placing, "_place", place)
    with pytest.raises(OSError, match="worn out"):
        put(tmp_path, {".wav": b"1", ".report.html": b"2"})
    assert listed(tmp_path) == []


@pytest.mark.usefixtures("_each_way")
def test_what_gets_no_name_is_gone(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with draft(tmp_path) as one:
            one.file.write(b"half")
            raise RuntimeError("the stage broke down")

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert listed(tmp_path) == []


@pytest.mark.usefixtures("_each_way")
@pytest.mark.parametrize("letter", ["x", "é", "音", "e\u0301"])
def test_a_long_name_is_shortened_to_what_a_folder_takes(tmp_path: Path, letter: str) -> None:
    assert put(tmp_path, {".wav": b"1", ".report.html": b"2"}, name=letter * 250 + ".master") == 1
    report, sound = listed(tmp_path)
    assert sound.endswith(".master-1.wav")
    assert report.removesuffix(".report.html") == sound.removesuffix(".wav")
    assert 235 <= len(os.fsencode(report)) <= 255


@TMPFILE
def test_a_draft_has_no_name_where_the_system_can(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        one.file.write(b"half")
        assert listed(tmp_path) == []


def test_a_hidden_draft_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_tmpfile(monkeypatch)
    with draft(tmp_path) as one:
        one.file.write(b"half")
        (name,) = listed(tmp_path)
    assert name.startswith(".bandmate-")


@TMPFILE
@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT])
def test_a_file_system_without_nameless_files_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real = os.open

    def refuse(path: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(number, "no nameless files here")
        return real(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    assert put(tmp_path, {".wav": b"1"}) == 1
    assert listed(tmp_path) == ["mix.master-1.wav"]


@pytest.mark.usefixtures("_each_way")
def test_new_files_have_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    put(tmp_path, {".wav": b"1"})
    usual = (tmp_path / "usual").stat().st_mode
    assert (tmp_path / "mix.master-1.wav").stat().st_mode == usual


@POSIX
def test_a_rename_that_fails_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_links(monkeypatch)

    def refuse(path: Path, target: Path) -> None:
        raise OSError(errno.EIO, "worn out")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="worn out"):
        put(tmp_path, {".wav": b"1"})
    assert listed(tmp_path) == []


def test_what_a_killed_process_left_is_removed_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_tmpfile(monkeypatch)
    left, young, theirs = (
        tmp_path / name for name in (".bandmate-0123.part", ".bandmate-4567.part", ".other.part")
    )
    for path in (left, young, theirs):
        path.write_bytes(b"half")
    for path in (left, theirs):
        os.utime(path, (0.0, time.time() - 25 * 3600.0))
    put(tmp_path, {".wav": b"whole"})
    assert listed(tmp_path) == [".bandmate-4567.part", ".other.part", "mix.master-1.wav"]
