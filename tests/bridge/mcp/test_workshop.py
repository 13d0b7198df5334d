from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import (
    BandmateError,
    Busy,
    FileError,
    OutsideRoots,
    SettingError,
    UnknownName,
)
from bridge import places
from bridge.mcp.summary import Answer
from bridge.store.journal import Journal
from bridge.worker_process import WorkerProcess
from tests.bridge.mcp.doors import Shop, shop


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(tmp_path_factory.mktemp("shop")) as opened:
        yield opened


async def _deaf(_: float, __: str) -> None:
    return


def ask(here: Shop, **asked: object) -> Answer:
    return here.run(here.workshop.ask("dummy", asked, _deaf))


def test_an_answer_is_the_json_of_the_command(here: Shop) -> None:
    answer = ask(here, do="moves", count=2)
    assert set(answer) == {"stage", "input", "seconds", "suggestions"}
    assert [one["n"] for one in answer["suggestions"]] == [1, 2]
    assert answer["suggestions"][0]["moves"][0]["parameter"] == "eq.freq_hz"


def test_progress_rises_to_one(here: Shop) -> None:
    heard: list[float] = []

    async def tell(fraction: float, doing: str) -> None:
        assert doing
        heard.append(fraction)

    here.run(here.workshop.ask("dummy", {"do": "nap", "seconds": 0.1}, tell))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)


def test_a_file_is_read_and_what_is_made_lies_beside_it(here: Shop) -> None:
    path = here.root / "take.wav"
    soundfile.write(path, np.full((800, 1), 0.25), 8000)
    answer = ask(here, path=str(path), count=1)
    assert answer["input"] == str(path)
    assert Path(answer["suggestions"][0]["file"]).parent == here.root


def test_what_is_none_is_not_said(here: Shop) -> None:
    assert "error" not in ask(here, path=None, seconds=None, count=1)


@pytest.mark.parametrize(
    ("asked", "kind", "text"),
    [
        ({"path": "take.wav"}, FileError, "whole path"),
        ({"path": 3}, SettingError, "path is 3"),
        ({"path": "/etc/hosts"}, OutsideRoots, "bandmate allow /etc"),
        ({"out": "/etc"}, OutsideRoots, "bandmate allow"),
        ({"guide": "/etc/hosts"}, OutsideRoots, "bandmate allow /etc"),
        ({"guide": ["/etc/hosts"]}, FileError, "whole path"),
        ({"seconds": 700}, SettingError, "0 to 600 s"),
        ({"secconds": 1}, UnknownName, "Did you mean 'seconds'?"),
        ({"count": 99}, SettingError, "1 to 32"),
        ({"seed": "dice"}, SettingError, "seed is 'dice'"),
        ({"do": {"a": 1}}, SettingError, "answer, nap"),
        ({"preset": ["one", "two"]}, UnknownName, "preset 'one'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_the_words_of_the_musician(
    here: Shop, asked: dict[str, object], kind: type[BandmateError], text: str
) -> None:
    with pytest.raises(kind, match=text.replace("?", r"\?")):
        ask(here, **asked)


def test_a_folder_that_was_allowed_may_be_used_at_once(here: Shop, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, np.full((800, 1), 0.25), 8000)
    with pytest.raises(OutsideRoots):
        ask(here, path=str(path))
    journal = Journal(places.journal())
    journal.allow(tmp_path)
    journal.close()
    assert "error" not in ask(here, path=str(path))


@pytest.mark.parametrize(
    ("do", "code"), [("refuse", "material"), ("bug", "bug"), ("crash", "crash")]
)
def test_a_job_that_fails_says_why(here: Shop, do: str, code: str) -> None:
    answer = ask(here, do=do)
    assert set(answer) == {"error"}
    assert answer["error"]["code"] == code


def test_one_preset_that_fails_leaves_the_others(here: Shop) -> None:
    folder = places.own_shelf() / "dummy"
    folder.mkdir(parents=True)
    for name, do in (("fine", "answer"), ("wrong", "refuse")):
        text = f'title = "{name}"\nsource = "tests"\nchecked = 2026-01-02\n'
        (folder / f"{name}.toml").write_text(f'{text}[settings]\ndo = "{do}"\n')
    answer = ask(here, preset=["fine", "wrong"])
    assert [one["title"] for one in answer["suggestions"]] == ["fine: answer 1"]
    assert "wrong" in answer["error"]["text"]


def test_cancel_ends_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    start = WorkerProcess.start

    async def noted(told: dict[str, object], *, full: bool) -> WorkerProcess:
        process = await start(told, full=full)
        begun.append(process.pid)
        return process

    monkeypatch.setattr(WorkerProcess, "start", noted)

    async def test(here: Shop) -> None:
        working = asyncio.Event()

        async def tell(_: float, doing: str) -> None:
            if doing == "doing native":
                working.set()

        asked = {"do": "native", "seconds": 600}
        job = asyncio.create_task(here.workshop.ask("dummy", asked, tell))
        await working.wait()
        os.kill(begun[0], 0)  # the first is the only one that can have it
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        while _lives(begun[0]):
            await asyncio.sleep(0.01)

    with shop(tmp_path, slots=1) as here:
        here.run(test(here))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_full_queue_says_so(tmp_path: Path) -> None:
    async def test(here: Shop) -> None:
        jobs = [
            asyncio.create_task(here.workshop.ask("dummy", {"do": "nap", "seconds": 600}, _deaf))
            for _ in range(2)
        ]
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        assert isinstance(done.pop().exception(), Busy)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    with shop(tmp_path, slots=1, queue=1) as here:
        here.run(test(here))


def test_no_worker_is_started_before_something_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> WorkerProcess:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(WorkerProcess, "start", never)
    with shop(tmp_path) as here, pytest.raises(UnknownName):
        ask(here, nothing=1)
