"""The wheel: what is in it, and that it works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(HOUSE)], check=True, capture_output=True, timeout=120)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_and_the_shelf(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    rooms = {name.split("/")[0] for name in names}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"assistant", "bridge"}
    shipped = {name.removeprefix("bridge/shelf/") for name in names if "bridge/shelf/" in name}
    here = {str(path.relative_to(HOUSE / "presets")) for path in (HOUSE / "presets").rglob("*.*")}
    assert shipped == here
    assert not [name for name in names if "shelf" in name and name.endswith(".py")]
    assert not [name for name in names if name.endswith((".nbi", ".nbc", ".pyc"))]


def test_bandmate_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    told = subprocess.run(
        [sys.executable, "-P", "-m", "bridge", "chords", "--prompt", "hopeful", "--count", "1"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=True,
        timeout=120,
    )
    assert "1. " in told.stdout
    found = subprocess.run(
        [sys.executable, "-P", "-c", "import bridge; print(bridge.__file__)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert found.stdout.startswith(str(tmp_path))
