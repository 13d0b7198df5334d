import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DawError
from assistant.material import Note, Score, Track
from assistant.moves import Move
from bridge.daws.adapter import Said, Song, adapter
from bridge.daws.reaper import words

TOLD = [
    Said("/tempo/raw", (97.5,)),
    Said("/track/1/name", ("Vocal",)),
    Said("/track/1/volume", (0.716,)),
    Said("/track/1/volume/db", (-3.5,)),
    Said("/track/1/pan", (0.25,)),
    Said("/track/1/fx/1/name", ("ReaEQ",)),
    Said("/track/1/fx/2/name", ("ReaComp",)),
    Said("/track/1/select", (1.0,)),
    Said("/track/2/name", ("Track 2",)),  # a strip that no track is on
    Said("/track/2/volume/db", (-150.0,)),
    Said("/track/2/pan", (0.5,)),
    Said("/master/volume/str", ("-1.20dB",)),
    Said("/master/pan", (0.5,)),
]


def heard(*said: Said, song: Song | None = None) -> Song:
    song = song or Song()
    for one in said:
        song = words.hear(song, one)
    return song


def move(parameter: str, value: float, target: str = "vocal", mode: str = "set") -> Move:
    return Move(target, parameter, value, "why", mode=mode)  # type: ignore[arg-type]


def test_what_reaper_tells_becomes_a_song() -> None:
    song = heard(*TOLD)
    assert song.tempo_bpm == 97.5
    assert sorted(song.tracks) == [0, 1]
    vocal, mix = song.tracks[1], song.tracks[0]
    assert (vocal.name, vocal.gain_db, vocal.pan) == ("Vocal", -3.5, -0.5)
    assert vocal.devices == ("ReaEQ", "ReaComp")
    assert (mix.name, mix.gain_db, mix.pan) == ("mix", -1.2, 0.0)
    assert song.selected_track == 1
    assert heard(Said("/track/1/select", (0.0,)), song=song).selected_track is None


def test_everything_is_asked_for_once() -> None:
    assert [said.address for said in words.ask(Song())] == ["/device/track/count", "/action"]
    assert words.ask(heard(*TOLD)) == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (move("gain_db", -6.0), Said("/track/1/volume/db", (-6.0,))),
        (move("gain_db", -1.0, mode="change"), Said("/track/1/volume/db", (-4.5,))),
        (move("pan", -1.0), Said("/track/1/pan", (0.0,))),
        (move("pan", 0.75, mode="change"), Said("/track/1/pan", (0.625,))),
        (move("gain_db", 1.2, "mix", "change"), Said("/track/0/volume/db", (0.0,))),
        (move("pan", 1.0, "mix"), Said("/master/pan", (1.0,))),
    ],
)
def test_golden_moves(asked: Move, said: Said) -> None:
    assert words.move(heard(*TOLD), asked) == (said,)


@pytest.mark.parametrize(
    ("after", "parameter", "value"),
    [
        (Said("/track/1/volume/str", ("-6.00dB",)), "gain_db", -6.0),
        (Said("/track/1/volume/str", ("-inf dB",)), "gain_db", -150.0),
        (Said("/track/1/pan/str", ("30%L",)), "pan", -0.3),
        (Said("/track/1/pan/str", ("100%R",)), "pan", 1.0),
        (Said("/track/1/pan/str", ("C",)), "pan", 0.0),
        (Said("/track/1/pan/str", ("center",)), "pan", 0.0),
    ],
)
def test_what_was_set_is_read_from_its_other_form(
    after: Said, parameter: str, value: float
) -> None:
    assert words.standing(heard(*TOLD, after), move(parameter, 0.0)) == value


def test_a_silent_strip_that_is_moved_is_a_track() -> None:
    song = heard(*TOLD, Said("/track/2/volume/db", (-6.0,)))
    assert (song.tracks[2].name, song.tracks[2].gain_db) == ("Track 2", -6.0)


def test_a_fader_is_not_set_elsewhere_than_was_asked() -> None:
    with pytest.raises(DawError, match=r"would be at \+25\.5 dB; \+24 is the most"):
        words.move(heard(*TOLD), move("gain_db", 26.7, "mix", "change"))


def test_what_reaper_cannot_do_names_the_script() -> None:
    song = heard(*TOLD)
    score = Score((Track("chords", (Note(60.0, 0.0, 1.0),)),))
    with pytest.raises(DawError, match="Actions > bandmate"):
        words.move(song, move("eq.gain_db", -2.0))
    with pytest.raises(DawError, match="Actions > bandmate"):
        words.notes(song, score, 0.0)
    with pytest.raises(DawError, match="Actions > bandmate"):
        words.audio(song, "/a.wav", 0.0)
    assert words.progress(0.5, "listening") == ()


@pytest.mark.parametrize("names", [(), ("Bass", "bass")])
def test_a_track_that_is_not_one_is_refused(names: tuple[str, ...]) -> None:
    told = [Said(f"/track/{place}/name", (name,)) for place, name in enumerate(names, 1)]
    with pytest.raises(DawError, match="'BASS'"):
        words.move(heard(*told), move("pan", 0.0, "BASS"))
    assert words.standing(heard(*told), move("pan", 0.0, "BASS")) is None


def test_a_change_of_what_was_not_told_is_refused() -> None:
    song = heard(Said("/track/1/name", ("Vocal",)))
    with pytest.raises(DawError, match="not told"):
        words.move(song, move("gain_db", 1.0, mode="change"))


ADDRESSES = st.sampled_from([said.address for said in TOLD]) | st.text(
    "/trackpn0123456789", max_size=20
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300)


@given(st.lists(st.builds(Said, ADDRESSES, st.lists(VALUES, max_size=2).map(tuple)), max_size=8))
def test_nothing_that_is_said_breaks_it(said: list[Said]) -> None:
    song = heard(*said)
    assert song.tempo_bpm is None or 1 <= song.tempo_bpm <= 1000
    assert all(0 <= index <= words.TRACKS for index in song.tracks)
    for track in song.tracks.values():
        assert len(track.name) <= words.MAX_NAME
        assert track.pan is None or -1 <= track.pan <= 1
        assert track.gain_db is None or math.isfinite(track.gain_db)


def test_it_is_an_adapter() -> None:
    reaper = adapter("reaper")
    assert reaper.TITLE == "REAPER"
    assert reaper.LISTENS != reaper.HEARS
