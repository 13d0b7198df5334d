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


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move("Vox", "gain_db", -3.0, ""), "set the fader of 'Vox' to -3 dB."),
        (Move("mix", "gain_db", 1.5, "", "change"), "change the fader of the mix by +1.5 dB."),
        (Move("Vox", "pan", -0.25, ""), "set the pan of 'Vox' to -0.25."),
        (Move("Vox", "mute", 1.0, ""), "mute 'Vox'."),
        (Move("Vox", "mute", 0.0, ""), "unmute 'Vox'."),
        (Move("Vox", "polarity", -1.0, ""), "flip the polarity of 'Vox'."),
        (
            Move("Vox", "comp.threshold_db", -20.0, ""),
            "set the comp.threshold_db (where compression begins) of 'Vox' to -20 dB.",
        ),
    ],
)
def test_a_move_is_said_as_what_a_hand_does(move: Move, said: str) -> None:
    with pytest.raises(DawError) as told:
        words.move(Song(), move)
    assert str(told.value) == f"bandmate cannot reach the mixer of this DAW: {said}"


def test_every_parameter_has_words() -> None:
    for name, parameter in PARAMETERS.items():
        for mode in ("set", "change"):
            with pytest.raises(DawError, match="'Vox'"):
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
