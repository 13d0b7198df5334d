from __future__ import annotations

import io
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from bridge.dawproject import archive
from bridge.dawproject.archive import Archive, is_zip
from bridge.sound.flaws import Flaw
from tests.bridge.dawproject.packing import Slow, packed, project


def test_the_project_and_its_sound_are_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.dawproject", project(""), {"audio/a.wav": b"sound"})
    with io.FileIO(path) as file:
        assert is_zip(file)
        one = Archive(file)
        assert one.project() == project("").encode()
        with one.sound("audio/a.wav") as sound:
            assert sound.read() == b"sound"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.dawproject"]


@pytest.mark.parametrize(
    "name", ["../up.wav", "/etc/passwd", "a/../../b.wav", "..\\up.wav", "C:/x.wav", "\\x.wav"]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.dawproject", project(""), {name: b"x"})
    with pytest.raises(Flaw, match="outside of it"), io.FileIO(path) as file:
        Archive(file)


def test_a_sound_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.dawproject", project(""))
    with (
        io.FileIO(path) as file,
        pytest.raises(Flaw, match=r"names the sound '../x.wav', which is not in it"),
        Archive(file).sound("../x.wav"),
    ):
        pass


@pytest.mark.parametrize("name", ["a\u0308/\u6b4c.wav", "\u00e4/\u6b4c.wav"])
def test_a_sound_is_found_however_its_name_is_spelled(tmp_path: Path, name: str) -> None:
    """Macs take letters and their dots apart; some programs do not say that names are UTF-8."""
    path = packed(tmp_path / "a.dawproject", project(""), {"a\u0308/\u6b4c.wav": b"sound"})
    bare = tmp_path / "bare.dawproject"
    utf_8 = struct.pack("<H", 0x800)
    bare.write_bytes(path.read_bytes().replace(utf_8, b"\0\0"))
    with io.FileIO(bare) as file:
        assert "\u6b4c" not in "".join(zipfile.ZipFile(file).namelist())
    for one in (path, bare):
        with io.FileIO(one) as file, Archive(file).sound(name) as sound:
            assert sound.read() == b"sound"


def test_a_sound_is_unpacked_whole_where_the_disk_takes_little_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "a.dawproject", project(""), {"a.wav": b"0123456789"})
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Slow(tmp_path / "b", "w+"))
    with io.FileIO(path) as file, Archive(file).sound("a.wav") as sound:
        assert sound.read() == b"0123456789"


def refused(path: Path, said: str) -> None:
    with io.FileIO(path) as file, pytest.raises(Flaw, match=said):
        Archive(file).project()


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = packed(tmp_path / "large", b" " * 200_000)
    many = packed(tmp_path / "many", project(""), {f"{at}": b"" for at in range(20)})
    monkeypatch.setattr(archive, "MAX_PROJECT_BYTES", 100_000)
    refused(large, r"project\.xml of 0\.2 MB")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 20)
    refused(many, "claims 21 files in it; a DAWproject has 20 at most")


def patched(path: Path, at: int, value: int) -> None:
    """Change a number in the list of members of an archive with one member."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + at, value)
    path.write_bytes(data)


def test_claims_that_deflate_cannot_keep_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a", project(""))
    patched(path, 24, 1 << 31)
    refused(path, "claims 2,147.5 MB")


def test_a_wide_list_of_members_is_not_hidden_by_a_narrow_one(tmp_path: Path) -> None:
    path = packed(tmp_path / "a", project(""))
    data = path.read_bytes()
    end = data.index(b"PK\x05\x06")
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(data[:end] + wide + locator + data[end:])
    refused(path, "claims 1,099,511,627,776 files")


def test_broken_archives_are_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a", project(""))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused(path, "is cut off")
    at = data.index(b"project.xml") + 40
    path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    refused(path, "damaged ZIP")
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("word/document.xml", "")
    refused(path, r"without a project\.xml")


def test_locked_and_oddly_packed_ones_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a", project(""))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused(path, "password")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as other:
        other.writestr("project.xml", project(""))
    refused(path, "in a way no DAWproject does")
