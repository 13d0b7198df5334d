"""Folders of tiny sound files, and ``bandmate batch`` in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

HOUSE = Path(__file__).parents[3]
MOODS = Path(__file__).parent / "moods"

# What a shell starts in the background ignores Ctrl-C, and so does all that is started there.
_PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from assistant import engine; engine.add_stages(sys.argv[1]);"
    "from bridge.cli import main; sys.exit(main(sys.argv[2:]))"
)


def sound(path: Path, first: float = 0.0, frames: int = 64) -> Path:
    """Write a sound file that begins with a sample of one value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.full((frames, 1), 1 / 64)
    samples[0] = first
    soundfile.write(path, samples, 8000, subtype="PCM_16")
    return path


def catalogue(folder: Path, count: int) -> list[Path]:
    """Make a folder of sound files, each of its own length."""
    return [sound(folder / f"song {n:04d}.wav", frames=64 + n) for n in range(count)]


def started(*words: str) -> subprocess.Popen[str]:
    """Start ``bandmate batch``; `words` follow it."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(MOODS), "batch", *words],
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*words: str) -> tuple[int, Any, str]:
    """Run ``bandmate batch --json``; return its code, its one object, and stderr."""
    process = started(*words, "--json")
    out, err = process.communicate()
    assert out.count("\n") == 1, err
    return process.returncode, json.loads(out), err


def results(out: Path) -> list[str]:
    """List the results in an out folder, below it, also while a batch is at work there."""
    found: list[str] = []
    for here, folders, names in os.walk(out):  # what vanishes meanwhile is passed over
        folders[:] = [name for name in folders if name != ".bandmate-batch"]
        paths = (Path(here, name) for name in names if re.search(r"\.\w+-[0-9]+\.", name))
        found += [str(path.relative_to(out)) for path in paths]
    return sorted(found)


def strays(out: Path) -> list[str]:
    """List what should not be there once a batch has ended."""
    hidden = [path for path in out.rglob("*") if any(one[0] == "." for one in path.parts[1:])]
    kept = {".bandmate-batch", "ledger.sqlite"}
    return [str(path) for path in hidden if path.name not in kept]


def states(said: Any) -> dict[str, str]:
    """Tell the state of each file by its name."""
    return {Path(one["file"]).name: one["state"] for one in said["files"]}


def numbered(paths: Sequence[Path], stage: str = "mood") -> list[str]:
    """Name the first result of each file."""
    return sorted(f"{path.stem}.{stage}-1{path.suffix}" for path in paths)
