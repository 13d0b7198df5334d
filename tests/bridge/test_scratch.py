from __future__ import annotations

import gc
import mmap
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.errors import FileError
from bridge import disk, scratch
from bridge.scratch import Scratch

MB = 1 << 20
LINUX = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="only Linux says what is resident"
)


def mapped(path: Path) -> int:
    """Count the maps of this process that are files once made in a folder."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return sum(str(path) in line for line in lines)


def resident() -> int:
    """Return the bytes of files that this process has mapped and resident."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[2]) * mmap.PAGESIZE


def test_a_small_array_is_plain_and_zero(tmp_path: Path) -> None:
    with Scratch(tmp_path / "cache") as make:
        array = make((2, 1000))
    assert array.dtype == np.float32
    assert array.shape == (2, 1000)
    assert not array.any()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("shape", [(0,), (2, 0), (), (1,), (3, 5, 7)])
def test_every_shape_is_made(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with Scratch(tmp_path) as make:
        assert make(shape).shape == shape


@LINUX
def test_a_large_array_is_a_file_without_a_name(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((2, MB))
        assert array.shape == (2, MB)
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert not array.any()
        assert mapped(tmp_path) == 1
        assert list(tmp_path.iterdir()) == []


@LINUX
def test_many_arrays_together_are_mapped_as_one_large_one_is(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=10 * MB) as make:
        held = [make((MB,)) for _ in range(2)]
        assert mapped(tmp_path) == 0
        held.append(make((MB,)))
        assert mapped(tmp_path) == 1
        del held[:2]
        gc.collect()
        held.append(make((MB,)))
        assert mapped(tmp_path) == 1


@LINUX
def test_an_array_outlives_its_maker_and_frees_its_room_when_let_go(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((4 * MB,))
        array[:] = 3.0
    assert array[0] == array[-1] == 3.0
    assert mapped(tmp_path) == 1
    del array
    gc.collect()
    assert mapped(tmp_path) == 0


@LINUX
def test_what_is_handed_back_keeps_its_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "POLL_SECONDS", 60.0)  # the thread shall not come first
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((8 * MB,))
        array[:] = np.arange(8 * MB, dtype=np.float32)
        before = resident()
        make.release()
        assert before - resident() > 20 * MB
        assert np.array_equal(array, np.arange(8 * MB, dtype=np.float32))


@LINUX
def test_pages_are_handed_back_while_nobody_asks(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((8 * MB,))
        base = resident()
        array[:] = 1.0
        end = time.monotonic() + 5.0
        while resident() - base > 4 * MB and time.monotonic() < end:
            time.sleep(0.005)
        assert resident() - base <= 4 * MB


@LINUX
def test_what_is_taken_in_blocks_is_handed_back_without_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "POLL_SECONDS", 1000.0)
    with Scratch(tmp_path, budget_bytes=8 * MB) as make:
        array = make((2, 16 * MB))
        base = most = resident()
        for start in range(0, 16 * MB, MB // 4):
            array[:, start : start + MB // 4] += 1.0
            most = max(most, resident())
        total = sum(float(row[k : k + MB].sum()) for row in array for k in range(0, 16 * MB, MB))
        most = max(most, resident())
    assert total == 32 * MB
    assert most - base < 24 * MB


@LINUX
def test_what_is_written_in_blocks_is_handed_back_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "POLL_SECONDS", 1000.0)
    with Scratch(tmp_path, budget_bytes=8 * MB) as make:
        row = make((32 * MB,))
        base = most = resident()
        ones = np.ones(MB // 4, dtype=np.float32)
        for start in range(0, 32 * MB, MB // 4):
            row[start : start + MB // 4] = ones
            most = max(most, resident())
        assert float(row[-1]) == 1.0
    assert most - base < 24 * MB


def test_what_is_computed_from_an_array_is_plain(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=0) as make:
        array = make((2, MB))
    assert type(array + 1.0) is np.ndarray
    assert type(np.ascontiguousarray(array[0, 5:9])) is np.ndarray
    assert isinstance(array.max(), np.float32)
    assert isinstance(array[0, 0], np.float32)


def test_a_block_is_counted_as_it_is_taken_and_plain_from_then_on(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((2, MB))
        block = array[:, : MB // 16]
        block[:] = 1.0
        assert type(block) is np.ndarray
        assert array[:, MB // 16 - 1].tolist() == [1.0, 1.0]
        assert type(array[0]) is not np.ndarray  # a channel, of which blocks are taken


def test_the_thread_ends_with_its_scratch(tmp_path: Path) -> None:
    with Scratch(tmp_path, budget_bytes=MB) as make:
        array = make((MB,))
        assert array.size == MB
    assert "scratch" not in {thread.name for thread in threading.enumerate()}


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(disk, "KEEP_FREE", free)
    with Scratch(tmp_path, budget_bytes=MB) as make, pytest.raises(FileError, match="is full"):
        make((4 * MB,))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no RLIMIT_FSIZE")
def test_a_disk_that_refuses_later_is_an_error_not_a_signal(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from bridge.scratch import Scratch;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({MB}, {MB}));"
        "from assistant.errors import FileError\n"
        "try: Scratch(Path(sys.argv[1]), budget_bytes=0)((1 << 20,))\n"
        "except FileError as error: print(error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "No scratch space can be had" in said.stdout
    assert "larger than this system allows" in said.stdout


def test_a_file_system_that_reserves_nothing_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    with Scratch(tmp_path, budget_bytes=MB) as make:
        assert not make((MB,)).any()


def test_an_array_beyond_all_disks_is_refused(tmp_path: Path) -> None:
    with Scratch(tmp_path) as make, pytest.raises(FileError, match="needed"):
        make((2**50,))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        Scratch(tmp_path / "file" / "cache", budget_bytes=0) as make,
        pytest.raises(FileError, match=r"No scratch space can be had in .*cache': a part of the"),
    ):
        make((MB,))


STREAM = """
import sys
from pathlib import Path
import numpy as np
from bridge.scratch import Scratch

def most():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10

with Scratch(Path(sys.argv[1])) as make:
    sound = make((2, 158_000_000))
    for turn in range(3):
        sound[:] = turn
        assert float(np.max(sound)) == turn
    half = make(sound.shape)
    np.multiply(sound, np.float32(0.5), out=half)
    assert half[0, 0] == half[1, -1] == 1.0
print(most())
"""


@LINUX
@pytest.mark.slow
def test_an_hour_of_stereo_streams_in_200_mb(tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free < 4 << 30:
        pytest.skip("needs 4 GB of disk")
    said = subprocess.run(
        [sys.executable, "-c", STREAM, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(said.stdout) < 200


def test_material_that_needs_more_room_later_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = SimpleNamespace(free=disk.KEEP_FREE + 44 * MB)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: room)
    with Scratch(tmp_path, budget_bytes=MB) as make:
        make.for_work(1)((4 * MB,))
        with pytest.raises(FileError, match=r"is full: 83\.9 MB are needed, 314\.6 MB"):
            make.for_work(5)((4 * MB,))
        several = make.for_work(2)
        several((MB,))
        with pytest.raises(FileError, match="are needed"):
            several((8 * MB,))
        assert make.for_work(1000)((10,)).shape == (10,)  # no file is needed for so little
