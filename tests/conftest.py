"""What all tests share: a home of their own, real material where it is, the guard of the stages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.threads import ONE_THREAD

os.environ.update(ONE_THREAD)

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from assistant.material import Audio

settings.register_profile(
    "bandmate",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("bandmate")

_WATCHED = ("open", "socket.", "subprocess.", "os.", "shutil.", "ctypes.dlopen", "sqlite3.")
_HARMLESS = ("os.putenv", "os.unsetenv")
_seen: list[str] = []
_watching = [False]


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watching[0] and event.startswith(_WATCHED) and event not in _HARMLESS:
        _seen.append(f"{event}{args}")


sys.addaudithook(_watch)


@contextmanager
def nothing_opened() -> Iterator[None]:
    """Fail where the code inside opens a file, a socket or a process."""
    _seen.clear()
    _watching[0] = True
    try:
        yield
    finally:
        _watching[0] = False
    assert _seen == []


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test's journal, cache, presets and music in a folder of its own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BANDMATE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real material, or skip with the reason."""
    folder = os.environ.get("BANDMATE_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("BANDMATE_TEST_DATA names no folder of real material")
    return Path(folder)


@pytest.fixture
def noise() -> Audio:
    """Return two seconds of stereo noise at -20 dBFS."""
    samples = np.random.default_rng(7).normal(0.0, 0.1, (2, 88_200)).astype(np.float32)
    return Audio(samples, 44_100)
