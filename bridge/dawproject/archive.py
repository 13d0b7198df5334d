"""The ZIP of a DAWproject, held against what a bomb or a forged name could do, before it is read.

Nothing is unpacked under a name that the archive chose: sound goes to a file without a name.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import IO, cast
from unicodedata import normalize

from bridge import disk, places
from bridge.sound.flaws import Flaw
from bridge.sound.spool import Spool

__all__ = ["PROJECT", "Archive", "is_zip"]

PROJECT = "project.xml"

MAX_MEMBERS = 10_000
MAX_DIRECTORY_BYTES = 8 << 20
MAX_PROJECT_BYTES = 32 << 20
MAX_SOUND_BYTES = 16 << 30
MAX_RATIO = 1100  # deflate reaches 1032; more is a lie
BLOCK_BYTES = 1 << 20

_BEGINS = b"PK\x03\x04"
_END = struct.Struct("<4s4xHHIIH")  # magic, disks, entries here, entries, bytes, place, comment
_END_MAGIC = b"PK\x05\x06"
_WIDE_END = struct.Struct("<4s8x2x2x4x4xQQQQ")  # magic, entries here, entries, bytes, place
_WIDE_END_MAGIC = b"PK\x06\x06"
_LOCATOR_BYTES = 20
_MAX_COMMENT = 0xFFFF
_ENCRYPTED = 0x1
_IN_UTF_8 = 0x800
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def is_zip(file: FileIO) -> bool:
    """Tell whether a file begins like a ZIP, and leave it at its first byte."""
    file.seek(0)
    head = file.read(len(_BEGINS))
    file.seek(0)
    return head == _BEGINS


class Archive:
    """An open DAWproject.

    Parameters
    ----------
    file : FileIO
        A file that begins like a ZIP.

    Raises
    ------
    Flaw
        Where it is no DAWproject, is broken, or claims what no project needs.
    """

    def __init__(self, file: FileIO) -> None:
        _check_directory(file)
        with _told():
            self._zip = zipfile.ZipFile(cast("IO[bytes]", file))
        self._members = {member.filename: member for member in self._zip.infolist()}
        if PROJECT not in self._members:
            raise Flaw(f"is a ZIP archive without a {PROJECT}; it is no DAWproject.")
        for member in tuple(self._members.values()):
            _check_member(member)
            for name in _spellings(member):
                self._members.setdefault(name, member)

    def project(self) -> bytes:
        """Return the bytes of ``project.xml``."""
        member = self._members[PROJECT]
        if member.file_size > MAX_PROJECT_BYTES:
            raise Flaw(
                f"holds a {PROJECT} of {disk.megabytes(member.file_size)}; "
                f"{disk.megabytes(MAX_PROJECT_BYTES)} at most. Export fewer tracks."
            )
        with _told(), self._zip.open(member) as packed:
            return packed.read(MAX_PROJECT_BYTES)

    @contextmanager
    def sound(self, name: str) -> Iterator[FileIO]:
        """Unpack a sound file into a file without a name.

        Parameters
        ----------
        name : str
            As the project says it.

        Yields
        ------
        FileIO
            At its first byte; gone at the end.

        Raises
        ------
        Flaw
            Where the archive does not hold it.
        FileError
            Where the disk has no room for it.
        """
        member = self._members.get(name) or self._members.get(normalize("NFC", name))
        if member is None:
            raise Flaw(f"names the sound {disk.shown(name)}, which is not in it; export it again.")
        folder = places.cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        disk.check_room(folder, member.file_size)
        with tempfile.TemporaryFile(buffering=0, dir=folder) as file:
            self._unpack(member, file)
            file.seek(0)
            yield file

    def _unpack(self, member: zipfile.ZipInfo, file: FileIO) -> None:
        whole = Spool(file)
        with _told(), self._zip.open(member) as packed:
            while block := packed.read(BLOCK_BYTES):  # never more than it claims, see zipfile
                whole.write(block)
                whole.check()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what Python's ZIP reader raises into a `Flaw`."""
    try:
        yield
    except _BROKEN as error:
        said = str(error).rstrip(".") or type(error).__name__
        raise Flaw(f"is a damaged ZIP archive ({said[:200]}). Export or copy it again.") from None


def _check_directory(file: FileIO) -> None:
    """Refuse a long list of members before Python makes an object of each."""
    size = os.fstat(file.fileno()).st_size
    start = max(0, size - _END.size - _MAX_COMMENT - _LOCATOR_BYTES - _WIDE_END.size)
    file.seek(start)
    tail = file.read(size - start) or b""
    file.seek(0)
    at = len(tail) - _END.size
    if at < 0 or tail[at : at + 4] != _END_MAGIC or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_MAGIC)
    if at < 0 or at + _END.size > len(tail):
        raise Flaw("is cut off: it begins like a ZIP archive and has no end. Export it again.")
    _, _, entries, length, _, _ = _END.unpack_from(tail, at)
    wide = at - _LOCATOR_BYTES - _WIDE_END.size  # Python believes it wherever it stands
    if wide >= 0 and tail[wide : wide + 4] == _WIDE_END_MAGIC:
        _, _, many, long, _ = _WIDE_END.unpack_from(tail, wide)
        entries, length = max(entries, many), max(length, long)
    if entries > MAX_MEMBERS or length > MAX_DIRECTORY_BYTES:
        raise Flaw(f"claims {entries:,} files in it; a DAWproject has {MAX_MEMBERS:,} at most.")


def _spellings(member: zipfile.ZipInfo) -> Iterator[str]:
    """Spell a name as others might: letters and dots as one, or in the UTF-8 that it is in."""
    yield normalize("NFC", member.filename)
    if not member.flag_bits & _IN_UTF_8:
        with suppress(UnicodeError):
            yield normalize("NFC", member.filename.encode("cp437").decode("utf-8"))


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = Path(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name.split("/", 1)[0]:
        raise Flaw(f"holds a file that would lie outside of it, {disk.shown(name)}; it is refused.")
    if member.flag_bits & _ENCRYPTED:
        raise Flaw("is locked with a password; export it without one.")
    if member.compress_type not in _PACKINGS:
        raise Flaw(f"packs {disk.shown(name)} in a way no DAWproject does; export it again.")
    if member.file_size > min(MAX_SOUND_BYTES, MAX_RATIO * (member.compress_size + 64)):
        raise Flaw(
            f"claims {disk.megabytes(member.file_size)} for {disk.shown(name)} out of "
            f"{disk.megabytes(member.compress_size)}; that is no sound, and it is refused."
        )
