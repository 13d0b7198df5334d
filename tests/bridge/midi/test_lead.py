"""`bridge.midi.lead`: what a player sends that sets the time."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Note, Score, Tempo, Track
from bridge.midi.lead import START_LEAD_S, TempoMap, led

tempo_maps = st.lists(st.tuples(st.floats(0.1, 50), st.floats(5, 400)), max_size=5).map(
    lambda steps: (
        tuple(
            Tempo(sum(length for length, _ in steps[:n]), bpm) for n, (_, bpm) in enumerate(steps)
        )
        or (Tempo(0.0, 120.0),)
    )
)


@given(tempo_maps, st.floats(0, 300))
def test_a_tempo_map_says_what_the_score_says(tempos: tuple[Tempo, ...], beat: float) -> None:
    assert TempoMap(tempos).seconds_at(beat) == pytest.approx(Score((), tempos).seconds_at(beat))


def test_song_position_and_start_come_first_then_a_pulse_on_the_beat_then_the_notes() -> None:
    score = Score((Track("lead", (Note(60, 0, 1),)),))
    times_and_types = [(seconds, message.type) for seconds, message in islice(led(score), 6)]
    assert times_and_types == [
        (-START_LEAD_S, "songpos"),
        (-START_LEAD_S, "start"),
        (0.0, "clock"),
        (0.0, "program_change"),
        (0.0, "note_on"),
        (pytest.approx(0.5 / 24), "clock"),
    ]


def test_24_pulses_a_beat_follow_the_tempo_map() -> None:
    score = Score((Track("lead", (Note(60, 0, 4),)),), (Tempo(0, 120), Tempo(2, 60)))
    pulses = [seconds for seconds, message in led(score) if message.type == "clock"]
    assert len(pulses) == 4 * 24
    steps = [later - earlier for earlier, later in pairwise(pulses)]
    assert steps[:48] == pytest.approx([0.5 / 24] * 48)
    assert steps[48:] == pytest.approx([1.0 / 24] * 47)


def test_times_never_fall_and_the_last_is_the_end_of_the_last_note() -> None:
    notes = tuple(Note(60 + n, n / 3, 0.5) for n in range(12))
    times = [seconds for seconds, _ in led(Score((Track("lead", notes),)))]
    assert times == sorted(times)
    assert times[-1] == pytest.approx((11 / 3 + 0.5) / 2, abs=1e-4)


def test_a_score_of_nothing_has_no_pulses() -> None:
    assert [message.type for _, message in led(Score(()))] == ["songpos", "start"]


def test_what_midi_cannot_say_is_refused_at_once() -> None:
    with pytest.raises(MaterialError, match="pitches 0 to 127"):
        led(Score((Track("lead", (Note(200, 0, 1),)),)))
