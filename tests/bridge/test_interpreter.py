from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from bridge.interpreter import running

BRIDGE = Path(__file__).parents[2] / "bridge"


def test_what_lies_in_the_folder_it_is_started_in_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "bridge").mkdir()
    for name in ("bridge/__init__.py", "bridge/__main__.py", "numpy.py"):
        (tmp_path / name).write_text("print('theirs')")
    told = subprocess.run(
        running("bridge", "--version"), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "theirs" not in told.stdout


@pytest.mark.parametrize("path", sorted(BRIDGE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_is_started_in_another_way(path: Path) -> None:
    words = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
    }
    assert "-m" not in words or "-P" in words
