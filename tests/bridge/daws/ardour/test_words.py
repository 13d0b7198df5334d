import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DawError
from assistant.material import Score
from assistant.moves import Move
from bridge.daws.adapter import Said, Song, Track, Value, adapter
from bridge.daws.ardour import words
from tests.bridge.daws.ardour.dummy import Dummy


def spoken(daw: Dummy, song: Song, said: tuple[Said, ...]) -> Song:
    for one in said:
        for answer in daw.hear(one):
            song = words.hear(song, answer)
    return song


def known() -> tuple[Dummy, Song]:
    daw = Dummy()
    return daw, spoken(daw, Song(), words.ask(Song()))


def test_the_adapter_is_found() -> None:
    assert adapter("ardour").LISTENS == 3819


def test_every_strip_and_the_master_are_told() -> None:
    _, song = known()
    assert song.tracks == {
        0: Track(0, "mix", 0.0, 0.0),
        1: Track(1, "Vocal", -3.0, -0.5),
        2: Track(2, "Keys", 0.0, 0.0),
        3: Track(3, "Reverb", 0.0, 0.0),
    }
    assert words.ask(song) == ()


def test_answers_come_to_the_port_that_asks() -> None:
    assert words.ask(Song()) == (
        Said("/set_surface/port", (0,)),
        Said("/set_surface/feedback", (19,)),
        Said("/strip/list", ()),
    )


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move("Vocal", "gain_db", -6.0, "w"), Said("/strip/gain", (1, -6.0))),
        (Move("vocal", "gain_db", -6.0, "w", "change"), Said("/strip/gain", (1, -9.0))),
        (Move("Keys", "gain_db", 20.0, "w"), Said("/strip/gain", (2, 6.0))),
        (Move("Keys", "pan", -1.0, "w"), Said("/strip/pan_stereo_position", (2, 1.0))),
        (Move("Vocal", "pan", 0.25, "w", "change"), Said("/strip/pan_stereo_position", (1, 0.625))),
        (Move("Reverb", "mute", 1.0, "w"), Said("/strip/mute", (3, 1))),
        (Move("mix", "gain_db", -1.0, "w", "change"), Said("/master/gain", (-1.0,))),
    ],
)
def test_moves_are_said_and_read_back(move: Move, said: Said) -> None:
    daw, song = known()
    assert words.move(song, move) == (said,)
    before = words.standing(song, move)
    assert before is not None
    after = words.standing(spoken(daw, song, words.move(song, move)), move)
    wanted = min(6.0, move.value + before if move.mode == "change" else move.value)
    assert after == pytest.approx(wanted, abs=0.05)


def test_a_value_without_its_strip_changes_nothing() -> None:
    _, song = known()
    assert words.hear(song, Said("/strip/gain", (-12.0,))) == song


@pytest.mark.parametrize(
    ("move", "text"),
    [
        (
            Move("Vocal", "comp.ratio", 2.0, "w"),
            "Ardour's OSC reaches faders, pans and mutes; ask from inside",
        ),
        (Move("organ", "gain_db", 0.0, "w"), "no strip of the name 'organ'"),
        (Move("TWIN", "gain_db", 0.0, "w"), "2 strips of the name 'TWIN'"),
        (Move("new", "gain_db", 1.0, "w", "change"), "has not told where gain_db of new stands"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(move: Move, text: str) -> None:
    _, song = known()
    for index, name in ((4, "Twin"), (5, "twin"), (6, "new")):
        song = words.hear(song, Said("/strip/name", (index, name)))
    with pytest.raises(DawError, match=text):
        words.move(song, move)


def test_of_two_strips_the_one_that_is_called_just_so_is_meant() -> None:
    _, song = known()
    for index, name in ((4, "Twin"), (5, "twin")):
        song = words.hear(song, Said("/strip/name", (index, name)))
    move = Move("twin", "gain_db", -3.0, "w")
    assert words.move(song, move) == (Said("/strip/gain", (5, -3.0)),)


def test_notes_and_takes_are_the_scripts() -> None:
    with pytest.raises(DawError, match="Lua Scripts"):
        words.notes(Song(), Score(()), 0.0)
    with pytest.raises(DawError, match="Lua Scripts"):
        words.audio(Song(), "a.wav", 0.0)
    assert words.progress(0.5, "x") == ()


VALUES: st.SearchStrategy[Value] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300)
)
WORDS = st.sampled_from(["gain", "name", "pan_stereo_position", "mute", "select", ""])


@given(
    room=st.sampled_from(["/strip/", "/master/", "#reply", ""]),
    word=WORDS,
    values=st.lists(VALUES, max_size=4),
)
def test_garbage_is_no_news(room: str, word: str, values: list[Value]) -> None:
    _, song = known()
    after = words.hear(song, Said(room + word, tuple(values)))
    for track in after.tracks.values():
        assert len(track.name) <= words.MAX_NAME
        assert track.gain_db is None or math.isfinite(track.gain_db)
        assert track.pan is None or -1 <= track.pan <= 1
        assert 0 <= track.index <= words.MAX_STRIPS
