"""Arrays that live on disk where there are many, so that hours of audio need no more than minutes.

Arrays are plain memory as long as they fit into a small budget together; beyond it, an array is
a shared map of a file without a name: nothing is left behind however the
process ends. Pages that were touched stay resident until the system wants them back, which is too
late for a small assistant beside a DAW; so they are handed back whenever too many are: by the
arrays themselves, which count what is taken of them block by block, and by a thread, for what is
not taken in blocks; on a busy machine the thread alone would come too late. The content stays in
the file (``MADV_DONTNEED`` on a shared map drops the view, not the data).
"""

from __future__ import annotations

import errno
import math
import mmap
import os
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from assistant.errors import FileError
from assistant.material import Samples
from bridge import disk, places

__all__ = ["Scratch"]

SMALL_BYTES = 1 << 20
BUDGET_BYTES = 32 << 20
POLL_SECONDS = 0.002
COUNTED_SECONDS = 0.016  # the same while blocks are counted: each look takes 0.2 ms from the work
AROUND_BYTES = 1 << 17  # that the system maps around what is touched, at most

_STATM = Path("/proc/self/statm")


class _Counted(np.ndarray):
    """An array that says how much of it is taken; blocks, and what is computed, are plain ones."""

    taken: Callable[[int], None] | None = None

    def __array_finalize__(self, source: object) -> None:
        """Let views tell the same; copies tell nothing."""
        self.taken = None if self.flags.owndata else getattr(source, "taken", None)

    def __array_wrap__(self, made: Any, *_: object) -> Any:
        """Return a plain array, or a number, from what is computed."""
        return made[()] if made.ndim == 0 else np.asarray(made)

    def __getitem__(self, key: Any) -> Any:
        """Take a part; a small one is counted here, once and for all."""
        part = super().__getitem__(key)
        if self.taken is not None and isinstance(part, np.ndarray) and part.nbytes < self.nbytes:
            self.taken(part.nbytes)
            return np.asarray(part) if part.nbytes <= SMALL_BYTES else part
        return part

    def __setitem__(self, key: Any, value: Any) -> None:
        """Write a part."""
        super().__setitem__(key, value)
        if self.taken is not None:
            self.taken(min(getattr(value, "nbytes", self.nbytes), self.nbytes))


class Scratch:
    """A maker of float32 arrays of zeros, in memory while they are few and on disk beyond.

    Use it as a context manager. An array stays valid for as long as it is held; its disk space is
    free again when the last hold on it goes.

    Parameters
    ----------
    folder : Path, optional
        Where the files of large arrays are; bandmate's cache folder by default. It should not be
        in memory (as ``/tmp`` often is).
    budget_bytes : int
        How much plain arrays may take together; and how much of the maps may be resident, give or
        take what is touched between two looks. Arrays under `SMALL_BYTES` are always plain.
    """

    def __init__(self, folder: Path | None = None, *, budget_bytes: int = BUDGET_BYTES) -> None:
        self._folder = folder or places.cache_folder()
        self._budget_bytes = budget_bytes
        self._plain_bytes = 0
        self._taken_bytes = 0
        self._counts = False
        self._maps: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
        self._lock = threading.Lock()  # of the maps: the thread walks through them
        self._closed = threading.Event()
        self._keeper: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def __call__(self, shape: tuple[int, ...], /) -> Samples:
        """Make an array of zeros.

        Parameters
        ----------
        shape : tuple of int
            As wanted, such as (channels, frames).

        Returns
        -------
        ndarray of float32
            In C order.

        Raises
        ------
        FileError
            Where the disk has no room; it is reserved here, so that no later write can fail.
        """
        size = math.prod(shape) * np.dtype(np.float32).itemsize
        if size < SMALL_BYTES or self._plain_bytes + size <= self._budget_bytes:
            return self._plain(shape, size)
        mapped = self._mapped(size)
        with self._lock:
            self._maps.add(mapped)
        self._keep()
        array = np.frombuffer(mapped, dtype=np.float32).reshape(shape).view(_Counted)
        array.taken = self._take
        return array

    def for_work(self, copies: int) -> Callable[[tuple[int, ...]], Samples]:
        """Make arrays for material that scratch is needed for many times over.

        Parameters
        ----------
        copies : int
            How often all of the material has to fit in, itself included.

        Returns
        -------
        callable
            Makes an array as this does.

        Raises
        ------
        FileError
            From what is returned, before anything is read: where the disk has too little room for
            what will be done with it.
        """
        total = 0

        def make(shape: tuple[int, ...], /) -> Samples:
            nonlocal total
            size = math.prod(shape) * np.dtype(np.float32).itemsize
            total += size
            if copies * total > self._budget_bytes:
                self._check_room(size + (copies - 1) * total)
            return self(shape)

        return make

    def release(self) -> None:
        """Hand back the resident pages of all maps; what they hold stays as it is."""
        if hasattr(mmap, "MADV_DONTNEED"):
            with self._lock:
                for mapped in self._maps:
                    mapped.madvise(mmap.MADV_DONTNEED)

    def _take(self, size: int) -> None:
        """Count what is taken; before it becomes too much, hand back what was taken before."""
        if size > self._budget_bytes:
            return  # not a block to work on, but a channel to take blocks of
        self._counts = True
        touched = size + AROUND_BYTES
        self._taken_bytes += touched
        if self._taken_bytes > self._budget_bytes:
            self.release()
            self._taken_bytes = touched

    def close(self) -> None:
        """Stop the thread, and hand back what is resident; arrays that are held stay valid."""
        self._closed.set()
        if self._keeper is not None:
            self._keeper.join()
        self.release()

    def _plain(self, shape: tuple[int, ...], size: int) -> Samples:
        """Make an array in memory, and count it for as long as it is held."""
        array = np.zeros(shape, dtype=np.float32)
        self._plain_bytes += size
        weakref.finalize(array, self._forget, size).atexit = False
        return array

    def _forget(self, size: int) -> None:
        self._plain_bytes -= size

    def _mapped(self, size: int) -> mmap.mmap:
        """Map a new file without a name, its room reserved."""
        with disk.told(f"No scratch space can be had in {disk.shown(self._folder)}"):
            self._check_room(size)
            with tempfile.TemporaryFile(dir=self._folder, buffering=0) as file:
                _reserve(file.fileno(), size)
                try:
                    return mmap.mmap(file.fileno(), size)
                except (ValueError, OverflowError):  # beyond the address space
                    wanted = disk.megabytes(size)
                    raise FileError(
                        f"{wanted} of scratch are more than this system maps."
                    ) from None

    def _check_room(self, size: int) -> None:
        """See that the disk has so many bytes of room."""
        self._folder.mkdir(parents=True, exist_ok=True)
        disk.check_room(self._folder, size)

    def _keep(self) -> None:
        """Start the thread that hands pages back, once, where the system can."""
        can = hasattr(mmap, "MADV_DONTNEED") and _STATM.exists()
        if can and self._keeper is None and not self._closed.is_set():
            self._keeper = threading.Thread(target=self._watch, name="scratch", daemon=True)
            self._keeper.start()

    def _watch(self) -> None:
        """Hand pages back whenever more than the budget were touched since the last time.

        What is resident of libraries counts in the same figure, so only its growth is judged.
        """
        page = mmap.PAGESIZE
        with _STATM.open("rb", buffering=0) as statm:

            def resident() -> int:
                statm.seek(0)
                return int(statm.read(256).split()[2]) * page

            floor = resident()
            while not self._closed.wait(COUNTED_SECONDS if self._counts else POLL_SECONDS):
                self._counts = False
                now = resident()
                if now - floor > self._budget_bytes:
                    self.release()
                    floor = resident()
                else:
                    floor = min(floor, now)


def _reserve(file: int, size: int) -> None:
    """Give a file its full length, on disk where the system can."""
    try:
        os.posix_fallocate(file, 0, size)
    except AttributeError:  # macOS, Windows
        os.ftruncate(file, size)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL}:
            raise
        os.ftruncate(file, size)  # this file system reserves nothing
