"""The house keeps its shape: floors, sizes, docs that tell the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from assistant import engine
from bridge import presets
from bridge.cli import COMMANDS
from bridge.osc.table import table_markdown

HOUSE = Path(__file__).parent.parent
MODULES = sorted(path for room in ("assistant", "bridge") for path in (HOUSE / room).rglob("*.py"))
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
SHIPPED = [name for name in engine.stage_names() if name != "dummy"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source))
    assert source.count("\n") <= 400


def test_there_is_no_room_for_everything() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc"}]


def test_readme_holds_the_message_table() -> None:
    assert table_markdown() in (HOUSE / "README.md").read_text()


def test_the_stage_in_the_readme_works(tmp_path: Path) -> None:
    readme = (HOUSE / "README.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "louder.py").write_text(code)
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys, numpy as np; from assistant import engine;"
                "from assistant.contract import Request; from assistant.material import Audio;"
                f"engine.add_stages({str(tmp_path)!r}); audio = Audio(np.ones((2, 9), 'f4'), 8000);"
                "*_, last = engine.run(Request('louder', audio, {'gain': '20'}));"
                "print(last.material['main'].samples.mean())"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=HOUSE,
    )
    assert float(told.stdout) == pytest.approx(10.0)


def test_readme_names_every_stage_and_command() -> None:
    readme = (HOUSE / "README.md").read_text()
    for name in (*SHIPPED, *COMMANDS, "ask"):
        assert f"bandmate {name}" in readme


def test_readme_names_every_make_target() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    readme = (HOUSE / "README.md").read_text()
    assert targets
    for target in targets:
        assert f"make {target}" in readme


def test_every_stage_has_its_test_its_presets_and_its_bench() -> None:
    for name in SHIPPED:
        assert (HOUSE / "tests" / "assistant" / "stages" / f"test_{name}.py").exists()
        assert (HOUSE / "bench" / f"{name}.py").exists()
        assert presets.names(name)


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(
        int(path.name[:4]) for path in (HOUSE / "docs" / "decisions").glob("[0-9]*.md")
    )
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_dependency_is_pinned_in_constraints() -> None:
    lines = (HOUSE / "constraints.txt").read_text().lower().splitlines()
    pinned = {line.split("==")[0].replace("_", "-") for line in lines if "==" in line}
    for wanted in PROJECT["dependencies"]:
        assert re.split(r"[<>=\[]", wanted)[0].lower() in pinned
    assert "torch==2.13.0" in lines


def test_the_changelog_tells_of_every_stage() -> None:
    changelog = (HOUSE / "CHANGELOG.md").read_text()
    assert all(f"`{name}`" in changelog for name in SHIPPED)
