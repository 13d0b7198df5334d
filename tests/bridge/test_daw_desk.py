"""Moves done in a DAW, through the desk, the journal and real datagrams; the DAW is made up."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from assistant.material import Note, Score, Track
from bridge import daw_moves, daw_session
from bridge.daw_desk import DawDesk
from bridge.daws.adapter import NOTES_FILE, Said
from bridge.desk import Desk
from bridge.jobs import Limits, Pool
from bridge.midi.score import bytes_from_score
from bridge.osc.calls import Call
from bridge.osc.guard import MAX_DATAGRAM
from bridge.osc.replies import encode
from bridge.store.journal import Journal
from tests.bridge.dummy_daw import Asker, Endpoint, Made, free_port, made_adapter, running

MOVE = {"parameter": "gain_db", "why": "It was loud.", "group": "", "unit": "dB"}
MOVES = [
    {**MOVE, "target": "bass", "value": -2.0, "mode": "change"},
    {**MOVE, "target": "drums", "value": -6.0, "mode": "set"},
    {**MOVE, "target": "drums", "value": 1.0, "mode": "change"},
]


class Room:
    """A desk, a journal with one job, and who asks."""

    def __init__(self, folder: Path, **adapters: Any) -> None:
        self.journal = Journal(folder / "journal.sqlite")
        self.daws = DawDesk(lambda name: adapters[name])
        never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.desk = Desk(Pool(Limits()), self.journal, (folder,), never, self.daws, "0")
        self.me = Asker()

    def suggest(
        self, n: int = 1, path: str = "", job: str = "job", stage: str = "dummy", **event: Any
    ) -> None:
        found = self.journal.find("udp:me", job)
        asked = event.pop("asked", {})
        key = found.key if found else self.journal.begin("udp:me", job, stage, path, asked)
        plain = {"file": "", "files": {}, "measured": {}, "chords": [], "notes": [], "moves": []}
        said = {"n": n, "title": "t", "why": "w", "confidence": 0.5}
        self.journal.suggested(key, {**said, **plain, **event})

    async def ask(self, word: str, *ends: str, by: Asker | None = None, **fields: Any) -> Any:
        asker = by or self.me
        self.desk.hear(asker, Call(word, fields.pop("id", "job"), **fields))
        return await asker.until("error", *ends)

    async def link(self, port: int, name: str = "made", by: Asker | None = None) -> Any:
        return await self.ask("daw", "linked", name=name, port=port, by=by)

    async def accept(self, n: int = 1, *moves: int, by: Asker | None = None) -> Any:
        return await self.ask("accept", "accepted", n=n, moves=moves, by=by)

    async def undo(self, n: int = 1) -> Any:
        return await self.ask("undo", "undone", n=n)

    def verdict(self, n: int = 1) -> str:
        entry = self.journal.find("udp:me", "job")
        assert entry is not None
        return self.journal.verdict(entry.key, n)

    def close(self) -> None:
        self.daws.close()
        self.journal.close()


@asynccontextmanager
async def linked(
    folder: Path, made: Made | None = None, ear: int = 0, **changes: object
) -> AsyncIterator[tuple[Room, Endpoint, Made]]:
    made = made or Made()
    room = Room(folder, made=made_adapter(ear, **changes))
    room.suggest(moves=MOVES)
    try:
        async with running(made, ear) as endpoint:
            assert await room.link(endpoint.port) == ("linked", ("job", "made", "Made"))
            yield room, endpoint, made
    finally:
        room.close()


Story = Callable[[Room, Endpoint, Made], Awaitable[None]]


def play(
    story: Story, folder: Path, made: Made | None = None, ear: int = 0, **changes: object
) -> None:
    async def whole() -> None:
        async with linked(folder, made, ear, **changes) as (room, endpoint, daw):
            await story(room, endpoint, daw)

    asyncio.run(whole())


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a DAW that is gone no longer than a test has patience."""
    monkeypatch.setattr(daw_session, "SILENCE_SECONDS", 0.2)
    monkeypatch.setattr(daw_moves, "BETWEEN_LOOKS_SECONDS", 0.01)


@pytest.mark.parametrize("has_ear", [False, True])
def test_accept_turns_faders_and_undo_turns_them_back(tmp_path: Path, has_ear: bool) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        assert await room.accept() == ("accepted", ("job", 1, 3))
        assert made.faders == {"bass": -5.0, "drums": -5.0}
        assert room.verdict() == "accepted"
        assert await room.undo() == ("undone", ("job", 1))
        assert made.faders == {"bass": -3.0, "drums": 0.0}
        assert room.verdict() == ""
        word, said = await room.undo()
        assert word == "error"
        assert "not accepted" in said[2]

    play(story, tmp_path, ear=free_port() if has_ear else 0)


def test_accepted_again_a_change_is_not_made_twice(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        for _ in range(2):
            assert await room.accept(1, 1) == ("accepted", ("job", 1, 1))
            assert made.faders["bass"] == -5.0
        await room.undo()
        assert made.faders["bass"] == -3.0

    play(story, tmp_path)


def test_undo_goes_back_the_way_it_came(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        await room.accept(1, 3)
        assert made.faders["drums"] == 1.0
        await room.accept(1, 2)
        assert made.faders["drums"] == -6.0
        assert (await room.undo())[0] == "undone"
        assert made.faders["drums"] == 0.0

    play(story, tmp_path)


def test_a_fader_that_was_closed_is_closed_again(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        assert await room.accept(1, 2) == ("accepted", ("job", 1, 1))
        assert await room.undo() == ("undone", ("job", 1))
        assert made.faders["drums"] == -120.0

    def standing(song: Any, move: Any) -> float | None:
        found = [track.gain_db for track in song.tracks.values() if track.name == move.target]
        return -math.inf if found[0] <= -100.0 else found[0]

    play(story, tmp_path, Made({"bass": 0.0, "drums": -200.0}), standing=standing)


def test_undo_survives_a_restart(tmp_path: Path) -> None:
    made = Made()

    async def first(room: Room, endpoint: Endpoint, made: Made) -> None:
        await room.accept()

    async def second(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.me.key = "udp:another port"
        assert await room.undo() == ("undone", ("job", 1))

    play(first, tmp_path, made)
    assert made.faders["bass"] == -5.0
    room_file = tmp_path / "journal.sqlite"
    assert room_file.exists()

    async def again() -> None:
        room = Room(tmp_path, made=made_adapter())
        async with running(made) as endpoint:
            await room.link(endpoint.port)
            await second(room, endpoint, made)
        room.close()

    asyncio.run(again())
    assert made.faders == {"bass": -3.0, "drums": 0.0}


def test_what_cannot_be_done_is_told_in_one_line(tmp_path: Path) -> None:
    other = {"target": "bass", "value": 0.5, "mode": "set", "why": "w", "group": "", "unit": ""}
    moves = [
        *MOVES[:2],
        {**other, "parameter": "pan"},
        {**MOVE, "target": "flute", "value": 1.0, "mode": "change"},
        {**MOVE, "target": "bass", "value": 90.0, "mode": "change"},
    ]

    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.suggest(2, moves=moves)
        made.stuck = {"drums"}
        word, said = await room.accept(2)
        assert (word, said[:3]) == ("accepted", ("job", 2, 1))
        told = str(said[3])
        assert "Move 2: gain_db of drums stands at 0, not at -6 dB." in told
        assert "Move 3: Made cannot set pan." in told
        assert "Move 4: Made has no track 'flute'." in told
        assert "Move 5: gain_db goes from" in told
        by_hand = "By hand: bass: pan: 0.5; flute: fader: by +1 dB; bass: fader: by +90 dB."
        assert told.endswith(by_hand)
        assert "\n" not in told
        assert made.faders["bass"] == -5.0

    play(story, tmp_path)


def test_a_daw_that_does_not_answer_leaves_everything_as_it_was(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        endpoint.silent = True
        endpoint.heard.clear()
        word, said = await room.accept()
        assert (word, said[:2]) == ("error", ("job", "daw"))
        assert f"does not answer on port {endpoint.port}" in said[2]
        assert room.verdict() == ""
        assert {one.address for one in endpoint.heard} == {"/get"}
        endpoint.silent = False
        assert await room.accept() == ("accepted", ("job", 1, 3))
        endpoint.silent = True
        assert (await room.undo())[1][1] == "daw"
        assert room.verdict() == "accepted"
        endpoint.silent = False
        assert (await room.undo())[0] == "undone"
        assert made.faders == {"bass": -3.0, "drums": 0.0}

    play(story, tmp_path)


def test_a_daw_that_goes_in_the_middle_can_still_be_undone(tmp_path: Path) -> None:
    class Going(Made):
        def hear(self, said: Any) -> Any:
            told = super().hear(said)
            if said.address == "/set":
                self.gone = True
            return [] if getattr(self, "gone", False) else told

    async def story(room: Room, endpoint: Endpoint, made: Any) -> None:
        word, said = await room.accept()
        assert (word, said[:3]) == ("accepted", ("job", 1, 0))
        assert "does not answer any more" in said[3]
        made.gone = False
        assert made.faders["bass"] == -5.0
        made.__class__ = Made
        assert (await room.undo())[0] == "undone"
        assert made.faders == {"bass": -3.0, "drums": 0.0}

    play(story, tmp_path, Going())


def test_a_daw_that_moved_is_linked_again(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        async with running(made, endpoint.ear) as moved:
            endpoint.silent = True
            assert (await room.link(moved.port))[0] == "linked"
            assert (await room.accept())[1][2] == 3

    play(story, tmp_path)
    play(story, tmp_path / "again", ear=free_port())


def test_a_daw_may_be_linked_before_it_runs(tmp_path: Path) -> None:
    async def whole() -> None:
        port, made = free_port(), Made()
        room = Room(tmp_path, made=made_adapter())
        room.suggest(moves=MOVES)
        word, said = await room.link(port)
        assert (word, said[1]) == ("error", "daw")
        loop = asyncio.get_running_loop()
        _, late = await loop.create_datagram_endpoint(
            lambda: Endpoint(made), local_addr=("127.0.0.1", port)
        )
        assert (await room.accept())[1][2] == 3
        late.close()
        room.close()

    asyncio.run(whole())


def test_the_client_that_linked_a_daw_means_that_one(tmp_path: Path) -> None:
    async def whole() -> None:
        one, two, other = Made(), Made(), Asker("udp:other")
        room = Room(tmp_path, one=made_adapter(TITLE="One"), two=made_adapter(TITLE="Two"))
        room.suggest(moves=MOVES)
        async with running(one) as here, running(two) as there:
            await room.link(here.port, "one")
            await room.link(there.port, "two", by=other)
            await room.accept(1, 1)
            assert (one.faders["bass"], two.faders["bass"]) == (-5.0, -3.0)
            await room.accept(1, 1, by=Asker("udp:a third"))
            assert (one.faders["bass"], two.faders["bass"]) == (-5.0, -5.0)
            assert (await room.undo())[0] == "undone"
            assert (one.faders["bass"], two.faders["bass"]) == (-3.0, -3.0)
        room.close()

    asyncio.run(whole())


def test_without_a_daw_accept_says_how_to_link_one(tmp_path: Path) -> None:
    async def whole() -> None:
        room = Room(tmp_path)
        room.suggest(moves=MOVES)
        word, said = await room.accept()
        assert (word, said[:3]) == ("accepted", ("job", 1, 3))
        assert "bandmate ask daw NAME" in said[3]
        assert room.verdict() == "accepted"
        word, said = await room.undo()
        assert word == "undone"
        assert "is taken back in the DAW" in said[2]
        assert room.verdict() == ""
        assert (await room.ask("context", "done"))[1][1] == "daw"
        room.close()

    asyncio.run(whole())


def test_garbage_and_bugs_are_borne(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        session = room.daws.named("made")
        assert session._link is not None
        ear = session._link.own_port
        dice = np.random.default_rng(1)
        for size in range(200):
            endpoint.send_raw(dice.bytes(size), ear)
        endpoint.send_raw(b"#reply\0\0,s\0\0x\0\0\0", ear)
        endpoint.send_raw(b"/bug\0\0\0\0,\0\0\0", ear)
        endpoint.send_raw(b"/fader\0\0,sss\0\0\0\0x\0\0\0x\0\0\0x\0\0\0", ear)
        await asyncio.sleep(0.05)
        assert (await room.accept())[1][2] == 3

    play(story, tmp_path)


@pytest.mark.parametrize("stands", [math.nan, math.inf, 1e30, "loud", None, True])
def test_garbage_in_the_middle_of_accept_and_undo_is_borne(tmp_path: Path, stands: object) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        real, dice = endpoint.answer, np.random.default_rng(2)

        def answer(told: list[Said], port: int) -> None:
            odd = [Said("/fader", (2, "keys", cast("float", stands)))] * bool(told)
            for size in (3, 16, 200):
                endpoint.send_raw(dice.bytes(size), port)
            real([*odd, *told, *odd], port)

        endpoint.answer = answer  # type: ignore[method-assign]
        keys = {**MOVE, "target": "keys", "value": -1.0, "mode": "change"}
        room.suggest(2, moves=[*MOVES, keys])
        word, said = await room.accept(2)
        assert (word, said[2]) == ("accepted", 3)
        assert "Move 4: " in said[3]
        assert (made.faders["bass"], made.faders["drums"]) == (-5.0, -5.0)
        await room.undo(2)
        assert (made.faders["bass"], made.faders["drums"]) == (-3.0, 0.0)

    play(story, tmp_path)


def test_what_the_daw_minds_is_said(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        real = made.hear
        trouble = Said("/trouble", ("the set is locked",))
        made.hear = lambda said: [*real(said), trouble]  # type: ignore[method-assign]
        made.stuck = {"bass"}
        _, said = await room.accept(1, 1)
        assert said[2] == 0
        assert said[3].endswith("Made says: the set is locked")

    play(story, tmp_path)


def test_what_the_daw_never_tells_is_done_and_said_to_be_lost(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        word, said = await room.accept(1, 2)
        assert (word, said[2]) == ("accepted", 1)
        assert "does not tell where move 2 stands" in said[3]
        assert made.faders["drums"] == -6.0
        word, said = await room.undo()
        assert (word, said[:2]) == ("undone", ("job", 1))
        assert said[2:] == ("Made did not tell where move 2 stood: undo it there.",)
        assert room.verdict() == ""

    def move(song: Any, one: Any) -> tuple[Said, ...]:
        return (Said("/set", (one.target, one.value)),)

    play(story, tmp_path, standing=lambda *_: None, move=move)


@pytest.mark.parametrize("before", [-math.inf, -500.0])
def test_a_fader_at_the_bottom_is_put_back_as_far_as_can_be_said(
    tmp_path: Path, before: float
) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        assert (await room.accept(1, 2))[1][2] == 1
        assert (await room.undo())[0] == "undone"
        assert made.faders["drums"] == -120.0

    def standing(song: Any, move: Any) -> float | None:
        found = [track.gain_db for track in song.tracks.values() if track.name == move.target]
        return before if found == [0.0] else found[0]

    play(story, tmp_path, standing=standing)


def test_notes_land_at_the_selected_clip(tmp_path: Path) -> None:
    path = tmp_path / "song.chords-1.mid"
    path.write_bytes(bytes_from_score(Score((Track("keys", (Note(60.0, 1.0, 2.0, 90),)),))))

    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.suggest(2, file=str(path), notes=[{"pitch": 60.0}])
        made.clip = (16.0, "", 0.0, 0.0)
        word, said = await room.accept(2)
        assert (word, said[:3]) == ("accepted", ("job", 2, 0))
        assert said[3] == "The notes went to Made, onto the selected track. Undo it there."
        assert made.notes == [(17.0, 60)]
        word, said = await room.accept(2)
        assert said[3] == "It was put into Made already; to put it there once more, undo it first."
        assert made.notes == [(17.0, 60)]
        endpoint.silent = True  # nothing is asked of the DAW
        await room.ask("unlink", "unlinked", name="made")
        word, said = await room.undo(2)
        assert word == "undone"
        assert said[2] == "What was put into the session is taken out in Made (Edit > Undo)."
        assert (await room.undo(2))[0] == "error"

    play(story, tmp_path)


@pytest.mark.parametrize(("cut", "at"), [("2-6", 8.0), ("3-6", 10.0), ("-6", 4.0), ("2.5-", 9.0)])
def test_sound_lands_where_what_it_was_made_of_is(tmp_path: Path, cut: str, at: float) -> None:
    async def whole() -> None:
        made = Made(clip=(8.0, "/takes/voice.wav", 2.0, 4.0))
        room = Room(tmp_path, made=made_adapter())
        source = "/takes/voice.wav"
        room.suggest(path=source, asked={"cut": cut}, file="/takes/voice.pitch-1.wav")
        async with running(made) as endpoint:
            await room.link(endpoint.port)
            await room.accept()
            assert made.sounds == [("/takes/voice.pitch-1.wav", at)]
        room.close()

    asyncio.run(whole())


def test_sound_that_would_begin_before_the_song_is_refused(tmp_path: Path) -> None:
    async def whole() -> None:
        made = Made(clip=(2.0, "/takes/voice.wav", 2.0, 4.0))
        room = Room(tmp_path, made=made_adapter())
        room.suggest(file="/takes/voice.pitch-1.wav", path="/takes/voice.wav")
        async with running(made) as endpoint:
            await room.link(endpoint.port)
            word, said = await room.accept()
            assert (word, said[1]) == ("error", "daw")
            assert 'cut "2-6"' in said[2]
            assert made.sounds == []
            assert room.verdict() == ""
        room.close()

    asyncio.run(whole())


def test_moves_of_the_sum_are_in_the_sound_already(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        made.faders["mix"] = 0.0
        of_sum = [{**MOVE, "target": "mix", "value": -1.0, "mode": "set"}]
        room.suggest(2, file="/x.master-1.wav", moves=of_sum)
        assert (await room.accept(2))[1][2] == 0
        assert made.sounds == [("/x.master-1.wav", 0.0)]
        assert made.faders["mix"] == 0.0
        assert (await room.accept(2, 1))[1][2] == 1
        assert made.faders["mix"] == -1.0

    play(story, tmp_path)


def test_a_preview_of_stems_is_not_put_beside_them(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        made.faders["mix"] = 0.0
        of_sum = [{**MOVE, "target": "mix", "value": -8.0, "mode": "change"}]
        for n, moves in ((1, of_sum), (2, [])):
            room.suggest(n, job="mixing", stage="mix", file="/stems.mix-1.wav", moves=moves)
        turned = await room.ask("accept", "accepted", id="mixing", n=1, moves=())
        assert turned == ("accepted", ("mixing", 1, 1))
        assert made.faders["mix"] == -8.0
        _, said = await room.ask("accept", "accepted", id="mixing", n=2, moves=())
        assert said[:3] == ("mixing", 2, 0)
        assert "no moves" in said[3]
        assert made.sounds == []

    play(story, tmp_path)


def test_that_two_ways_to_mix_pile_up_is_said(tmp_path: Path) -> None:
    other = [{**MOVE, "target": "bass", "value": -1.0, "mode": "change"}]
    apart = [{**MOVE, "target": "no such track", "value": 0.5, "mode": "set"}]

    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.suggest(2, moves=other)
        room.suggest(3, moves=apart)
        assert await room.accept() == ("accepted", ("job", 1, 3))
        _, said = await room.accept(2)
        assert said[:3] == ("job", 2, 1)
        assert said[3] == (
            "Suggestion 1 is accepted as well, and both turn bass: one comes on top of the other."
            " To have one alone, undo 2, then 1, and accept it."
        )
        assert "as well" not in str(await room.accept(3))
        assert await room.undo(2) == ("undone", ("job", 2))
        assert await room.undo(1) == ("undone", ("job", 1))
        assert made.faders == {"bass": -3.0, "drums": 0.0}
        assert await room.accept(2) == ("accepted", ("job", 2, 1))
        assert made.faders["bass"] == -4.0

    play(story, tmp_path)


def test_a_daw_that_takes_notes_as_a_file_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "song with spaces.chords-1.mid"
    path.write_bytes(bytes_from_score(Score((Track("keys", (Note(60.0, 1.0, 2.0, 90),)),))))

    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.suggest(2, file=str(path), notes=[{"pitch": 60.0}])
        assert (await room.accept(2))[0] == "accepted"
        assert made.sounds == [(str(path), 4.0)]

    def notes(song: Any, score: Any, at_beats: float) -> tuple[Said, ...]:
        return (Said("/sound", (NOTES_FILE, 4.0)),)

    play(story, tmp_path, notes=notes)


def test_two_that_accept_at_once_make_a_change_once(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        other = Asker("udp:other")
        first, second = await asyncio.gather(room.accept(1, 1), room.accept(1, 1, by=other))
        assert first == second == ("accepted", ("job", 1, 1))
        assert made.faders["bass"] == -5.0
        undone = await asyncio.gather(room.undo(), room.accept(1, 1, by=other), room.undo())
        assert [word for word, _ in undone] == ["undone", "accepted", "undone"]
        assert made.faders["bass"] == -3.0
        assert room.verdict() == ""

    play(story, tmp_path)


def test_what_was_put_back_is_not_touched_by_the_next_undo(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        await room.accept()
        made.stuck = {"drums"}
        word, said = await room.undo()
        assert (word, said[1]) == ("error", "daw")
        assert "Not everything was put back in Made, undo it again: Move 2, 3: " in said[2]
        assert "gain_db of drums stands at -5, not at 0 dB" in said[2]
        assert (made.faders["bass"], room.verdict()) == (-3.0, "accepted")
        made.faders["bass"] = 2.0  # the musician goes on
        made.stuck = set()
        assert await room.undo() == ("undone", ("job", 1))
        assert made.faders == {"bass": 2.0, "drums": 0.0}

    play(story, tmp_path)


def test_undo_in_two_daws_does_what_it_can_and_says_the_rest(tmp_path: Path) -> None:
    async def whole() -> None:
        one, two = Made(), Made()
        room = Room(tmp_path, one=made_adapter(TITLE="One"), two=made_adapter(TITLE="Two"))
        room.suggest(moves=MOVES)
        async with running(one) as here, running(two) as there:
            for port, name in ((here.port, "one"), (there.port, "two")):
                await room.link(port, name)
                await room.accept(1, 1)
            assert (one.faders["bass"], two.faders["bass"]) == (-5.0, -5.0)
            here.silent = True
            word, said = await room.undo()
            assert (word, said[1]) == ("error", "daw")
            assert f"One does not answer on port {here.port}" in said[2]
            assert (two.faders["bass"], room.verdict()) == (-3.0, "accepted")
            two.faders["bass"] = 1.0
            here.silent = False
            assert await room.undo() == ("undone", ("job", 1))
            assert (one.faders["bass"], two.faders["bass"]) == (-3.0, 1.0)
        room.close()

    asyncio.run(whole())


def test_what_was_accepted_and_then_rejected_can_be_undone(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        await room.accept()
        await room.ask("reject", "rejected", n=1)
        assert await room.undo() == ("undone", ("job", 1))
        assert made.faders == {"bass": -3.0, "drums": 0.0}

    play(story, tmp_path)


def test_a_daw_that_is_gone_is_unlinked(tmp_path: Path) -> None:
    async def whole() -> None:
        one, two, ear = Made(), Made(), free_port()
        room = Room(tmp_path, one=made_adapter(TITLE="One"), two=made_adapter(ear, TITLE="Two"))
        room.suggest(moves=MOVES)
        async with running(one) as here, running(two, ear) as there:
            await room.link(here.port, "one")
            await room.link(there.port, "two")
            await room.accept(1, 1)
            there.silent = True
            for word in ("accept", "context"):
                _, said = await room.ask(word, "accepted", "done", n=1)
                assert said[1] == "daw"
                assert "Two does not answer" in said[2]
                assert "until: bandmate ask unlink two." in said[2]
                assert said[2].endswith("Linked too is one: bandmate ask daw one.")
            unlinked = await room.ask("unlink", "unlinked", name="two")
            assert unlinked == ("unlinked", ("job", "two"))
            assert (await room.accept(1, 2)) == ("accepted", ("job", 1, 1))
            assert one.faders["drums"] == -6.0
            word, said = await room.ask("unlink", "unlinked", name="two")
            assert (word, said[1]) == ("error", "unknown")
            word, said = await room.undo()
            assert "two is not linked. Link it: bandmate ask daw two" in said[2]
            assert one.faders["drums"] == 0.0
            there.silent = False
            assert (await room.link(there.port, "two"))[0] == "linked"
            assert await room.undo() == ("undone", ("job", 1))
            assert two.faders["bass"] == -3.0
        room.close()

    asyncio.run(whole())


def test_unlinked_and_linked_in_one_breath_it_has_its_port_again(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        room.desk.hear(room.me, Call("unlink", "u", name="made"))
        assert await room.link(endpoint.port) == ("linked", ("job", "made", "Made"))
        assert (await room.accept())[1][2] == 3

    play(story, tmp_path, ear=free_port())


def test_a_daw_that_answers_late_loses_nothing(tmp_path: Path) -> None:
    class Late(Endpoint):
        def answer(self, told: list[Said], port: int) -> None:
            asyncio.get_running_loop().call_later(0.15, super().answer, told, port)

    async def whole() -> None:
        made, room = Made(), Room(tmp_path, made=made_adapter())
        room.suggest(moves=MOVES)
        loop = asyncio.get_running_loop()
        _, late = await loop.create_datagram_endpoint(
            lambda: Late(made), local_addr=("127.0.0.1", 0)
        )
        assert (await room.link(late.port))[0] == "linked"
        word, _ = await room.accept()
        assert word == "accepted"
        assert made.faders == {"bass": -5.0, "drums": -5.0}
        while (await room.undo())[0] != "undone":
            assert room.verdict() == "accepted"
        assert made.faders == {"bass": -3.0, "drums": 0.0}
        late.close()
        room.close()

    asyncio.run(whole())


def test_a_daemon_that_ends_between_the_journal_and_the_faders_can_be_undone(
    tmp_path: Path,
) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        session = room.daws.named("made")
        turned, real = 0, session.say

        async def say(said: Any) -> None:
            nonlocal turned
            turned += any(one.address == "/set" for one in said)
            if turned == 2:
                raise asyncio.CancelledError  # as far as it comes
            await real(said)

        session.say = say  # type: ignore[method-assign]
        room.desk.hear(room.me, Call("accept", "job", n=1))
        while turned < 2:
            await asyncio.sleep(0.01)
        session.say = real  # type: ignore[method-assign]
        assert made.faders == {"bass": -5.0, "drums": 0.0}

    async def again(made: Made) -> None:
        room = Room(tmp_path, made=made_adapter())
        async with running(made) as endpoint:
            await room.link(endpoint.port)
            assert await room.undo() == ("undone", ("job", 1))
        room.close()

    made = Made()
    play(story, tmp_path, made)
    asyncio.run(again(made))
    assert made.faders == {"bass": -3.0, "drums": 0.0}


def test_context_is_told_by_name(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        made.clip = (8.0, "/takes/voice.wav", 2.0, 4.0)
        made.faders["x" * 5000] = 1.0
        room.desk.hear(room.me, Call("context", "c"))
        await room.me.until("context")
        word, done = await room.me.until("done", "error")
        assert (word, done[0]) == ("done", "c")
        facts = dict(await room.daws.context("udp:me"))
        assert done[1] == len(facts)
        assert facts["daw"] == "Made"
        assert facts["tempo"] == 120.0
        assert facts["selected_track"] == facts["track.0"] == "bass"
        assert facts["track.1.gain_db"] == 0.0
        assert facts["clip.path"] == "/takes/voice.wav"
        assert facts["clip.notes"] == 0
        assert "key" not in facts
        for fact in facts.items():
            assert len(encode("context", "c", *fact)) < MAX_DATAGRAM

    play(story, tmp_path)


def test_progress_is_shown_as_often_as_it_can_be_read(tmp_path: Path) -> None:
    async def story(room: Room, endpoint: Endpoint, made: Made) -> None:
        for step in range(100):
            room.daws.show("udp:me", step / 100, "measuring")
        room.daws.show("udp:me", 1.0, "done", last=True)
        await asyncio.sleep(0.05)
        assert made.shown == [0.0, 1.0]

    play(story, tmp_path)


def test_a_port_that_is_taken_is_told_with_who_may_have_it(tmp_path: Path) -> None:
    async def whole() -> None:
        ear = free_port()
        async with running(Made()) as endpoint:
            one, two = (Room(tmp_path / name, made=made_adapter(ear)) for name in "ab")
            endpoint.ear = ear
            assert (await one.link(endpoint.port))[0] == "linked"
            word, said = await two.link(endpoint.port)
            assert (word, said[1]) == ("error", "daw")
            assert f"port {ear}" in said[2]
            assert "another bandmate" in said[2]
            assert two.daws.of("udp:me") is None
            one.close()
            two.close()

    asyncio.run(whole())


def test_a_daw_that_never_falls_silent_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daw_session, "REFRESH_SECONDS", 0.3)

    class Chatter(Made):
        def hear(self, said: Any) -> Any:
            return [Said("/fader", (n, f"t{n}", 0.0)) for n in range(3)]

    async def whole() -> None:
        made = Chatter()
        room = Room(tmp_path, made=made_adapter())
        room.suggest(moves=MOVES)
        async with running(made) as endpoint:
            await room.link(endpoint.port)
            session = room.daws.named("made")

            async def chatter() -> None:
                while True:
                    assert session._link is not None
                    endpoint.answer(made.hear(None), session._link.own_port)
                    await asyncio.sleep(0.01)

            talking = asyncio.create_task(chatter())
            assert (await room.accept())[0] == "accepted"
            talking.cancel()
        room.close()

    asyncio.run(whole())
