"""`bridge.midi.link_clock`: Link in the words of MIDI clock."""

from __future__ import annotations

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi.link_clock import LinkClock, Moment, Said
from bridge.midi.transport import Transport


class Session:
    """A Link session in which time passes."""

    def __init__(self, beat: float = 100.0, tempo_bpm: float = 120.0) -> None:
        self.clock = LinkClock(4.0)
        self.when, self.beat, self.tempo_bpm = 10.0, beat, tempo_bpm
        self.peers, self.playing = 1, False
        self.transport = Transport()
        self.said: list[Said] = []

    def look(self, *, heard: bool = True) -> None:
        now = Moment(self.when, self.beat, self.tempo_bpm, self.peers, self.playing)
        for said in self.clock.look(now, heard=heard):
            self.said.append(said)
            message = mido.Message(said.kind, **said.values)
            self.transport = self.transport.heard(message, said.when)

    def go(self, seconds: float, step: float = 0.01, *, heard: bool = True) -> None:
        for _ in range(round(seconds / step)):
            self.when += step
            self.beat += step * self.tempo_bpm / 60.0
            self.look(heard=heard)

    def kinds(self) -> list[str]:
        return [said.kind for said in self.said if said.kind != "clock"]


@given(
    st.floats(-1000.0, 1e6),
    st.floats(20.0, 400.0),
    st.sampled_from([0.001, 0.004, 0.013, 0.05]),
)
def test_the_transport_is_where_link_is(beat: float, tempo_bpm: float, step: float) -> None:
    session = Session(beat, tempo_bpm)
    session.look()
    session.go(3.0, step)
    seen = session.transport
    since = (session.when - seen.when) / (60.0 / tempo_bpm / 24)
    assert (seen.pulse + since) / 24 % 4.0 == pytest.approx(session.beat % 4.0, abs=1e-3)
    assert seen.interval == pytest.approx(60.0 / tempo_bpm / 24, rel=1e-3)
    assert seen.runs(session.when)
    assert seen.located
    times = [said.when for said in session.said if said.kind == "clock"]
    assert times == sorted(times)
    assert session.kinds() == ["continue", "songpos"]


def test_the_bars_are_those_of_link() -> None:
    session = Session(beat=102.5)
    session.look()
    session.go(0.1)
    assert session.transport.next_bar(4.0) == 4.0  # beat 104 of Link, in 1.3 beats


def test_alone_it_says_nothing() -> None:
    session = Session()
    session.peers = 0
    session.go(1.0)
    assert session.said == []
    session.peers = 1
    session.go(1.0)
    assert session.kinds() == ["continue", "songpos"]


def test_unheard_it_says_nothing_and_then_begins_anew() -> None:
    session = Session()
    session.go(1.0)
    session.go(1.0, heard=False)
    until = len(session.said)
    session.go(1.0)
    assert [said.kind for said in session.said[until : until + 2]] == ["continue", "songpos"]
    assert session.transport.pulse / 24 % 4 == pytest.approx(session.beat % 4, abs=1 / 24)


def test_stop_and_start_are_passed_on() -> None:
    session = Session()
    session.playing = True
    session.go(0.5)
    session.playing = False
    session.go(0.5)
    assert session.transport.stopped
    session.playing = True
    session.go(0.5)
    assert not session.transport.stopped
    assert session.kinds() == ["continue", "songpos", "stop", "continue"]


@given(st.floats(-50.0, 50.0).filter(lambda leap: leap < -0.1 or leap > 1.0))
def test_new_bars_are_joined_from_about_where_the_song_was(leap: float) -> None:
    session = Session(beat=1000.0)
    session.go(10.0)
    place = session.transport.pulse / 24
    session.beat += leap
    session.go(1.0)
    assert session.kinds() == ["continue", "songpos", "songpos"]
    apart = (session.transport.pulse / 24 - session.beat + 2.0) % 4 - 2.0  # 0.0 is 4.0
    assert apart == pytest.approx(0.0, abs=1.1 / 24)
    assert abs(session.transport.pulse / 24 - place - 2.0) <= 2.0 + 0.2


def test_a_leap_beyond_what_midi_counts_begins_the_song_anew() -> None:
    session = Session(beat=0.0)
    session.look()
    session.go(60.0, 0.05)
    session.tempo_bpm = 999.0
    session.go(300.0, 0.05)
    session.beat += 7.3
    session.go(0.5)
    assert session.said[-1].kind == "clock"
    assert session.transport.pulse / 24 < 20.0
    assert session.transport.pulse / 24 % 4 == pytest.approx(session.beat % 4, abs=1.1 / 24)


def test_who_waits_for_the_next_pulse_finds_one() -> None:
    session = Session()
    moment = Moment(session.when, session.beat, 120.0, 0, playing=False)
    assert session.clock.until_pulse(moment) == float("inf")
    session.look()
    for _ in range(50):
        count = len(session.said)
        now = Moment(session.when, session.beat, 120.0, 1, playing=False)
        seconds = session.clock.until_pulse(now)
        assert 0.0 < seconds <= 6 * 0.5 / 24
        session.go(seconds, seconds)
        assert [said.kind for said in session.said[count:]] == ["clock"]


@pytest.mark.parametrize("beat", [float("nan"), float("inf")])
def test_nonsense_is_not_passed_on(beat: float) -> None:
    session = Session(beat)
    session.go(0.1)
    assert session.said == []
