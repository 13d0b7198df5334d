from __future__ import annotations

import pytest

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import PARAMETERS, Move
from bridge.daws import adapter
from bridge.daws.adapter import Said, Song
from bridge.daws.generic import words
from tests.bridge.daws.generic.dummy import Dummy


def test_it_is_one_of_the_daws() -> None:
    assert "generic" in adapter.found()


def test_nothing_is_asked_and_nothing_understood() -> None:
    assert words.ask(Song()) == ()
    assert words.hear(Song(), Said("/tempo/raw", (120.0,))) == Song()
    assert words.standing(Song(), Move("Vox", "pan", 0.0, "")) is None


def test_no_move_is_taken() -> None:
    for name, parameter in PARAMETERS.items():
        for mode in ("set", "change"):
            with pytest.raises(DawError, match="cannot reach the mixer of this DAW"):
                words.move(Song(), Move("Vox", name, parameter.high, "", mode))


def test_where_files_go_is_said() -> None:
    with pytest.raises(DawError, match=r"drag /a/take\.wav to beat 9 of a track beside the old"):
        words.audio(Song(), "/a/take.wav", 8.0)
    with pytest.raises(DawError, match=r"drag the \.mid file of the suggestion to beat 1 of"):
        words.notes(Song(), Score(()), 0.0)


def test_a_controller_shows_how_far_a_job_is() -> None:
    dummy = Dummy()
    for said in words.progress(1.7, "measuring" * 50):
        assert dummy.hear(said) == []
    fraction, doing = dummy.shown["/bandmate/progress"]
    assert fraction == 1.0
    assert str(doing).startswith("measuring")
    assert len(str(doing)) == words.MAX_TEXT
