"""`bridge.midi.capture`: what is played in, as a score."""

from __future__ import annotations

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import WordsError
from assistant.material import Note, Score, Tempo
from bridge.midi import capture as module
from bridge.midi.capture import Capture
from bridge.midi.transport import Transport

STEP = 0.5 / 24  # a pulse at 120 beats a minute


class Take:
    """A capture, and short ways to play into it."""

    def __init__(self, transport: Transport | None = None) -> None:
        self.capture = Capture()
        self.capture.start(transport)

    def hear(self, when: float, kind: str, **values: int) -> None:
        self.capture.hear(mido.Message(kind, **values), when)

    def play(self, start: float, end: float, **values: int) -> None:
        self.hear(start, "note_on", **values)
        values.pop("velocity", None)
        self.hear(end, "note_off", **values)

    def pulses(self, start: float, count: int, step: float = STEP) -> None:
        for n in range(count):
            self.hear(start + n * step, "clock")

    def notes(self, now: float = 100.0, bpm: float = 120.0) -> list[tuple[float, float, float]]:
        score = self.capture.stop(now, bpm)
        return [(n.pitch, n.start, n.length) for track in score.tracks for n in track.notes]


def test_without_a_clock_beat_0_is_the_first_note() -> None:
    take = Take()
    take.play(10.0, 10.5, note=60, velocity=99)
    take.play(11.0, 12.0, note=62)
    score = take.capture.stop(20.0, bpm=60.0)
    assert score.tempos == (Tempo(0.0, 60.0),)
    assert score.tracks[0].notes == (Note(60.0, 0.0, 0.5, 99), Note(62.0, 1.0, 1.0, 64))


def test_midi_clock_says_where_the_beats_are() -> None:
    take = Take()
    take.hear(5.0, "start")
    take.pulses(5.1, 24 * 6)
    take.play(5.1 + 24 * 5 * STEP, 5.1 + 24 * 5.5 * STEP, note=60)
    score = take.capture.stop(20.0, bpm=77.0)
    assert score.tempos == (Tempo(0.0, 120.0),)
    assert score.tracks[0].notes[0].start == pytest.approx(1.0)  # beat 5 of the song, in bar 2
    assert score.tracks[0].notes[0].length == pytest.approx(0.5)


def test_beats_follow_a_clock_that_changes_its_tempo() -> None:
    take = Take()
    take.hear(0.0, "start")
    take.pulses(0.0, 48)
    take.pulses(1.0, 49, step=2 * STEP)
    for beat, when in ((0, 0.0), (1, 0.5), (2, 1.0), (3, 2.0)):
        take.play(when, when + 0.1, note=60 + beat)
    assert [start for _, start, _ in take.notes()] == pytest.approx([0.0, 1.0, 2.0, 3.0])


def test_a_capture_that_begins_in_mid_song_knows_the_bars() -> None:
    daw = Transport(pulse=24 * 9 + 11, when=0.0, located=True)  # beat 9.5, next pulse
    take = Take(daw)
    take.pulses(STEP, 24 * 5)
    take.play(STEP + 24 * 3 * STEP, STEP + 24 * 4 * STEP, note=60)
    assert take.notes()[0][1:] == pytest.approx((0.5, 1.0))  # beat 12.5 lies in the bar of beat 12


def test_a_note_a_little_before_the_bar_line_belongs_to_the_bar() -> None:
    take = Take()
    take.hear(0.0, "songpos", pos=16)
    take.pulses(0.0, 24 * 9)
    take.play(4 * 0.5 - 0.02, 4 * 0.5 + 0.5, note=60)
    take.play(5 * 0.5, 5 * 0.5 + 0.5, note=62)
    assert [start for _, start, _ in take.notes()] == pytest.approx([0.0, 1.0])


def test_where_the_song_is_unknown_beat_0_is_the_first_note_even_with_a_clock() -> None:
    take = Take()
    take.pulses(0.0, 24 * 5, step=2 * STEP)
    take.play(1.3, 2.3, note=60)
    assert take.notes()[0] == pytest.approx((60.0, 0.0, 1.0))


def test_a_song_position_after_the_first_note_does_not_pull_time_apart() -> None:
    take = Take()
    take.hear(0.0, "start")
    take.pulses(0.0, 48)
    take.play(0.5, 0.6, note=60)
    take.hear(1.0, "songpos", pos=64)
    take.pulses(1.0, 48)
    take.play(1.5, 1.6, note=62)
    assert [start for _, start, _ in take.notes()] == pytest.approx([1.0, 3.0])


@pytest.mark.parametrize("pulses", [0, 1, 24])
def test_less_than_a_beat_of_clock_says_nothing(pulses: int) -> None:
    take = Take()
    take.pulses(0.0, pulses)
    take.play(0.0, 1.0, note=60)
    assert take.capture.stop(1.0, bpm=90.0).tempos == (Tempo(0.0, 90.0),)


def test_a_flood_of_pulses_is_no_tempo() -> None:
    take = Take()
    take.pulses(0.0, 1000, step=0.0)
    take.play(0.0, 1.0, note=60)
    assert take.notes() == [(60.0, 0.0, 2.0)]


def test_held_notes_end_with_the_capture() -> None:
    take = Take()
    take.hear(1.0, "note_on", note=60)
    assert take.notes(now=3.0, bpm=60.0) == [(60.0, 0.0, 2.0)]


def test_each_channel_is_a_track_and_the_tenth_is_drums() -> None:
    take = Take()
    take.hear(0.0, "program_change", channel=3, program=40)
    take.play(0.0, 1.0, note=60, channel=3)
    take.play(0.0, 1.0, note=36, channel=9)
    tracks = take.capture.stop(2.0).tracks
    assert [(t.name, t.program, t.drums) for t in tracks] == [
        ("channel 4", 40, False),
        ("drums", 0, True),
    ]


def test_a_held_bend_becomes_cents() -> None:
    take = Take()
    take.hear(0.0, "pitchwheel", pitch=2048)
    take.play(0.0, 1.0, note=60)
    assert take.notes()[0][0] == 60.5


def test_nothing_played_is_an_empty_score() -> None:
    take = Take()
    take.pulses(0.0, 100)
    take.hear(0.0, "note_off", note=60)
    assert take.capture.stop(9.0, bpm=100.0) == Score((), (Tempo(0.0, 120.0),))


def test_stop_wants_a_start() -> None:
    capture = Capture()
    with pytest.raises(WordsError, match="say start before stop"):
        capture.stop(0.0)
    capture.hear(mido.Message("note_on"), 0.0)
    capture.start()
    assert capture.running
    assert capture.stop(0.0).tracks == ()
    assert not capture.running


def test_a_new_start_forgets_what_was_played() -> None:
    take = Take()
    take.play(0.0, 1.0, note=60)
    take.capture.start()
    assert take.notes() == []


def test_notes_are_bounded_in_number_and_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NOTES", 5)
    take = Take()
    for n in range(9):
        take.play(float(n), n + 0.5, note=60 + n)
    assert [pitch for pitch, *_ in take.notes()] == [60, 61, 62, 63, 64]
    take.capture.start()
    take.hear(0.0, "note_on", note=60)
    take.hear(module.MAX_SECONDS + 1.0, "note_on", note=61)
    assert take.notes(now=9e9, bpm=60.0) == [(60.0, 0.0, module.MAX_SECONDS)]


event = st.one_of(
    st.builds(lambda n, v: mido.Message("note_on", note=n, velocity=v), *[st.integers(0, 127)] * 2),
    st.builds(lambda n: mido.Message("note_off", note=n), st.integers(0, 127)),
    st.builds(lambda n: mido.Message("pitchwheel", pitch=n), st.integers(-8192, 8191)),
    st.builds(lambda n: mido.Message("songpos", pos=n), st.integers(0, 16383)),
    st.sampled_from([mido.Message(kind) for kind in ("clock", "start", "stop", "continue")]),
)


@given(st.lists(st.tuples(st.floats(0.0, 3.0), event), max_size=80), st.booleans())
def test_whatever_is_played_gives_notes_in_order_from_beat_0(
    events: list[tuple[float, mido.Message]], clocked: bool
) -> None:
    take = Take()
    if clocked:
        take.pulses(0.0, 30)
    now = 1.0
    for wait, message in events:
        now += wait
        take.capture.hear(message, now)
    (notes,) = [track.notes for track in take.capture.stop(now + 1.0).tracks] or [()]
    begun = sum(1 for _, m in events if m.type == "note_on" and m.velocity > 0)
    assert len(notes) == begun
    assert all(note.start >= 0.0 and note.length > 0.0 for note in notes)
    assert [note.start for note in notes] == sorted(note.start for note in notes)
