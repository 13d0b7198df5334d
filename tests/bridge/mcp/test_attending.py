from __future__ import annotations

import asyncio

import pytest

from assistant.errors import FileError, MusicianError
from bridge.mcp import attending
from bridge.mcp.attending import attended


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "LOOK_SECONDS", 0.01)


async def here() -> bool:
    return False


async def left() -> bool:
    return True


class Work:
    """Something that takes longer than anybody waits, and notes that it was cut short."""

    cut = False

    async def do(self) -> None:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            self.cut = True
            raise


@pytest.mark.parametrize("gone", [here, None])
def test_what_is_done_is_answered(gone: attending.Gone | None) -> None:
    async def work() -> int:
        await asyncio.sleep(0.05)
        return 3

    assert asyncio.run(attended(work(), gone)) == 3


def test_a_mistake_is_passed_on() -> None:
    async def work() -> None:
        raise FileError("There is none.")

    with pytest.raises(FileError, match="There is none"):
        asyncio.run(attended(work(), here))


def test_work_for_nobody_ends() -> None:
    work = Work()
    with pytest.raises(MusicianError, match="gone"):
        asyncio.run(attended(work.do(), left))
    assert work.cut


def test_work_that_is_cancelled_ends() -> None:
    work = Work()

    async def test() -> None:
        task = asyncio.create_task(attended(work.do(), here))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait((task,))
        assert task.cancelled()

    asyncio.run(test())
    assert work.cut
