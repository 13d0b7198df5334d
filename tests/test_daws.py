"""Every adapter found keeps the contract: words only, nothing that is said to it harms it, and what
a musician does with a DAW works through real datagrams against a script of that DAW."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import itertools
import json
import math
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import DawError, UnknownName
from assistant.material import Note, Score, Track
from assistant.moves import PARAMETERS, Move
from bridge.daw_desk import DawDesk
from bridge.daw_session import DawSession
from bridge.daws.adapter import Adapter, Said, Song, adapter, found
from bridge.desk import Desk
from bridge.jobs import Limits, Pool
from bridge.osc.calls import Call
from bridge.store.journal import Journal
from tests.bridge.dummy_daw import Asker, Dummy, Endpoint, free_port, packed, running

NAMES = found()
WORDS = {name for name, _ in inspect.getmembers(Adapter, inspect.isfunction) if name[0] != "_"}
HOUSE = Path(__file__).parent.parent
SCORE = Score((Track("keys", tuple(Note(60.0 + n, n * 1.0, 1.0, 90) for n in range(4))),))
ANY = st.one_of(
    st.text(max_size=20),
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32),
    st.booleans(),
    st.none(),
)


def dummy(name: str) -> Dummy:
    return cast("Dummy", importlib.import_module(f"tests.bridge.daws.{name}.dummy").Dummy())


def heard_by(name: str, song: Song, rounds: int = 8) -> tuple[Song, list[Said]]:
    """Ask a dummy all there is to ask, without a socket; return what is known, and was answered."""
    words, daw, answers = adapter(name), dummy(name), list[Said]()
    for _ in range(rounds):
        for question in words.ask(song):
            for said in daw.hear(question):
                answers.append(said)
                song = words.hear(song, said)
    return song, answers


def test_there_are_daws_and_unknown_ones_are_refused() -> None:
    assert {"live", "reaper", "bitwig", "generic", "ardour"} <= set(NAMES)
    with pytest.raises(UnknownName, match="Did you mean 'reaper'"):
        adapter("reeper")


@pytest.mark.parametrize("name", NAMES)
def test_an_adapter_has_the_words_of_the_contract_and_no_others(name: str) -> None:
    words = importlib.import_module(f"bridge.daws.{name}.words")
    constants = {"TITLE", "LISTENS", "HEARS"}
    assert set(words.__all__) == WORDS | constants
    assert words.__doc__
    assert words.TITLE
    assert 0 < words.LISTENS < 65_536
    assert 0 <= words.HEARS < 65_536
    assert 9510 not in {words.LISTENS, words.HEARS}
    for word in WORDS:
        told = inspect.signature(getattr(words, word)).parameters
        meant = list(inspect.signature(getattr(Adapter, word)).parameters)[1:]
        assert list(told) == meant, word
        assert inspect.getdoc(getattr(words, word))


@pytest.mark.parametrize("name", NAMES)
def test_the_docs_tell_how_to_begin_with_it(name: str) -> None:
    """The page has a section on it that names the command, or says that there is none."""
    page = (HOUSE / "docs" / "daws.md").read_text()
    title = adapter(name).TITLE.removeprefix("another ")
    headings = [line for line in page.splitlines() if line.startswith("## ") and title in line]
    section = page.split(headings[0])[1].split("\n## ")[0]
    assert f"bandmate install {name}" in section or f"--daw {name}" in section


def test_no_two_daws_hear_on_one_port() -> None:
    ports = [adapter(name).LISTENS for name in NAMES]
    ports += [adapter(name).HEARS for name in NAMES if adapter(name).HEARS]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("name", NAMES)
def test_to_import_it_opens_nothing(name: str) -> None:
    code = (
        "import json, sys, importlib\n"
        "seen = []\n"
        "from bridge.daws import adapter\n"
        "sys.addaudithook(lambda event, args: seen.append(event))\n"
        f"importlib.import_module('bridge.daws.{name}.words')\n"
        "print(json.dumps(sorted(set(seen))))"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], check=True, capture_output=True, text=True, cwd=HOUSE
    )
    seen = json.loads(done.stdout)
    assert "exec" in seen
    bad = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.mkdir", "ctypes")
    assert [event for event in seen if event.startswith(bad)] == []


@pytest.mark.parametrize("name", NAMES)
def test_all_is_known_once_all_is_answered(name: str) -> None:
    words = adapter(name)
    asked = words.ask(Song())
    assert all(one.address.startswith("/") for one in asked)
    song, answers = heard_by(name, Song())
    assert words.ask(song) == ()
    assert bool(answers) == bool(asked)
    again = song
    for said in answers:
        again = words.hear(again, said)
    assert words.ask(again) == ()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_that_is_said_harms_it(name: str, data: st.DataObject) -> None:
    words, (song, answers) = adapter(name), heard_by(name, Song())
    addresses = [said.address for said in answers] + ["/", "#reply", "/live/error", "/track/1/name"]
    for _ in range(6):
        address = data.draw(st.sampled_from(addresses) | st.text(max_size=12).map("/".__add__))
        known = [said for said in answers if said.address == address] or [Said(address)]
        values = list(data.draw(st.sampled_from(known)).values)
        for place in range(len(values)):
            if data.draw(st.booleans()):
                values[place] = data.draw(ANY)
        values = values[: data.draw(st.integers(0, len(values)))] + data.draw(
            st.lists(ANY, max_size=4)
        )
        said = Said(address, tuple(values))
        for before in (Song(), song):
            after = words.hear(before, said)
            assert isinstance(after, Song)
            words.ask(after)


@pytest.mark.parametrize("name", NAMES)
def test_a_move_is_said_or_refused_in_words(name: str) -> None:
    words, (known, _) = adapter(name), heard_by(name, Song())
    targets = ["mix", "no such track", *[track.name for track in known.tracks.values()][:2]]
    every = itertools.product((Song(), known), targets, PARAMETERS.items(), ("low", "high"))
    for song, target, (parameter, span), end in every:
        move = Move(target, parameter, getattr(span, end), "w", group="eq1")
        where = words.standing(song, move)
        assert where is None or isinstance(where, int | float)
        assert all(packed(each) for each in refused_or_said(words, song, move))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_mix_names_after_its_purpose_is_never_set_elsewhere(name: str) -> None:
    """A compressor that another track keys is no plain one, and no band is taken by its name."""
    words, (known, _) = adapter(name), heard_by(name, Song())
    target = [track.name for track in known.tracks.values()][-1] if known.tracks else "Vox"
    keyed = [one for one in PARAMETERS if one.startswith("comp.")]
    moves = [Move(target, one, PARAMETERS[one].high, "w", group="side-chain a") for one in keyed]
    moves.append(Move(target, "eq.freq_hz", 485.0, "w", group="masking 485 Hz"))
    assert [refused_or_said(words, known, move) for move in moves] == [()] * len(moves)


def refused_or_said(words: Adapter, song: Song, move: Move) -> tuple[Said, ...]:
    try:
        said = words.move(song, move)
    except DawError as error:
        assert str(error).endswith((".", "?", ")"))
        return ()
    assert said
    return said


@pytest.mark.parametrize("name", NAMES)
def test_notes_sound_and_progress_are_said_or_refused_in_words(name: str) -> None:
    words, (known, _) = adapter(name), heard_by(name, Song())
    for song in (Song(), known):
        for call in (
            partial(words.notes, song, SCORE, 4.0),
            partial(words.audio, song, "/home/me/take.wav", 4.0),
        ):
            try:
                said = call()
            except DawError as error:
                assert len(str(error)) > 20
                continue
            assert said
            assert all(packed(each) for each in said)
    for fraction in (0.0, 0.5, 1.0, -1.0, 2.0, math.inf):
        assert all(packed(each) for each in words.progress(fraction, "measuring " * 300))


@asynccontextmanager
async def room(name: str, folder: Path) -> Any:
    """Link the dummy of a DAW to a desk, over real datagrams."""
    real, ear = adapter(name), free_port()
    ear = ear if real.HEARS else 0
    words = cast("Adapter", SimpleNamespace(**{**vars(real), "HEARS": ear}))
    journal, daws = Journal(folder / "journal.sqlite"), DawDesk(lambda _: words)
    never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    desk, me = Desk(Pool(Limits()), journal, (folder,), never, daws, "0"), Asker()
    async with running(dummy(name), ear) as endpoint:
        desk.hear(me, Call("daw", "l", name=name, port=endpoint.port))
        assert await me.until("linked", "error") == ("linked", ("l", name, real.TITLE))
        yield desk, journal, me, daws.named(name), endpoint
    daws.close()
    journal.close()


def movable(session: DawSession) -> Move | None:
    """Find a fader that the DAW tells of, and where it does not stand."""
    for track in session.song.tracks.values():
        same = [one for one in session.song.tracks.values() if one.name == track.name]
        if track.gain_db is not None and track.gain_db > -60.0 and len(same) == 1:
            return Move(track.name, "gain_db", round(track.gain_db) - 7.0, "It was loud.")
    return None


def suggested(journal: Journal, *moves: Move) -> None:
    key = journal.begin("udp:me", "job", "dummy", "", {})
    said = [{**plain(move), "unit": move.unit} for move in moves]
    empty = {"file": "", "files": {}, "measured": {}, "chords": [], "notes": []}
    journal.suggested(
        key, {"n": 1, "title": "t", "why": "w", "confidence": 0.5, **empty, "moves": said}
    )


def plain(move: Move) -> dict[str, object]:
    names = ("target", "parameter", "value", "why", "mode", "group")
    return {name: getattr(move, name) for name in names}


@pytest.mark.parametrize("name", NAMES)
def test_link_context_accept_and_undo_over_real_datagrams(name: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with room(name, tmp_path) as (desk, journal, me, session, endpoint):
            desk.hear(me, Call("context", "c"))
            word, said = await me.until("done", "error")
            assert (word, said[0]) == ("done", "c")
            move = movable(session)
            if move is None:
                await refused(desk, journal, me)
                return
            before = session.adapter.standing(session.song, move)
            suggested(journal, move, Move("no such track", "gain_db", 0.0, "w"))
            desk.hear(me, Call("accept", "job", n=1))
            word, said = await me.until("accepted", "error")
            assert (word, said[:3]) == ("accepted", ("job", 1, 1)), said
            assert "Move 2:" in said[3]
            await session.look()
            after = session.adapter.standing(session.song, move)
            assert after == pytest.approx(move.value, abs=0.1)
            desk.hear(me, Call("undo", "job", n=1))
            assert await me.until("undone", "error") == ("undone", ("job", 1))
            await session.look()
            assert session.adapter.standing(session.song, move) == pytest.approx(before, abs=0.1)
            await gone(desk, me, session, endpoint)

    asyncio.run(story())


async def refused(desk: Desk, journal: Journal, me: Asker) -> None:
    """See that a DAW without faders says what to do by hand."""
    suggested(journal, Move("bass", "gain_db", -7.0, "w"))
    desk.hear(me, Call("accept", "job", n=1))
    word, said = await me.until("accepted", "error")
    assert (word, said[:3]) == ("accepted", ("job", 1, 0))
    assert "bass" in str(said[3])


async def gone(desk: Desk, me: Asker, session: DawSession, endpoint: Endpoint) -> None:
    """See that a DAW that quit is named, and nothing is done."""
    endpoint.silent = True
    desk.hear(me, Call("accept", "job", n=1))
    _, said = await me.until("error", "accepted")
    assert said[1] == "daw", said
    assert session.adapter.TITLE in str(said[2])


@pytest.mark.parametrize("name", NAMES)
def test_a_session_of_many_tracks_is_borne(name: str) -> None:
    song, answers = heard_by(name, Song())
    words = adapter(name)
    many = song
    for n in range(2000):
        for said in answers[:: max(1, len(answers) // 20)]:
            values = tuple(n if isinstance(one, int) else one for one in said.values)
            address = said.address.replace("/1/", f"/{n}/")
            many = words.hear(many, Said(address, values))
    assert len(many.tracks) <= 2000
    assert replace(many, tracks={}).tempo_bpm == many.tempo_bpm
