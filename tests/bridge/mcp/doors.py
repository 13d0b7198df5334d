"""What the tests of the door share: the dummy stage, a loop that lives on, and the server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from assistant import engine
from bridge.jobs import Limits
from bridge.mcp.workshop import Workshop

DUMMIES = str(Path(__file__).parents[2] / "dummies")
HOUSE = str(Path(__file__).parents[3])
SECONDS = 120

T = TypeVar("T")


@dataclass
class Shop:
    """A workshop, the loop it lives in, and the folder it may use."""

    workshop: Workshop
    runner: asyncio.Runner
    root: Path

    def run(self, test: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asyncio.wait_for(test, SECONDS))


@contextmanager
def shop(root: Path, **limits: Any) -> Iterator[Shop]:
    """Open a workshop with the dummy stage."""
    engine.add_stages(DUMMIES)
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANDMATE_HOME", str(root / "home"))
        opened = Workshop((root,), (DUMMIES,), Limits(**limits))
        try:
            yield Shop(opened, runner, root)
        finally:
            runner.run(opened.close())


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a server that is a process of its own."""
    return {**os.environ, "PYTHONPATH": HOUSE, **more}
