from __future__ import annotations

import asyncio
import math
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DawError
from assistant.material import Note, Score, Track
from assistant.moves import PARAMETERS, Move
from bridge.daw_session import DawSession
from bridge.daws import adapter
from bridge.daws.adapter import NOTES_FILE, Adapter, Said, Song
from bridge.daws.bitwig import install, law, told, words
from tests.bridge.daws.bitwig.dummy import Dummy, Strip
from tests.bridge.dummy_daw import free_port, running

SCORE = Score((Track("chords", (Note(60.0, 0.0, 4.0),)),))


def known(dummy: Dummy, song: Song | None = None) -> Song:
    song = song or Song()
    for asked in words.ask(song):
        for said in dummy.hear(asked):
            song = words.hear(song, said)
    return song


def done(dummy: Dummy, song: Song, said: tuple[Said, ...]) -> Song:
    for one in said:
        for answer in dummy.hear(one):
            song = words.hear(song, answer)
    return song


def test_it_is_one_of_the_daws() -> None:
    assert "bitwig" in adapter.found()
    assert adapter.adapter("bitwig") is words


def test_the_context_is_what_was_pushed() -> None:
    song = known(Dummy())
    assert (song.tempo_bpm, song.meter, song.key) == (118.5, (3, 4), "")
    assert {one: track.name for one, track in song.tracks.items()} == {
        0: "mix",
        1: "Vox",
        2: "Keys",
    }
    assert song.tracks[1].gain_db == 0.0
    assert song.selected_track == 2
    assert song.clip is not None
    assert (song.clip.track, song.clip.name) == (2, "verse")
    assert words.ask(song) == ()
    assert words.ask(Song()) == (Said("/refresh"),)


@pytest.mark.parametrize("steps", law.RESOLUTIONS)
@given(st.floats(-40.0, 6.0))
def test_a_fader_stands_where_it_was_set(steps: int, gain: float) -> None:
    dummy = Dummy(steps)
    song = known(dummy)
    move = Move("Vox", "gain_db", gain, "")
    stood = words.standing(done(dummy, song, words.move(song, move)), move)
    assert stood is not None
    step = 60.0 / math.log(10.0) / ((steps - 1) * math.cbrt(math.pow(10.0, gain / 20.0) / 2.0))
    assert abs(stood - gain) <= 0.06 + 0.6 * step  # texts have one decimal


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move("Vox", "gain_db", 0.0, ""), Said("/track/1/volume", (13003,))),
        (Move("vox", "gain_db", 6.0, ""), Said("/track/1/volume", (16370,))),
        (Move("Vox", "gain_db", -120.0, ""), Said("/track/1/volume", (130,))),
        (Move("Keys", "gain_db", 3.0, "", "change"), Said("/track/2/volume", (9206,))),
        (Move("mix", "gain_db", -6.0, ""), Said("/master/volume", (10329,))),
        (Move("Vox", "pan", 0.0, ""), Said("/track/1/pan/reset")),
        (Move("mix", "pan", 0.0, ""), Said("/master/pan/reset")),
        (Move("Vox", "pan", 0.5, ""), Said("/track/1/pan", (12287,))),
        (Move("Vox", "pan", -1.0, ""), Said("/track/1/pan", (0,))),
        (Move("Vox", "pan", 1.0, ""), Said("/track/1/pan", (16383,))),
        (Move("Vox", "mute", 1.0, ""), Said("/track/1/mute", (1,))),
    ],
)
def test_moves_are_said_in_words_of_driven_by_moss(move: Move, said: Said) -> None:
    assert words.move(known(Dummy()), move) == (said,)


def test_pan_and_mute_are_read_back() -> None:
    dummy = Dummy()
    song = known(dummy)
    for move in (Move("Vox", "pan", -0.25, ""), Move("mix", "mute", 1.0, "")):
        song = done(dummy, song, words.move(song, move))
        assert words.standing(song, move) == pytest.approx(move.value, abs=1e-3)


@pytest.mark.parametrize("steps", law.RESOLUTIONS)
def test_the_centre_of_pan_is_read_and_set_as_the_centre(steps: int) -> None:
    dummy, move = Dummy(steps=steps), Move("Vox", "pan", 0.0, "")
    song = known(dummy)
    assert words.standing(song, move) == 0.0
    song = done(dummy, song, words.move(song, Move("Vox", "pan", 0.3, "")))
    assert words.standing(song, move) == pytest.approx(0.3, abs=1.0 / (steps - 1))
    song = done(dummy, song, words.move(song, move))
    assert (words.standing(song, move), dummy.tracks[0].pan) == (0.0, 0.5)


@pytest.mark.parametrize("name", ["Flöte", unicodedata.normalize("NFD", "Flöte"), "FLÖTE"])
def test_a_track_is_found_as_driven_by_moss_spells_it(name: str) -> None:
    song = known(Dummy(tracks=[Strip("Flöte"), Strip("Bass")]))
    assert song.tracks[1].name == "Floete"
    assert words.move(song, Move(name, "mute", 1.0, "")) == (Said("/track/1/mute", (1,)),)


def test_letters_that_are_told_as_question_marks_are_not_guessed() -> None:
    song = known(Dummy(tracks=[Strip("басик"), Strip("Bass")]))
    assert song.tracks[1].name == "?????"
    with pytest.raises(DawError, match="a name of plain letters"):
        words.move(song, Move("вокал", "mute", 1.0, ""))


def test_a_slot_without_a_scene_is_not_free() -> None:
    song = known(Dummy(scenes=1))
    with pytest.raises(DawError, match="no free slot; add a scene"):
        words.notes(song, SCORE, 0.0)


def test_slots_of_tracks_that_are_not_selected_are_not_kept() -> None:
    song = known(Dummy(tracks=[Strip(f"{n}") for n in range(1, 9)]))
    assert not [name for name in song.parameters if name.startswith("1/clip/")]
    assert [name for name in song.parameters if name.startswith("2/clip/")]


def test_the_clip_has_the_name_that_was_told_before_it_was_selected() -> None:
    dummy = Dummy()
    song = known(dummy)
    for slot, chosen in ((1, 0), (3, 1)):
        song = words.hear(song, Said(f"/track/2/clip/{slot}/isSelected", (chosen,)))
    assert song.clip is not None
    assert song.clip.name == "bridge"
    song = words.hear(song, Said("/track/2/clip/3/name", ("coda",)))
    assert song.clip is not None
    assert song.clip.name == "coda"


def test_more_tracks_than_the_usual_page_are_heard_over_a_real_socket() -> None:
    """DrivenByMoss tells sends and layers of a page by the thousand, 101 messages a bundle."""

    async def story() -> None:
        dummy, ear = Dummy(page=16), free_port()
        dummy.tracks += [Strip(f"Stem {n}") for n in range(3, 17)]
        session = DawSession(
            "bitwig", cast("Adapter", SimpleNamespace(**{**vars(words), "HEARS": ear}))
        )
        async with running(dummy, ear) as endpoint:
            await session.open(endpoint.port)
            for _ in range(4):
                song = await session.look()
                assert [one.name for one in song.tracks.values()][15] == "Stem 16"
        session.close()

    asyncio.run(story())


def test_what_bitwig_counts_in_no_unit_is_not_set() -> None:
    song = known(Dummy())
    for name in set(PARAMETERS) - {"gain_db", "pan", "mute"}:
        move = Move("Vox", name, PARAMETERS[name].high, "")
        with pytest.raises(DawError, match=r"in which unit Bitwig's devices count\. A DAWproject"):
            words.move(song, move)
        assert words.standing(song, move) is None


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move("Bass", "gain_db", 0.0, ""), "shows no track of the name 'Bass'"),
        (Move("Vox", "gain_db", 12.0, ""), r"ends at \+6 dB; Vox would be at \+12.0"),
        (Move("Vox", "gain_db", 7.0, "", "change"), r"Vox would be at \+7.0"),
    ],
)
def test_what_cannot_be_moved_is_refused_with_what_was_seen(move: Move, said: str) -> None:
    with pytest.raises(DawError, match=said):
        words.move(known(Dummy()), move)


def test_of_two_tracks_of_one_name_none_is_moved() -> None:
    dummy = Dummy(tracks=[Strip("Vox"), Strip("VOX"), Strip("vox")])
    song = known(dummy)
    assert words.move(song, Move("VOX", "mute", 1.0, "")) == (Said("/track/2/mute", (1,)),)
    with pytest.raises(DawError, match="shows 3 tracks of the name 'vOx'"):
        words.move(song, Move("vOx", "mute", 1.0, ""))


def test_nothing_is_moved_where_faders_and_texts_do_not_agree() -> None:
    song = known(Dummy())
    song = words.hear(song, Said("/track/1/volumeStr", ("-12.0 dB",)))
    with pytest.raises(DawError, match="do not agree with their texts"):
        words.move(song, Move("Vox", "gain_db", 0.0, ""))


def test_notes_and_sound_go_into_the_next_free_slot() -> None:
    dummy = Dummy()
    song = known(dummy)
    said = words.notes(song, SCORE, 0.0)
    assert said == (Said("/track/2/clip/2/insertFile", (NOTES_FILE,)),)
    song = done(dummy, song, said)
    assert words.notes(song, SCORE, 0.0) == (Said("/track/2/clip/4/insertFile", (NOTES_FILE,)),)
    song = known(Dummy(selected=1))
    expected = (Said("/track/1/clip/2/insertFile", ("/a/b.wav",)),)
    assert words.audio(song, "/a/b.wav", 0.0) == expected
    assert words.audio(song, "C:\\a\\b.wav", 0.0)[0].values == ("C:\\a\\b.wav",)


@pytest.mark.parametrize(
    ("dummy", "said"),
    [
        (Dummy(selected=1), "Select an instrument track"),
        (Dummy(selected=0), "Select an instrument track"),
        (Dummy(tracks=[Strip("a"), Strip("b", holds_notes=True, slots=["x"] * 8)]), "no free slot"),
    ],
)
def test_where_no_notes_can_go_it_is_said(dummy: Dummy, said: str) -> None:
    with pytest.raises(DawError, match=said):
        words.notes(known(dummy), SCORE, 0.0)


def test_nothing_and_half_a_path_are_refused() -> None:
    with pytest.raises(DawError, match="no notes"):
        words.notes(known(Dummy()), Score(()), 0.0)
    with pytest.raises(DawError, match="by its whole path"):
        words.audio(known(Dummy(selected=1)), "b.wav", 0.0)


def test_a_track_that_goes_is_forgotten_with_all_that_was_told_of_it() -> None:
    song = words.hear(known(Dummy()), Said("/track/2/exists", (0,)))
    assert set(song.tracks) == {0, 1}
    assert (song.selected_track, song.clip) == (None, None)
    assert not [name for name in song.parameters if name.startswith("2/")]


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30))
ADDRESSES = st.one_of(
    st.sampled_from(
        ["/tempo/raw", "/time/signature", "/master/volumeStr", "/track/1/name", "/track/999/exists"]
        + [f"/track/2/{word}" for word in ("exists", "volume", "volumeStr", "selected", "pan")]
        + ["/track/2/clip/1/hasContent", "/track/2/clip/999/isSelected", "/track/0/exists"]
    ),
    st.text(max_size=20),
)


@given(st.lists(st.tuples(ADDRESSES, st.lists(ODD, max_size=2)), max_size=20))
def test_garbage_is_heard_without_harm(garbage: list[tuple[str, list[adapter.Value]]]) -> None:
    song = known(Dummy())
    for address, values in garbage:
        song = words.hear(song, Said(address, tuple(values)))
    assert song.tempo_bpm is not None
    assert 1 <= song.tempo_bpm <= 1000
    assert max(song.tracks) <= told.MAX_BANK
    assert all(math.isfinite(one) for one in song.parameters.values())


def test_silence_is_read_and_progress_has_no_place() -> None:
    song = known(Dummy(tracks=[Strip("Vox", volume=0.0)]))
    assert song.tracks[1].gain_db == -120.0
    assert words.progress(0.5, "measuring") == ()


def test_there_is_nothing_to_copy_only_to_click() -> None:
    home = Path("/home/me")
    assert {**install.files("bandmate"), **install.merges("bandmate")} == {}
    assert install.folders("Linux", {}, home)[0] == home / "Bitwig Studio/Extensions"
    assert install.folders("Darwin", {}, home) == (home / "Documents/Bitwig Studio/Extensions",)
    assert f"receive on {words.LISTENS}" in "".join(install.NEXT)
    assert f"send to {words.HEARS}" in "".join(install.NEXT)
