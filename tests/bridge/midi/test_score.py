"""`bridge.midi.score`: scores to MIDI files and back, and the messages that play them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.material import Bend, Meter, Note, Score, Tempo, Track
from bridge.midi.reading import score_from_bytes
from bridge.midi.score import bytes_from_score, timeline

TICK = 1.0 / 480.0


def one_track(*notes: Note, drums: bool = False) -> Score:
    return Score((Track("lead", notes, drums=drums),))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Draw a track; notes of one pitch follow each other, on the grid of 480 ticks a beat."""
    ends: dict[int, int] = {}
    notes = []
    for pitch, gap, length, velocity in draw(
        st.lists(
            st.tuples(
                st.integers(0, 127),
                st.integers(0, 2000),
                st.integers(1, 2000),
                st.integers(1, 127),
            ),
            min_size=1,
            max_size=20,
        )
    ):
        start = ends.get(pitch, 0) + gap
        ends[pitch] = start + length
        notes.append(Note(float(pitch), start / 480, length / 480, velocity))
    notes.sort(key=lambda note: (note.start, note.pitch))
    names = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
    return Track(draw(names), tuple(notes), draw(st.integers(0, 127)), draw(st.booleans()))


@st.composite
def scores(draw: st.DrawFn) -> Score:
    beats = st.lists(st.integers(1, 100_000), max_size=4, unique=True).map(sorted)
    bpm = st.floats(4.0, 1000.0)
    meter = st.tuples(st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))
    return Score(
        tuple(draw(st.lists(tracks(), max_size=4))),
        tuple(Tempo(beat / 480, draw(bpm)) for beat in [0, *draw(beats)]),
        tuple(Meter(beat / 480, *draw(meter)) for beat in [0, *draw(beats)]),
    )


@given(scores())
def test_a_score_survives_its_midi_file(score: Score) -> None:
    again = score_from_bytes(bytes_from_score(score))
    assert [(t.name, t.program, t.drums) for t in again.tracks] == [
        (t.name, t.program, t.drums) for t in score.tracks
    ]
    for before, after in zip(score.tracks, again.tracks, strict=True):
        assert len(before.notes) == len(after.notes)
        for old, new in zip(before.notes, after.notes, strict=True):
            assert (old.pitch, old.velocity) == (new.pitch, new.velocity)
            assert new.start == pytest.approx(old.start, abs=1e-9)
            assert new.length == pytest.approx(old.length, abs=1e-9)
    assert again.meters == score.meters
    for tempo, same in zip(score.tempos, again.tempos, strict=True):
        assert same.beat == pytest.approx(tempo.beat)
        assert 60e6 / same.bpm == pytest.approx(60e6 / tempo.bpm, abs=0.5001)


@given(st.lists(st.tuples(st.integers(0, 12_700), st.floats(0.01, 8.0)), min_size=1, max_size=12))
def test_cents_of_a_melody_survive_its_midi_file(melody: list[tuple[int, float]]) -> None:
    notes = []
    start = 0.0
    for cents, length in melody:
        notes.append(Note(cents / 100, start, length))
        start += length
    again = score_from_bytes(bytes_from_score(one_track(*notes))).tracks[0].notes
    assert [note.pitch for note in again] == pytest.approx([note.pitch for note in notes])


@given(st.floats(0.0, 900.0), st.floats(0.0, 20.0))
def test_any_note_keeps_its_place_to_half_a_tick(start: float, length: float) -> None:
    (note,) = score_from_bytes(bytes_from_score(one_track(Note(60, start, length)))).tracks[0].notes
    assert abs(note.start - start) <= TICK / 2 + 1e-9
    assert abs(note.length - max(length, TICK)) <= TICK + 1e-9


def test_chords_with_cents_are_rounded_and_drums_never_bend() -> None:
    chord = one_track(Note(60.4, 0, 2), Note(64.3, 1, 2))
    drums = one_track(Note(36.3, 0, 1), Note(38.4, 1, 1), drums=True)
    for score, pitches in ((chord, [60, 64]), (drums, [36, 38])):
        assert {timed.message.type for timed in timeline(score)}.isdisjoint({"pitchwheel"})
        again = score_from_bytes(bytes_from_score(score))
        assert [note.pitch for note in again.tracks[0].notes] == pitches


def test_a_bend_ends_with_the_melody() -> None:
    bends = [
        (timed.beat, timed.message.pitch)
        for timed in timeline(one_track(Note(60.5, 0, 1), Note(61.5, 1, 1)))
        if timed.message.type == "pitchwheel"
    ]
    assert bends == [(0.0, 2048), (1.0, -2048), (2.0, 0)]  # 60.5 is 60 raised, 61.5 is 62 lowered


def test_a_midi_file_is_what_others_expect() -> None:
    score = Score(
        (Track("Bass é", (Note(36, 0, 1, 100),), 33), Track("Kit", (Note(38, 1, 1, 90),), 0, True)),
        (Tempo(0, 96), Tempo(4, 120)),
        (Meter(0, 6, 8),),
    )
    file = mido.MidiFile(file=BytesIO(bytes_from_score(score)), charset="utf-8")
    assert (file.type, file.ticks_per_beat) == (1, 480)
    assert [str(message) for message in file.tracks[0]] == [
        "MetaMessage('set_tempo', tempo=625000, time=0)",
        (
            "MetaMessage('time_signature', numerator=6, denominator=8, clocks_per_click=24, "
            "notated_32nd_notes_per_beat=8, time=0)"
        ),
        "MetaMessage('set_tempo', tempo=500000, time=1920)",
        "MetaMessage('end_of_track', time=0)",
    ]
    assert [track.name for track in file.tracks[1:]] == ["Bass é", "Kit"]
    assert [str(message) for message in file.tracks[1][1:-1]] == [
        "program_change channel=0 program=33 time=0",
        "note_on channel=0 note=36 velocity=100 time=0",
        "note_off channel=0 note=36 velocity=0 time=480",
    ]
    assert {message.channel for message in file.tracks[2] if not message.is_meta} == {9}


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (one_track(Note(127.5, 0, 1)), "pitches 0 to 127; a note has 127.5"),
        (one_track(Note(float("nan"), 0, 1)), "pitches 0 to 127"),
        (one_track(Note(60, -1, 1)), "from beat 0 to 100000, not at -1"),
        (one_track(Note(60, 0, float("inf"))), "not at inf"),
        (Score((), (Tempo(0, 2.0),)), "tempo of 2 beats"),
        (Score((), (Tempo(0, 0.0),)), "tempo of 0 beats"),
        (Score((), meters=(Meter(0, 4, 5),)), "metre of 4/5"),
        (Score((), meters=(Meter(0, 0, 4),)), "metre of 0/4"),
    ],
)
def test_what_midi_cannot_say_is_refused(score: Score, text: str) -> None:
    with pytest.raises(MaterialError, match=text):
        bytes_from_score(score)


@given(st.lists(tracks(), max_size=4))
def test_a_timeline_ends_each_note_before_the_next_of_its_key(players: list[Track]) -> None:
    melodic = tuple(replace(track, drums=False) for track in players)
    played = timeline(Score(melodic))
    assert all(a.beat <= b.beat for a, b in pairwise(played))
    sounding = set()
    begun = 0
    for _, message in played:
        if message.type == "note_on":
            assert (message.channel, message.note) not in sounding
            sounding.add((message.channel, message.note))
            begun += 1
        elif message.type == "note_off":
            sounding.remove((message.channel, message.note))
    assert not sounding
    assert begun == sum(len(track.notes) for track in players)


def test_channels_skip_the_drums_and_are_shared_from_the_sixteenth_on() -> None:
    note = (Note(60, 0, 1),)
    melodic = [Track(str(n), note, program=n) for n in range(17)]
    score = Score((Track("kit", note, drums=True), *melodic))
    programs = [
        (timed.message.channel, timed.message.program)
        for timed in timeline(score)
        if timed.message.type == "program_change"
    ]
    expected = [channel for channel in range(16) if channel != 9]
    assert programs == [(9, 0), *((expected[n % 15], n) for n in range(17))]


def test_syllables_are_lyric_events_beside_their_notes() -> None:
    notes = tuple(Note(60.0 + at, float(at), 1.0) for at in range(5))
    lyrics = ("nev-", "er", "_", "", "más")
    score = Score((Track("melody", notes, lyrics=lyrics), Track("bass", notes[:1])))
    data = bytes_from_score(score)
    sung = []
    for track in mido.MidiFile(file=BytesIO(data), charset="utf-8").tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "lyrics":
                sung.append((round(now * TICK, 6), message.text))
    assert sung == [(0.0, "nev-"), (1.0, "er"), (4.0, "más")]
    read = score_from_bytes(data)
    assert [track.notes for track in read.tracks] == [notes, notes[:1]]
    assert all(not track.lyrics for track in read.tracks)
    assert len(timeline(score)) == len(timeline(replace(score, tracks=tuple(
        replace(track, lyrics=()) for track in score.tracks))))  # fmt: skip


def test_bends_within_a_note_are_played_and_leave_its_pitch_as_it_is() -> None:
    notes = (Note(60.25, 0.0, 1.0), Note(62.0, 1.0, 1.0))
    bends = (Bend(0.0, 59.0), Bend(0.5, 60.75), Bend(1.5, 90.0), Bend(2.5, 62.0))
    score = Score((Track("voice", notes, bends=bends),))
    heard = score_from_bytes(bytes_from_score(score))
    assert [note.pitch for note in heard.tracks[0].notes] == pytest.approx([60.25, 62.0])
    wheel = [
        (timed.beat, timed.message.pitch)
        for timed in timeline(score)
        if timed.message.type == "pitchwheel"
    ]
    assert wheel == [(0.0, 1024), (0.5, 3072), (1.0, 0), (1.5, 8191), (2.0, 0)]


def test_bends_of_chords_are_left_out() -> None:
    notes = (Note(60.0, 0.0, 1.0), Note(64.0, 0.5, 1.0))
    score = Score((Track("choir", notes, bends=(Bend(0.25, 60.5),)),))
    assert all(timed.message.type != "pitchwheel" for timed in timeline(score))
