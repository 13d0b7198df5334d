"""`bridge.midi.transport`: where a DAW is, by its MIDI clock."""

from __future__ import annotations

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi.transport import SILENCE_S, Transport

STEP = 0.5 / 24  # a pulse at 120 beats a minute


def after(*types: str, transport: Transport | None = None, pos: int = 0) -> Transport:
    """Return where the DAW is after messages that come a pulse apart."""
    heard = transport or Transport(when=-1.0)
    now = heard.when
    for kind in types:
        now += STEP if kind == "clock" else 0.0
        extra = {"pos": pos} if kind == "songpos" else {}
        heard = heard.heard(mido.Message(kind, **extra), now)
    return heard


def test_the_first_pulse_after_start_is_the_first_beat() -> None:
    assert after("start").pulse == -1
    assert after("start", *["clock"] * 25).pulse == 24


def test_stop_holds_the_place_and_continue_goes_on_from_it() -> None:
    stopped = after("start", *["clock"] * 10, "stop", *["clock"] * 5)
    assert (stopped.pulse, stopped.stopped) == (9, True)
    assert after("continue", "clock", transport=stopped).pulse == 10


def test_a_song_position_counts_sixteenths() -> None:
    there = after("start", "clock", "stop", "songpos", "continue", "clock", pos=16)
    assert there.pulse == 16 * 6
    assert (there.jumps, there.starts, there.jumped_to) == (2, 1, 4.0)


@pytest.mark.parametrize("message", ["note_on", "active_sensing", "reset", "pitchwheel"])
def test_other_messages_change_nothing(message: str) -> None:
    heard = after("start", "clock")
    assert heard.heard(mido.Message(message), 9.0) == heard


def test_it_runs_while_pulses_come_and_nobody_said_stop() -> None:
    assert not Transport().runs(0.0)
    assert not after("start").runs(10.0)
    running = after("start", "clock", "clock")
    assert running.runs(running.when + SILENCE_S / 2)
    assert not running.runs(running.when + SILENCE_S)
    assert not after("stop", transport=running).runs(running.when)


def test_the_interval_settles_on_the_tempo_despite_jitter() -> None:
    heard = Transport()
    for n in range(200):
        jitter = 0.002 if n % 2 else -0.002
        heard = heard.heard(mido.Message("clock"), n * STEP + jitter)
    assert heard.interval == pytest.approx(STEP, rel=0.05)


@given(st.integers(0, 5000), st.floats(0.0, 0.999))
def test_a_beat_before_the_next_pulse_is_due_between_the_pulses(pulse: int, part: float) -> None:
    heard = Transport(pulse=pulse, when=100.0, interval=STEP)
    assert heard.due((pulse + part) / 24) == pytest.approx(100.0 + part * STEP)
    assert heard.due((pulse + 1.001) / 24) is None


def test_nothing_is_due_before_the_first_pulse_of_the_song() -> None:
    assert after("start").due(0.0) is None


@pytest.mark.parametrize(
    ("pulse", "located", "bar"),
    [(-1, True, 0.0), (0, True, 4.0), (95, True, 4.0), (96, True, 8.0), (10, False, 11 / 24)],
)
def test_the_next_bar_begins_at_the_next_pulse_or_later(
    pulse: int, located: bool, bar: float
) -> None:
    assert Transport(pulse=pulse, located=located).next_bar(4.0) == pytest.approx(bar)


@given(st.integers(-1, 200_000), st.sampled_from([1.5, 2.0, 3.0, 3.5, 4.0, 5.25]))
def test_the_next_bar_is_a_bar_line_ahead(pulse: int, bar_beats: float) -> None:
    bar = Transport(pulse=pulse, located=True).next_bar(bar_beats)
    ahead = bar - (pulse + 1) / 24
    assert -1e-6 <= ahead < bar_beats
    assert bar / bar_beats == pytest.approx(round(bar / bar_beats))
