"""What of an answer lands in Live: not what the musician has already."""

from __future__ import annotations

from bridge.daws.live.remote_script.Bandmate.answer import Suggestion
from bridge.daws.live.remote_script.Bandmate.note_file import Note
from bridge.daws.live.remote_script.Bandmate.novelty import new_notes

TOLD = [Note(60, 0.0, 1.0, 80), Note(62, 1.2, 1.0, 80), Note(64, 6.0, 3.0, 80)]
OWN = [("melody", 60, 0.0), ("melody", 62, 1.2000001), ("melody", 64, 6.0)]


def suggested(
    *notes: tuple[str, int, float], chords: tuple[float, float] | None = None
) -> Suggestion:
    made = Suggestion(1, "One", "why", "")
    made.notes = [(part, key, start, 1.0, 80) for part, key, start in notes]
    if chords is not None:
        made.hear_chord(chords[0], chords[1] - chords[0])
    return made


def new(
    suggestion: Suggestion, stage: str, told: list[Note] | None
) -> list[tuple[str, int, float]]:
    return [note[:3] for note in new_notes(suggestion, stage, told, 4.0)]


def test_chords_come_without_the_melody_they_are_for() -> None:
    made = suggested(*OWN, ("chords", 48, 0.0), ("bass", 36, 4.0))
    assert new(made, "chords", TOLD) == [("chords", 48, 0.0), ("bass", 36, 4.0)]
    assert new(made, "chords", None) == [("chords", 48, 0.0), ("bass", 36, 4.0)]


def test_a_tune_that_goes_on_comes_without_the_song_before_it() -> None:
    made = suggested(*OWN, ("melody", 65, 8.0), ("melody", 67, 10.0), ("chords", 48, 8.0))
    expected = [("melody", 65, 0.0), ("melody", 67, 2.0), ("chords", 48, 0.0)]
    assert new(made, "melody", TOLD) == expected


def test_a_rest_or_a_note_a_little_early_do_not_move_its_bar() -> None:
    late = suggested(*OWN, ("melody", 65, 9.5))
    assert new(late, "melody", TOLD) == [("melody", 65, 1.5)]
    early = suggested(*OWN, ("melody", 65, 7.99))
    assert new(early, "melody", TOLD) == [("melody", 65, 0.0)]


def test_what_fills_a_tune_stays_whole() -> None:
    made = suggested(*OWN, ("melody", 65, 4.0))
    assert new(made, "melody", TOLD) == [note[:3] for note in made.notes]


def test_what_varies_a_tune_stays_whole_even_where_only_its_end_is_changed() -> None:
    made = suggested(*OWN[:2], ("melody", 67, 4.0))
    assert new(made, "melody", TOLD) == [*OWN[:2], ("melody", 67, 4.0)]


def test_a_tune_out_of_nothing_stays_as_it_is() -> None:
    made = suggested(("melody", 65, 5.0), chords=(0.0, 16.0))
    assert new(made, "melody", []) == [("melody", 65, 5.0)]
    assert new(made, "melody", None) == [("melody", 65, 5.0)]


def test_what_was_heard_in_a_recording_is_left_out_too() -> None:
    made = suggested(*OWN, ("melody", 65, 8.0), ("chords", 48, 8.0), chords=(8.0, 16.0))
    assert new(made, "melody", None) == [("melody", 65, 0.0), ("chords", 48, 0.0)]


def test_what_fills_a_recording_stays_whole() -> None:
    made = suggested(*OWN, ("melody", 65, 4.5), ("melody", 67, 8.0), chords=(4.0, 6.0))
    assert new(made, "melody", None) == [note[:3] for note in made.notes]


def test_other_stages_are_left_alone() -> None:
    made = suggested(*OWN, ("melody", 65, 8.0))
    assert new(made, "band", TOLD) == [note[:3] for note in made.notes]
