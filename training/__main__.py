"""Make every model on the shelf anew: ``python -m training --data FOLDER``."""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

TASKS = ("next_chord", "melody", "harmonise", "proposals", "melody_steps", "bells")
SHELF = Path(__file__).parent.parent / "presets" / "models"


def main(words: list[str] | None = None) -> None:
    """Train the tasks asked for, one after another, and say how long each took."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of the corpora")
    parser.add_argument("--models", default=SHELF, type=Path, help="where weights and cards go")
    found = [task for task in TASKS if find_spec(f"training.{task}")]
    known = [task for task in found if hasattr(import_module(f"training.{task}"), "train")]
    parser.add_argument("--task", action="append", choices=known, help="all where left out")
    asked = parser.parse_args(words)
    folder = asked.data / "corpora" if (asked.data / "corpora").is_dir() else asked.data
    asked.models.mkdir(parents=True, exist_ok=True)
    for task in asked.task or known:
        begun = time.monotonic()
        import_module(f"training.{task}").train(folder, asked.models)
        print(f"{task}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
