from __future__ import annotations

import numpy as np

from assistant.contract import Suggestion
from assistant.material import Audio, Note, Score, Session, Stem, Track
from assistant.moves import Move
from bridge.dawproject.exchange import exchange

SCORE = Score((Track("lead", (Note(60.0, 0.0, 1.0),)),))
SOUND = Audio(np.ones((1, 100), np.float32), 48_000)
GIVEN = Session((Stem("Vox", SOUND, 7), Stem("Bass", SOUND)))
MOVE = Move("Vox", "gain_db", -3.0, "too loud")


def test_notes_are_a_track_each() -> None:
    made = exchange(Suggestion("Hopeful", "why", {"main": SCORE}), None, None, "song")
    assert made is not None
    assert (made.title, made.comment, made.score, made.stems) == ("Hopeful", "why", SCORE, ())


def test_moves_are_put_on_the_stems_that_they_are_for() -> None:
    suggestion = Suggestion("Mix", "why", {"main": SOUND}, moves=(MOVE,))
    made = exchange(suggestion, GIVEN, SCORE, "song")
    assert made is not None
    assert (made.stems, made.moves, made.score) == (GIVEN.stems, (MOVE,), SCORE)


def test_sound_is_a_track_for_each_role_and_moves_of_a_file_are_in_it_already() -> None:
    suggestion = Suggestion("Tuned", "why", {"main": SOUND, "stem.Alto": SOUND}, moves=(MOVE,))
    made = exchange(suggestion, SOUND, None, "take")
    assert made is not None
    assert [stem.name for stem in made.stems] == ["take", "Alto"]
    assert made.moves == ()


def test_words_alone_are_no_song() -> None:
    assert exchange(Suggestion("None", "why", {"report": "<p>"}), GIVEN, None, "song") is None
