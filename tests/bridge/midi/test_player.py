"""`bridge.midi.player`: a score in time, on virtual time wherever that will do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score, Tempo, Track
from bridge.midi.lead import START_LEAD_S
from bridge.midi.player import Ending, Player
from bridge.midi.transport import SILENCE_S

STEP = 0.5 / 24  # a pulse at 120 beats a minute
FOUR = Score((Track("lead", tuple(Note(60 + n, n, 0.5) for n in range(4))),))
LONG = Score((Track("lead", (Note(60, 0, 500), Note(64.5, 501, 1))),))


class VirtualClock:
    """Time that passes only while somebody waits, with things that happen in it."""

    def __init__(self, end: float = 1000.0) -> None:
        self.time = 0.0
        self.end = end
        self.happenings: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self.time

    def wait(self, until: float, wake: threading.Event) -> None:
        while not wake.is_set() and self.happenings and self.happenings[0][0] <= until:
            self.time, happen = self.happenings.pop(0)
            happen()
        if not wake.is_set():
            self.time = until
        if self.time > self.end:
            raise TimeoutError("the end of virtual time")


class Stage:
    """A player on virtual time, its ears, and a log of what it sends."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sent: list[tuple[float, mido.Message]] = []
        self.ended: list[Ending] = []
        self.done = threading.Event()
        self.player = Player(self.send, self.clock)

    def send(self, message: mido.Message) -> None:
        self.sent.append((self.clock.now(), message))

    def on_end(self, ending: Ending) -> None:
        self.ended.append(ending)
        self.done.set()

    def play(self, score: Score, bar: int = 1) -> bool:
        follows = self.player.play(score, self.on_end, bar=bar)
        assert self.done.wait(20.0)
        return follows

    def hear(self, kind: str, **values: int) -> None:
        self.player.hear(mido.Message(kind, **values), self.clock.now())

    def will_hear(self, at: float, kind: str, **values: int) -> None:
        self.clock.happenings.append((at, lambda: self.hear(kind, **values)))
        self.clock.happenings.sort(key=lambda pair: pair[0])

    def pulses(self, start: float, count: int, step: float = STEP) -> float:
        """Let pulses come; return when the one after the last would."""
        for n in range(count):
            self.will_hear(start + n * step, "clock")
        return start + count * step

    def times(self, kind: str) -> list[float]:
        return [when for when, message in self.sent if message.type == kind]

    def running_daw(self, pulses: int = 24) -> None:
        """Let a DAW have started, and have played for some pulses."""
        self.hear("start")
        for n in range(pulses):
            self.clock.time = n * STEP
            self.hear("clock")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_without_a_clock_the_player_leads(stage: Stage) -> None:
    assert stage.play(FOUR) is False
    assert stage.ended == ["finished"]
    types = [message.type for _, message in stage.sent]
    assert types[:2] == ["songpos", "start"]
    assert types[-2:] == ["control_change", "stop"]
    assert len(stage.times("clock")) == 3.5 * 24
    assert stage.times("note_on") == pytest.approx([START_LEAD_S + n / 2 for n in range(4)])
    assert stage.times("note_off") == pytest.approx([START_LEAD_S + n / 2 + 0.25 for n in range(4)])
    assert stage.times("stop") == pytest.approx([START_LEAD_S + 1.75])


def test_leading_follows_the_tempo_map_without_drift(stage: Stage) -> None:
    tempos = (Tempo(0, 97.3), Tempo(100, 61.7))
    notes = tuple(Note(60, n, 0.9) for n in range(150))
    score = Score((Track("lead", notes),), tempos)
    stage.play(score)
    expected = [START_LEAD_S + score.seconds_at(n) for n in range(150)]
    assert stage.times("note_on") == pytest.approx(expected, abs=1e-5)


def test_nothing_to_play_ends_at_once(stage: Stage) -> None:
    stage.play(Score(()))
    assert [message.type for _, message in stage.sent] == ["songpos", "start", "stop"]


def test_a_port_that_is_gone_ends_the_playing_and_says_so(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(message: mido.Message) -> None:
        if message.type == "note_on":
            raise OSError("no such port")

    player = Player(gone, stage.clock)
    player.play(FOUR, stage.on_end)
    assert stage.done.wait(20.0)
    assert stage.ended == ["failed"]
    assert "no such port" in caplog.text


def test_following_begins_on_the_next_bar_and_sends_no_clock(stage: Stage) -> None:
    stage.running_daw()
    stage.pulses(24 * STEP, 24 * 8)
    assert stage.play(FOUR) is True
    assert stage.ended == ["finished"]
    assert stage.times("note_on") == pytest.approx([2.0, 2.5, 3.0, 3.5], abs=1e-5)
    assert stage.times("note_off") == pytest.approx([2.25, 2.75, 3.25, 3.75], abs=1e-5)
    kinds = {message.type for _, message in stage.sent}
    assert kinds == {"program_change", "note_on", "note_off", "control_change"}


def test_following_counts_bars_in_the_metre_of_the_score(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    stage.pulses(24 * 4 * STEP, 24 * 8)
    stage.play(Score(FOUR.tracks, meters=(Meter(0, 3, 4),)))
    assert stage.times("note_on")[0] == pytest.approx(6 * 0.5)


def test_following_keeps_time_between_the_pulses(stage: Stage) -> None:
    stage.hear("start")
    stage.hear("clock")
    stage.clock.time = STEP
    stage.hear("clock")
    stage.pulses(2 * STEP, 24 * 8)
    offbeats = tuple(Note(60, 0.01 + n * 0.37, 0.1) for n in range(5))
    stage.play(Score((Track("lead", offbeats),)))
    expected = [2.0 + (0.01 + n * 0.37) / 2 for n in range(5)]
    assert stage.times("note_on") == pytest.approx(expected, abs=1e-4)


def test_following_goes_with_the_tempo_of_the_daw(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    begin = 24 * 4 * STEP
    slower = stage.pulses(begin, 24, STEP)
    stage.pulses(slower, 24 * 4, 2 * STEP)
    stage.play(FOUR)
    assert stage.times("note_on") == pytest.approx(
        [begin, slower, slower + 1.0, slower + 2.0], abs=1e-5
    )


def test_a_clock_that_never_said_where_it_is_is_followed_from_its_next_pulse(stage: Stage) -> None:
    stage.hear("clock")
    stage.pulses(STEP, 24 * 5)
    assert stage.play(FOUR) is True
    assert stage.times("note_on")[0] == pytest.approx(STEP)


def test_the_stop_of_the_daw_silences_until_it_continues(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    begin = 24 * 4 * STEP
    stopped = stage.pulses(begin, 6)
    stage.will_hear(stopped - STEP / 2, "stop")
    stage.will_hear(stopped + 10.0, "continue")
    stage.pulses(stopped + 10.0, 24 * 4)
    stage.play(FOUR)
    assert stage.times("note_off")[0] == pytest.approx(stopped - STEP / 2)
    assert stage.times("control_change")[0] == pytest.approx(stopped - STEP / 2)
    assert stage.times("note_on") == pytest.approx(
        [begin, *(10.0 + begin + n / 2 for n in (1, 2, 3))]
    )


def test_a_clock_that_falls_silent_counts_as_a_stop(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    last = stage.pulses(24 * 4 * STEP, 6) - STEP
    stage.pulses(last + 20.0, 24 * 4)
    stage.play(FOUR)
    assert last < stage.times("note_off")[0] <= last + 2 * SILENCE_S
    assert stage.ended == ["finished"]


def test_a_song_position_moves_the_score_with_the_song(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    begin = 24 * 4 * STEP  # beat 4 of the song is beat 0 of the score
    stopped = stage.pulses(begin, 6)
    stage.will_hear(stopped, "stop")
    stage.will_hear(stopped, "songpos", pos=6 * 4)
    stage.will_hear(stopped + 1.0, "continue")
    stage.pulses(stopped + 1.0, 24 * 4)
    stage.play(FOUR)
    notes = [message.note for _, message in stage.sent if message.type == "note_on"]
    assert notes == [60, 62, 63]
    assert stage.times("note_on") == pytest.approx([begin, stopped + 1.0, stopped + 1.5])


def test_a_start_plays_from_the_top_with_the_song(stage: Stage) -> None:
    stage.running_daw(pulses=24 * 4)
    begin = 24 * 4 * STEP
    again = stage.pulses(begin, 24 + 6)
    stage.will_hear(again, "start")
    stage.pulses(again + STEP, 24 * 5)
    stage.play(FOUR)
    notes = [message.note for _, message in stage.sent if message.type == "note_on"]
    first = again + STEP
    assert notes == [60, 61, 60, 61, 62, 63]
    assert stage.times("note_on") == pytest.approx(
        [begin, begin + 0.5, *(first + n / 2 for n in range(4))]
    )
    assert stage.times("note_off")[1] == pytest.approx(again)


def test_a_stopped_daw_is_not_followed_even_if_its_clock_goes_on(stage: Stage) -> None:
    stage.running_daw()
    stage.hear("stop")
    assert stage.play(FOUR) is False


def test_a_clock_that_comes_while_the_player_leads_is_not_obeyed(stage: Stage) -> None:
    stage.will_hear(0.1, "start")
    stage.pulses(0.1, 200, STEP / 3)
    assert stage.play(FOUR) is False
    assert stage.times("note_on") == pytest.approx([START_LEAD_S + n / 2 for n in range(4)])


class RealStage:
    """A player on real time."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, mido.Message]] = []
        self.first_note = threading.Event()
        self.ended: list[Ending] = []
        self.player = Player(self.send)

    def send(self, message: mido.Message) -> None:
        self.sent.append((time.perf_counter(), message))
        if message.type == "note_on":
            self.first_note.set()


def test_stop_silences_every_note_before_it_returns() -> None:
    stage = RealStage()
    chord = tuple(Note(60.25 + n, 0, 500) for n in (0, 4, 7, 12))
    lead = Track("lead", (Note(60.5, 0, 500),))
    stage.player.play(Score((Track("chord", chord), lead)), stage.ended.append)
    assert stage.first_note.wait(5.0)
    while len([1 for _, message in stage.sent if message.type == "note_on"]) < 5:
        time.sleep(0.001)
    began = time.perf_counter()
    assert stage.player.playing
    assert stage.player.stop() is True
    assert time.perf_counter() - began < 0.5
    count = len(stage.sent)
    off = {(m.channel, m.note) for _, m in stage.sent if m.type == "note_off"}
    assert off == {(0, 60), (0, 64), (0, 67), (0, 72), (1, 60)}
    controls = [(m.channel, m.control) for _, m in stage.sent if m.type == "control_change"]
    assert controls == [(0, 123), (1, 123)]
    assert [(m.channel, m.pitch) for _, m in stage.sent if m.type == "pitchwheel"][-1] == (1, 0)
    assert stage.sent[-1][1].type == "stop"
    assert stage.ended == ["stopped"]
    assert not stage.player.playing
    assert stage.player.stop() is False
    time.sleep(0.05)
    assert len(stage.sent) == count


def test_a_new_play_stops_the_old_one() -> None:
    stage = RealStage()
    stage.player.play(LONG, stage.ended.append)
    assert stage.first_note.wait(5.0)
    stage.player.play(Score((Track("lead", (Note(72, 0, 0.1),)),)), stage.ended.append)
    assert stage.ended == ["stopped"]
    while stage.player.playing:
        time.sleep(0.001)
    assert stage.ended == ["stopped", "finished"]
    kinds = [message.type for _, message in stage.sent if message.type in {"start", "stop"}]
    assert kinds == ["start", "stop", "start", "stop"]


def test_a_score_that_midi_cannot_say_lets_the_old_one_play_on() -> None:
    stage = RealStage()
    stage.player.play(LONG)
    with pytest.raises(MaterialError, match="pitches 0 to 127"):
        stage.player.play(Score((Track("lead", (Note(300, 0, 1),)),)))
    assert stage.player.playing
    assert stage.player.stop() is True


def test_stop_ends_even_a_player_that_waits_for_a_stopped_daw() -> None:
    stage = RealStage()
    for _ in range(3):
        stage.player.hear(mido.Message("clock"), time.perf_counter())
    assert stage.player.play(LONG, stage.ended.append) is True
    stage.player.hear(mido.Message("stop"), time.perf_counter())
    assert stage.player.stop() is True
    assert stage.ended == ["stopped"]


def test_pulses_keep_time_on_a_real_clock() -> None:
    stage = RealStage()
    done = threading.Event()
    stage.player.play(Score((Track("lead", (Note(60, 0, 1),)),)), lambda _: done.set())
    assert done.wait(10.0)
    pulses = [when for when, message in stage.sent if message.type == "clock"]
    assert len(pulses) == 24
    steps = [later - earlier for earlier, later in pairwise(pulses)]
    assert median(steps) == pytest.approx(STEP, abs=0.002)
    assert pulses[-1] - pulses[0] == pytest.approx(23 * STEP, abs=0.03)


# In the middle of things


def test_a_bend_outlives_the_silence_of_a_stop(stage: Stage) -> None:
    """All notes are a quarter tone high, which is said once, before the first."""
    high = tuple(Note(60.25 + n, n, 0.5) for n in range(4))
    stage.running_daw(pulses=24 * 4)
    stopped = stage.pulses(24 * 4 * STEP, 6)
    stage.will_hear(stopped, "stop")
    stage.will_hear(stopped + 1.0, "continue")
    stage.pulses(stopped + 1.0, 24 * 5)
    stage.play(Score((Track("lead", high),)))
    bend, bends = 0, []
    for _, message in stage.sent:
        if message.type == "pitchwheel":
            bend = message.pitch
        elif message.type == "note_on":
            bends.append(bend)
    assert bends == [1024] * 4


def test_what_a_jump_leaps_over_is_set_up_all_the_same(stage: Stage) -> None:
    organ = Track("organ", tuple(Note(60, n, 0.5) for n in range(8)), program=19)
    stage.running_daw(pulses=24)
    stage.will_hear(24 * STEP, "songpos", pos=8 * 4)  # before bar 2, where the score begins
    stage.pulses(24 * STEP + 0.001, 24 * 8)
    stage.play(Score((organ,)))
    assert [message.type for _, message in stage.sent][:2] == ["program_change", "note_on"]
    assert stage.times("note_on")[0] == pytest.approx(24 * STEP + 0.001)


def test_a_loop_as_long_as_the_score_repeats_it(stage: Stage) -> None:
    for kind in ("start", "clock", "clock", "start"):  # its clock comes, and it begins
        stage.hear(kind)
    looped = stage.pulses(0.001, 24 * 4)
    for _ in range(2):
        stage.will_hear(looped, "songpos", pos=0)
        looped = stage.pulses(looped, 24 * 4)
    stage.pulses(looped, 24)
    short = Score((Track("lead", tuple(Note(60 + n, n, 0.25) for n in range(4))),))
    stage.play(short)
    notes = [message.note for _, message in stage.sent if message.type == "note_on"]
    assert notes == [60, 61, 62, 63] * 3
    assert stage.ended == ["finished"]


def test_it_begins_with_the_bar_that_was_asked_for(stage: Stage) -> None:
    stage.running_daw()
    stage.pulses(24 * STEP, 24 * 12)
    eight = Score((Track("lead", tuple(Note(60 + n, n, 0.5) for n in range(8)), program=5),))
    assert stage.play(eight, bar=2) is True
    notes = [message.note for _, message in stage.sent if message.type == "note_on"]
    assert notes == [64, 65, 66, 67]
    assert stage.times("note_on") == pytest.approx([2.0, 2.5, 3.0, 3.5])
    assert stage.sent[0][1].program == 5


def test_leading_from_a_bar_says_where_it_is_and_goes_on(stage: Stage) -> None:
    meters = (Meter(0, 3, 4), Meter(6, 4, 4))
    tempos = (Tempo(0, 60), Tempo(6, 120))
    notes = tuple(Note(60 + n, n, 0.5) for n in range(10))
    stage.play(Score((Track("lead", notes, program=5),), tempos, meters), bar=3)
    types = [message.type for _, message in stage.sent]
    assert types[:3] == ["songpos", "continue", "program_change"]
    assert stage.sent[0][1].pos == 24
    assert [message.note for _, message in stage.sent if message.type == "note_on"] == [
        *(66, 67, 68, 69)
    ]
    assert stage.times("note_on") == pytest.approx([START_LEAD_S + n / 2 for n in range(4)])
    assert len(stage.times("clock")) == 3.5 * 24
    assert stage.times("clock")[0] == pytest.approx(START_LEAD_S)


@pytest.mark.parametrize("bar", [0, 2, 99])
def test_a_bar_that_there_is_not_is_refused(stage: Stage, bar: int) -> None:
    with pytest.raises(MaterialError, match=f"no bar {bar}.* has 1 bar"):
        stage.player.play(FOUR, bar=bar)


def test_a_key_pressed_twice_is_let_go_twice(stage: Stage) -> None:
    twice = Score((Track("lead", (Note(60, 0, 3), Note(60, 1, 3))),))
    stage.running_daw(pulses=24 * 4)
    stopped = stage.pulses(24 * 4 * STEP, 36)
    stage.will_hear(stopped, "stop")
    stage.clock.end = 30.0
    stage.play(twice)
    assert len(stage.times("note_on")) == len(stage.times("note_off")) == 2


class Song:
    """What a DAW does, a step at a time, and where it truly is."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.time = 0.0
        self.pulse = -1
        self.step = STEP
        self.rolls = False
        self.track: list[tuple[float, int, float, bool]] = []  # when, pulse, step, rolls
        self.moves: list[float] = []

    def do(self, doing: str, number: int) -> None:
        if doing == "play":
            for _ in range(number * 3):
                self._tick()
        elif doing == "tempo":
            self.step = 0.5 / 24 * (0.5 + number / 10)
        elif doing == "jump":
            position = number * 5  # sixteenths, so that some are on a beat
            self.pulse = position * 6 - 1
            self._say("songpos", pos=position)
        elif doing in {"start", "continue"}:
            self.rolls = True
            self.pulse = -1 if doing == "start" else self.pulse
            self._say(doing)
        elif doing == "stop":
            self.rolls = False
            self._say("stop")
        else:  # the clock is lost for a while
            self.time += number / 10

    def _tick(self) -> None:
        self.pulse += self.rolls
        self._say("clock")
        self.time += self.step

    def _say(self, kind: str, **values: int) -> None:
        self.stage.will_hear(self.time, kind, **values)
        self.track.append((self.time, self.pulse, self.step, self.rolls))
        self.time += 1e-6

    def at(self, when: float) -> tuple[float, bool]:
        """Return where it is, in pulses, and whether it rolls."""
        past = [one for one in self.track if one[0] <= when]
        began, pulse, step, rolls = past[-1]
        ticked = max(one[0] for one in past)
        return pulse + min(1.0, (when - max(began, ticked)) / step), rolls


DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["play"] * 4 + ["tempo", "jump", "start", "continue", "stop", "lost"]),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=25,
)
SCORES = st.lists(
    st.lists(
        st.builds(
            Note,
            st.integers(40, 80),
            st.integers(0, 64).map(lambda slot: slot / 4),
            st.sampled_from([0.25, 0.5, 1.0, 4.0]),
        ),
        min_size=1,
        max_size=12,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(DOINGS, SCORES)
def test_whatever_a_daw_does_notes_are_in_place_and_end(
    doings: list[tuple[str, int]], parts: list[list[Note]]
) -> None:
    stage = Stage()
    song = Song(stage)
    song.do("start", 0)
    song.do("play", 1)
    for doing, number in doings:
        song.do(doing, number)
    stage.clock.end = song.time + 5.0
    first, rest = stage.clock.happenings[:2], stage.clock.happenings[2:]
    for when, happen in first:
        stage.clock.time = when
        happen()
    stage.clock.happenings = rest
    tracks = tuple(Track(f"{n}", tuple(part)) for n, part in enumerate(parts))
    assert stage.play(Score(tracks)) is True

    places: dict[tuple[int, int], set[float]] = {}
    for channel, part in enumerate(parts):
        for note in part:
            places.setdefault((channel, int(note.pitch)), set()).add(note.start * 24)
    sounding: Counter[tuple[int, int]] = Counter()
    anchors = {0.0} if any(doing == "start" for doing, _ in doings) else set()
    for when, message in stage.sent:
        pulse, rolls = song.at(when)
        if message.type == "note_on":
            assert rolls
            sounding[message.channel, message.note] += 1
            off = [
                abs(pulse - anchor - place)
                for place in places[message.channel, message.note]
                for anchor in {*anchors, 96.0}
            ]
            assert min(off) <= 1.0 + 1e-3
        elif message.type == "note_off":
            sounding[message.channel, message.note] -= 1
    assert max(sounding.values(), default=0) <= 0


@settings(max_examples=40, deadline=None)
@given(SCORES, st.integers(0, 200))
def test_nothing_sounds_while_the_daw_stands(parts: list[list[Note]], pulses: int) -> None:
    stage = Stage()
    stage.hear("start")
    stage.hear("clock")
    stopped = stage.pulses(STEP, pulses)
    stage.will_hear(stopped, "stop")
    stage.pulses(stopped + STEP, 100)  # its clock may go on
    stage.clock.end = stopped + 10.0
    stage.play(Score(tuple(Track(f"{n}", tuple(part)) for n, part in enumerate(parts))))
    sounding: Counter[tuple[int, int]] = Counter()
    for when, message in stage.sent:
        assert when <= stopped or message.type != "note_on"
        if message.type in {"note_on", "note_off"} and when <= stopped:
            sounding[message.channel, message.note] += 1 if message.type == "note_on" else -1
    assert max(sounding.values(), default=0) <= 0
