from __future__ import annotations

import asyncio
import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message_builder import build_msg

from assistant.errors import DawError, WordsError
from bridge.daws.adapter import Said
from bridge.ports import daw_link
from bridge.ports.daw_link import Heard, decoded, open_link
from tests.bridge.dummy_daw import free_port, running


class Echo:
    """Answers each message with itself."""

    def hear(self, said: Said) -> list[Said]:
        return [said]


def bundle(*packets: bytes) -> bytes:
    parts = (struct.pack(">i", len(packet)) + packet for packet in packets)
    return b"#bundle\0" + bytes(7) + b"\1" + b"".join(parts)


def test_a_message_is_read_as_it_was_meant() -> None:
    values = ("Bass", 3, -1.1, True, None, 2**40)
    assert list(decoded(build_msg("/track", values).dgram)) == [Heard("/track", values)]


def test_the_answers_of_ardour_are_read() -> None:
    packet = build_msg("/reply", ("AT", "Audio 1", 2)).dgram
    assert list(decoded(b"#" + packet[1:])) == [Heard("#reply", ("AT", "Audio 1", 2))]


def test_bundles_are_taken_apart() -> None:
    one, two = build_msg("/one", (1,)).dgram, build_msg("/two", ()).dgram
    assert list(decoded(bundle(one, bundle(two)))) == [Heard("/one", (1,)), Heard("/two")]


def test_a_bundle_of_many_messages_is_read_and_one_of_too_many_refused() -> None:
    told = [build_msg(f"/track/{n}/name", ("Bass",)).dgram for n in range(101)]
    assert len(list(decoded(bundle(*told)))) == 101  # as DrivenByMoss packs them
    with pytest.raises(WordsError, match="elements"):
        list(decoded(bundle(*[b"/a\0\0"] * (daw_link.MAX_ELEMENTS + 1))))


def test_many_arguments_are_read_and_too_many_refused() -> None:
    notes = tuple(range(5000))
    assert next(decoded(build_msg("/notes", notes).dgram)).values == notes
    with pytest.raises(WordsError, match="bytes"):
        list(decoded(build_msg("/notes", tuple(range(20_000))).dgram))
    with pytest.raises(WordsError, match="arguments"):
        list(decoded(build_msg("/notes", (True,) * 20_000).dgram))


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(packet: bytes) -> None:
    for start in (b"", b"#", b"#bundle\0", b"/a\0\0,"):
        with contextlib.suppress(WordsError):
            assert all(isinstance(one, Heard) for one in decoded(start + packet))


def test_what_is_said_is_answered_and_strangers_are_not_heard() -> None:
    async def story() -> None:
        heard: list[Heard] = []
        async with running(Echo()) as daw, running(Echo()) as stranger:
            link = await open_link(heard.append, "Made", daw.port, 0)
            stranger.answer([Said("/early")], link.own_port)
            await asyncio.sleep(0.05)
            assert heard == [Heard("/early")]  # some DAWs answer from a port of the moment
            await link.say([Heard("/one", (1, 0.5)), Heard("/two")])
            await asyncio.sleep(0.05)
            stranger.answer([Said("/late")], link.own_port)
            await asyncio.sleep(0.05)
            assert heard[1:] == [Heard("/one", (1, 0.5)), Heard("/two")]
            link.turn_to(stranger.port)
            link.send([Heard("/three")])
            await asyncio.sleep(0.05)
            assert heard[-1] == Heard("/three")
            link.close()

    asyncio.run(story())


def test_a_flood_is_left_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daw_link, "BURST_MESSAGES", 10)
    monkeypatch.setattr(daw_link, "MESSAGES_PER_SECOND", 0)

    async def story() -> None:
        heard: list[Heard] = []
        async with running(Echo()) as daw:
            link = await open_link(heard.append, "Made", daw.port, 0)
            daw.answer([Said("/meter", (n,)) for n in range(50)], link.own_port)
            await asyncio.sleep(0.1)
            assert [one.values[0] for one in heard] == list(range(10))
            link.close()

    asyncio.run(story())


def test_many_messages_arrive_at_a_pace_that_can_be_read() -> None:
    async def story() -> None:
        async with running(Echo()) as daw:
            daw.silent = True
            link = await open_link(lambda _: None, "Made", daw.port, 0)
            await link.say(Heard("/note", (n, "x" * 200)) for n in range(200))
            await asyncio.sleep(0.05)
            assert [said.values[0] for said in daw.heard] == list(range(200))
            link.close()

    asyncio.run(story())


def test_a_port_that_is_taken_is_told() -> None:
    async def story() -> None:
        ear = free_port()
        one = await open_link(lambda _: None, "Live", 1, ear)
        assert one.own_port == ear
        with pytest.raises(DawError, match=rf"Live answers to port {ear} .* is there another"):
            await open_link(lambda _: None, "Live", 1, ear)
        one.close()

    asyncio.run(story())
