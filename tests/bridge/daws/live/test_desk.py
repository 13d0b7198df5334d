"""The Remote Script at work: clips that ask by their names, and what lands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.midi.reading import score_from_bytes
from tests.bridge.daws.live.conftest import Room
from tests.bridge.daws.live.standin import Clip, Slot

CHORDS = [
    ("suggestion", 1, "vi-IV-I-V", "Falls by thirds.", "/home/me/keys.chords-1.mid", 0.9),
    ("notes", 1, 2),
    ("note", 1, "keys", 60.0, 0.0, 3.0, 80),
    ("note", 1, "keys", 63.6, 3.0, 4.0, 90),
]


def test_a_name_asks_with_the_context_of_the_set(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords 8 bars hopeful surprise=0.7")
    word, _, path, *pairs = room.asked()
    assert word == "chords"
    assert dict(zip(pairs[::2], pairs[1::2], strict=True)) == {
        "count": "3", "tempo": "96", "meter": "3/4", "key": "A minor",
        "bars": "8", "prompt": "hopeful", "surprise": "0.7",
    }  # fmt: skip
    score = score_from_bytes(Path(path).read_bytes())
    notes = [note for track in score.tracks for note in track.notes]
    assert [(note.pitch, note.start, note.length, note.velocity) for note in notes] == [
        (60, 0.0, 1.0, 100),
        (64, 3.0, 3.0, 1),
    ]
    assert score.tempos[0].bpm == pytest.approx(96.0, abs=0.001)
    assert score.meters[0].signature == "3/4"


def test_the_key_is_not_said_where_the_scale_is_off(room: Room) -> None:
    room.song.scale_mode = False
    room.name(room.song.keys.clip, "? chords")
    assert "key" not in room.asked()


def test_a_tempo_and_metre_that_bandmate_does_not_take_are_left_out(room: Room) -> None:
    room.song.tempo, room.song.signature_numerator = 20.0, 11
    room.name(room.song.keys.clip, "? chords")
    assert not {"tempo", "meter"} & set(room.asked())


def test_an_empty_clip_asks_out_of_nothing(room: Room) -> None:
    room.song.keys.clip.notes = []
    room.name(room.song.keys.clip, "? chords")
    assert room.asked()[2] == ""


def test_suggestions_land_in_free_slots_each_as_one_step(room: Room) -> None:
    room.song.tracks[0].clip_slots[1].create_clip(4.0)
    room.song.tracks[0].clip_slots[1].clip.name = "mine"
    room.name(room.song.keys.clip, "? chords hopeful")
    second = [(word, 2, *("II" if word == "suggestion" else rest[0],), *rest[1:])
              for word, _, *rest in CHORDS]  # fmt: skip
    room.done(*CHORDS, *second)
    assert room.names() == ["verse", "mine", "vi-IV-I-V", "II"]
    clip = room.song.tracks[0].clip_slots[2].clip
    assert [(note.pitch, note.start_time, note.duration, note.velocity) for note in clip.notes] == [
        (60, 0.0, 3.0, 80.0),
        (64, 3.0, 4.0, 90.0),
    ]
    assert clip.end_marker == 9.0
    assert room.song.steps == ["begin", "end"] * 2
    assert "bandmate: vi-IV-I-V: Falls by thirds." in room.shown


def test_the_clip_shows_how_far_it_is_and_gets_its_name_back(room: Room) -> None:
    clip = room.song.keys.clip
    room.name(clip, "? chords")
    assert clip.name == "? chords"
    room.answers(("progress", 0.45, "listening"))
    assert clip.name == "\u2026 40 % chords"
    assert room.shown[-1] == "bandmate: chords: 45 % listening"
    room.done(*CHORDS)
    assert clip.name == "verse"


def test_a_name_that_was_answered_does_not_ask_twice(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.done(*CHORDS)
    room.turn(20)
    assert [said[0] for said in room.line.said].count("chords") == 1


def test_undo_and_redo_of_a_name_ask_nothing(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.done(*CHORDS)
    room.song.can_redo = True
    room.name(room.song.keys.clip, "? chords")
    room.turn(5)
    assert [said[0] for said in room.line.said].count("chords") == 1


def test_the_same_again_throws_other_dice(room: Room) -> None:
    for _ in range(2):
        room.name(room.song.keys.clip, "? chords")
        room.done(*CHORDS)
        room.turn()
    first, second = (said for said in room.line.said if said[0] == "chords")
    assert "seed" not in first
    assert second[second.index("seed") + 1] == "1"


BASS = ("note", 1, "bass", 36.0, 0.0, 3.0, 80)


def test_hands_that_play_together_land_in_one_clip(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.done(CHORDS[0], ("notes", 1, 2), CHORDS[2], BASS)
    assert room.names() == ["verse", "vi-IV-I-V", None, None]
    landed = room.song.tracks[0].clip_slots[1].clip
    assert [note.pitch for note in landed.notes] == [60, 36]


def test_the_parts_of_a_band_become_clips_of_their_own(room: Room) -> None:
    room.name(room.song.keys.clip, "? band")
    room.done(CHORDS[0], ("notes", 1, 2), CHORDS[2], BASS)
    assert room.names() == ["verse", "vi-IV-I-V: keys", "vi-IV-I-V: bass", None]
    assert room.song.steps == ["begin", "end"]


def test_as_many_are_asked_for_as_there_is_room_for(room: Room) -> None:
    track = room.song.tracks[0]
    room.name(room.song.keys.clip, "? chords")
    asked = room.asked()
    assert asked[asked.index("count") + 1] == "3"
    room.done(*CHORDS)
    track.clip_slots += [Slot(track) for _ in range(20)]
    for name, count in (("? chords lively", "5"), ("? chords count=7", "7")):
        room.name(room.song.keys.clip, name)
        asked = room.asked()
        assert asked[asked.index("count") + 1] == count
        room.done(*CHORDS)


# Sound


def sound(room: Room) -> tuple[Any, ...]:
    path = room.folder.parent / "vox.pitch-1.wav"
    path.write_bytes(b"RIFF")
    return ("suggestion", 1, "In tune", "14 notes were flat.", str(path), 0.8)


def test_the_range_of_a_clip_is_what_is_asked_for(room: Room) -> None:
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? pitch strength=80")
    assert room.asked()[2:] == (
        "/home/me/vox.wav", "cut", "12.500000-20.250000", "key", "A minor", "strength", "80",
    )  # fmt: skip


def test_the_range_of_a_warped_clip_is_asked_in_seconds_of_its_file(room: Room) -> None:
    clip = room.song.vox.clip
    clip.warping, clip.looping, clip.loop_start, clip.loop_end = True, True, 4.0, 12.0
    room.look_at(room.song.vox)
    room.name(clip, "? denoise")
    assert room.asked()[2:] == ("/home/me/vox.wav", "cut", "2.000000-6.000000")


def test_a_whole_file_is_not_cut(room: Room) -> None:
    room.song.vox.clip.start_marker, room.song.vox.clip.end_marker = 0.0, 30.0
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? master apple music")
    assert room.asked()[2:] == ("/home/me/vox.wav", "preset", "apple-music")


def test_sound_lands_beside_the_take_and_sounds_as_it_was_made(room: Room) -> None:
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? pitch")
    room.done(sound(room))
    assert room.names(1) == ["take 3", "In tune", None, None]
    assert not room.song.tracks[1].clip_slots[1].clip.warping
    assert room.song.vox.clip.file_path == "/home/me/vox.wav"


def test_beside_a_stretched_take_it_is_warped(room: Room) -> None:
    room.song.vox.clip.warping, room.song.vox.clip.beat_seconds = True, 0.5
    room.look_at(room.song.vox)  # half a second a beat, at 96 BPM
    room.name(room.song.vox.clip, "? pitch")
    room.done(sound(room))
    assert room.song.tracks[1].clip_slots[1].clip.warping


def test_notes_for_sound_land_on_a_track_of_their_own(room: Room) -> None:
    room.look_at(room.song.vox)
    for _ in range(2):
        room.name(room.song.vox.clip, "? chords")
        room.done(*CHORDS)
        room.turn()
    assert [track.name for track in room.song.tracks] == ["Keys", "Vox", "bandmate"]
    assert room.names(2) == ["vi-IV-I-V", "vi-IV-I-V", None, None]


# What the musician thinks of it


@pytest.mark.parametrize(("name", "word"), [("ok", "taken"), ("OK ", "taken"), ("no", "reject")])
def test_ok_and_no_are_told_to_the_daemon(room: Room, name: str, word: str) -> None:
    room.name(room.song.keys.clip, "? chords")
    ident = room.asked()[1]
    room.done(*CHORDS)
    landed = room.song.tracks[0].clip_slots[1]
    room.look_at(landed)
    room.name(landed.clip, name)
    room.turn(3)
    assert [said for said in room.line.said if said[0] == word] == [(word, ident, 1)]
    assert landed.clip.name == "vi-IV-I-V"


@pytest.mark.parametrize("change", ["? chords", "never mind"])
def test_a_name_taken_back_cancels(room: Room, change: str) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.answers(("progress", 0.1, "listening"))
    room.turn()
    room.song.can_redo = change == "? chords"  # by Undo
    room.name(room.song.keys.clip, change)
    assert room.line.said[-1][0] == "cancel"
    room.turn(5)
    assert room.song.keys.clip.name == change


def test_a_deleted_clip_cancels(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.song.keys.delete_clip()
    room.turn()
    assert room.line.said[-1][0] == "cancel"


# Failures


def test_no_daemon_is_said_with_the_way_to_start_it(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.line.refused = True
    room.turn(10)
    assert room.shown == ["bandmate: bandmate is not running. Start it with: /opt/bandmate serve"]
    assert room.song.keys.clip.name == "verse"
    assert [said[0] for said in room.line.said].count("chords") == 1


def test_a_daemon_that_never_answers_is_no_daemon(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.turn(5, seconds=1.0)
    assert "not running" in room.shown[-1]


def test_a_daemon_that_was_restarted_is_asked_again_under_the_same_id(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    asked = room.asked()
    room.answers(("progress", 0.3, "listening"))
    room.line.refused = True
    room.turn(7, seconds=1.0)
    assert any("went away; waiting" in text for text in room.shown)
    assert room.asked() == asked
    assert room.line.said.count(asked) == 2
    room.line.refused = False
    room.done(*CHORDS)
    assert room.names()[1] == "vi-IV-I-V"


def test_a_daemon_that_stays_away_is_given_up(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.answers(("progress", 0.3, "listening"))
    room.line.refused = True
    room.turn(70, seconds=1.0)
    assert "then name the clip again" in room.shown[-1]
    assert room.song.keys.clip.name == "verse"


def test_notes_that_were_lost_are_asked_for_again(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    ident = room.asked()[1]
    room.answers(*CHORDS[:3], ("done", 1, 0.2))
    assert room.line.said[-1] == ("again", ident, 1)
    room.line.coming += [(str(word), [ident, *rest]) for word, *rest in CHORDS]
    room.turn(3)
    assert room.names()[1] == "vi-IV-I-V"


def test_notes_that_stay_lost_are_said_and_nothing_lands(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.answers(*CHORDS[:3], ("done", 1, 0.2))
    room.turn(20, seconds=1.0)
    assert room.shown[-1] == "bandmate: Some notes of 'vi-IV-I-V' were lost; ask again."
    assert room.names() == ["verse", None, None, None]


def test_errors_of_the_daemon_are_shown(room: Room) -> None:
    room.name(room.song.keys.clip, "? chors")
    room.answers(("error", "unknown", "There is no stage 'chors'. Did you mean 'chords'?"))
    assert room.shown[-1].endswith("Did you mean 'chords'?")
    assert room.song.keys.clip.name == "verse"


@pytest.mark.parametrize("full", [True, False])
def test_no_free_slot_and_frozen_are_said(room: Room, full: bool) -> None:
    track = room.song.tracks[0]
    for slot in track.clip_slots[1:]:
        slot.create_clip(4.0)
    track.is_frozen = not full
    room.name(room.song.keys.clip, "? chords")
    assert room.line.said == []
    assert ("no free slot" if full else "is frozen") in room.shown[-1]
    assert room.song.keys.clip.name == "verse"
    assert len(track.clip_slots) == 4


def test_slots_that_filled_up_meanwhile_are_not_written_over(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    for slot in room.song.tracks[0].clip_slots[1:]:
        slot.create_clip(4.0)
    room.done(*CHORDS)
    assert "no free slot" in room.shown[-1]
    assert room.names() == ["verse", "", "", ""]


def test_sound_stages_refuse_clips_of_notes(room: Room) -> None:
    room.name(room.song.keys.clip, "? pitch")
    assert "pitch takes sound" in room.shown[-1]
    assert room.line.said == []


def test_a_file_that_is_not_there_is_said(room: Room) -> None:
    room.look_at(room.song.vox)
    room.name(room.song.vox.clip, "? pitch")
    room.done(("suggestion", 1, "In tune", "why", "/nowhere/take.wav", 0.5))
    assert "is not there: /nowhere/take.wav" in room.shown[-1]
    assert room.names(1) == ["take 3", None, None, None]


def test_what_live_refuses_leaves_nothing_behind(room: Room, monkeypatch: Any) -> None:
    def refuse(self: Clip, notes: object) -> None:
        raise RuntimeError("no room for notes")

    monkeypatch.setattr(Clip, "add_new_notes", refuse)
    room.name(room.song.keys.clip, "? chords")
    room.done(*CHORDS)
    assert "Live refused 'vi-IV-I-V': no room for notes" in room.shown[-1]
    assert room.names() == ["verse", None, None, None]
    assert room.song.steps == ["begin", "end"]


@pytest.mark.parametrize(
    "garbage",
    [
        ("progress",),
        ("progress", "far", 3),
        ("suggestion", 1),
        ("suggestion", 10**9, "t", "w", "", 0.1),
        ("suggestion", "one", "t", "w", "", 0.1),
        ("notes", 7, 3),
        ("note", 1, "keys", 900.0, 0.0, 1.0, 80),
        ("note", 1, "keys", 60.0, -1e30, -4.0, 80),
        ("chord", None),
        ("error",),
        ("quarrel", 1, 2, 3),
    ],
)
def test_garbage_changes_nothing(room: Room, garbage: tuple[Any, ...]) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.answers(CHORDS[0], CHORDS[1], garbage, *CHORDS[2:])
    room.line.coming += [("progress", []), ("error", [None]), ("note", [None, 3])]
    room.done()
    assert room.names()[:2] == ["verse", "vi-IV-I-V"]


def test_a_clip_that_breaks_does_not_stop_the_others(room: Room, monkeypatch: Any) -> None:
    room.name(room.song.keys.clip, "? chords")
    broken = room.desk._tasks
    room.answers(("progress", 0.2, "listening"))
    monkeypatch.setattr(Clip, "name", property(lambda self: 1 / 0), raising=False)
    with pytest.raises(ZeroDivisionError):
        room.turn()
    assert not broken
    assert room.line.said[-1][0] == "cancel"


def test_closing_cancels_and_gives_the_name_back(room: Room) -> None:
    room.name(room.song.keys.clip, "? chords")
    room.answers(("progress", 0.2, "listening"))
    room.desk.close()
    assert room.line.said[-1][0] == "cancel"
    assert room.line.closed
    assert room.song.keys.clip.name == "verse"


def test_closing_lets_go_of_all_whatever_live_says(room: Room, monkeypatch: Any) -> None:
    for slot in room.song.tracks[0].clip_slots[:2]:
        if not slot.has_clip:
            slot.create_clip(4.0)
        room.look_at(slot)
        room.name(slot.clip, "? chords")
    monkeypatch.setattr(Clip, "name", property(lambda self: 1 / 0), raising=False)
    with pytest.raises(ZeroDivisionError):
        room.desk.close()
    assert [said[0] for said in room.line.said[-2:]] == ["cancel", "cancel"]
    assert room.line.closed


def test_two_clips_that_ask_at_once_are_answered_each_for_itself(room: Room) -> None:
    first, second = room.song.tracks[0].clip_slots[:2]
    room.name(first.clip, "? chords")
    one = room.asked()[1]
    second.create_clip(4.0)
    room.look_at(second)
    room.name(second.clip, "? melody")
    other = room.asked()[1]
    said = [(str(word), [ident, *rest]) for word, *rest in CHORDS for ident in (one, other)]
    room.line.coming += [*said, ("done", [other, 1, 0.4])]
    room.turn(4)
    assert room.names().count("vi-IV-I-V") == 1
    first.delete_clip()
    room.line.coming.append(("done", [one, 1, 0.4]))
    room.turn(4)
    assert room.names().count("vi-IV-I-V") == 1
    assert not room.desk._tasks


def test_only_so_many_at_once(room: Room) -> None:
    track = room.song.tracks[0]
    track.clip_slots = [Slot(track) for _ in range(12)]
    for slot in track.clip_slots:
        slot.create_clip(4.0)
        room.look_at(slot)
        room.name(slot.clip, "? chords")
    assert len(room.desk._tasks) == 8
    assert "8 requests are under way" in room.shown[-1]
