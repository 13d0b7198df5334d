"""What is said to AbletonOSC, and what is made of its answers, lies among them."""

from __future__ import annotations

import asyncio
import copy
import math
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DawError
from assistant.material import Meter, Note, Score, Track
from assistant.moves import Move
from bridge.daw_moves import apply
from bridge.daw_session import DawSession
from bridge.daws.adapter import Adapter, Said, Song, Value, adapter
from bridge.daws.live import checks, facts, law, words
from tests.bridge.daws.live.dummy import Dummy
from tests.bridge.dummy_daw import free_port, running


def known(dummy: Dummy, song: Song | None = None) -> Song:
    """Ask until nothing is left to ask."""
    song = song or Song()
    for _ in range(8):
        asked = words.ask(song)
        if not asked:
            return song
        for said in asked:
            for answer in dummy.hear(said):
                song = words.hear(song, answer)
    raise AssertionError(f"it never stops asking {words.ask(song)[:3]}")


def move(target: str, parameter: str, value: float, mode: str = "set", group: str = "") -> Move:
    return Move(
        target, parameter, value, "as heard", "change" if mode == "change" else "set", group
    )


def test_it_keeps_the_contract() -> None:
    live = adapter("live")
    assert (live.TITLE, live.LISTENS, live.HEARS) == ("Ableton Live", 11000, 11001)


def test_the_first_questions_in_the_words_of_abletonosc() -> None:
    assert words.ask(Song()) == tuple(
        Said(f"/live/{name}")
        for name in (
            "song/get/tempo",
            "song/get/signature_numerator",
            "song/get/signature_denominator",
            "song/get/root_note",
            "song/get/scale_name",
            "song/get/num_scenes",
            "song/get/track_names",
            "view/get/selected_track",
            "view/get/selected_clip",
        )
    )


def test_the_set_is_known_after_a_few_rounds() -> None:
    song = known(Dummy())
    assert (song.tempo_bpm, song.meter, song.key) == (96.0, (6, 8), "A minor")
    assert [track.name for track in song.tracks.values()] == ["Keys", "Vox", "Drums"]
    assert song.tracks[1].devices == ("EQ Eight", "Utility")
    assert song.tracks[2].gain_db == pytest.approx(-18.0)
    assert song.tracks[2].pan == -0.25
    assert song.selected_track == 0


def test_the_notes_of_the_selected_clip_come_page_by_page() -> None:
    asked: list[Said] = []
    dummy, song = Dummy(), Song()
    while questions := words.ask(song):
        asked += [said for said in questions if said.address == "/live/clip/get/notes"]
        for said in questions:
            for answer in dummy.hear(said):
                song = words.hear(song, answer)
    assert song.clip is not None
    assert (song.clip.name, song.clip.length_beats, song.clip.path) == ("verse", 48.0, "")
    assert song.clip.notes == (
        Note(60.0, 0.0, 1.0, 100),
        Note(64.0, 1.0, 1.0, 90),
        Note(67.0, 40.0, 2.0, 80),
    )
    assert [said.values for said in asked] == [
        (0, 0, 0, 128, 0.0, 16.0),
        (0, 0, 0, 128, 16.0, 16.0),
        (0, 0, 0, 128, 32.0, 16.0),
    ]


def test_a_page_that_comes_twice_adds_nothing() -> None:
    dummy, song = Dummy(), known(Dummy())
    for answer in dummy.hear(Said("/live/clip/get/notes", (0, 0, 0, 128, 0.0, 16.0))):
        song = words.hear(song, answer)
    assert song.clip is not None
    assert len(song.clip.notes) == 3


def test_the_range_of_unwarped_sound_is_seconds_of_its_file() -> None:
    dummy = Dummy()
    dummy.selected = (1, 0)
    clip = known(dummy).clip
    assert clip is not None
    assert (clip.path, clip.offset_seconds, clip.length_seconds) == ("/home/me/vox.wav", 12.5, 7.75)
    assert clip.length_beats == pytest.approx(7.75 * 96 / 60)


def test_the_range_of_warped_sound_is_beats_and_its_seconds_are_not_made_up() -> None:
    dummy = Dummy()
    dummy.selected = (1, 0)
    vox = dummy.tracks[1].slots[0]
    assert vox is not None
    vox.warping = True
    clip = known(dummy).clip
    assert clip is not None
    assert (clip.length_beats, clip.offset_seconds, clip.length_seconds) == (7.75, 0.0, 0.0)


def test_an_empty_slot_is_no_clip() -> None:
    dummy = Dummy()
    dummy.selected = (2, 1)
    song = known(dummy)
    assert (song.clip, song.selected_track) == (None, 2)


@pytest.mark.parametrize(
    ("scale", "root", "key"), [("Major", 0, ""), ("Whole Tone", 2, ""), ("Dorian", 2, "D dorian")]
)
def test_the_key_is_said_only_where_somebody_set_one(scale: str, root: int, key: str) -> None:
    dummy = Dummy()
    dummy.scale, dummy.root = scale, root
    assert known(dummy).key == key


def test_errors_are_kept_and_a_restart_forgets_everything() -> None:
    song = words.hear(Song(tempo_bpm=90.0), Said("/live/error", ("Unknown OSC address: /live/x",)))
    assert (song.tempo_bpm, song.trouble) == (90.0, "Unknown OSC address: /live/x")
    assert "/live/view/get/selected_track" not in {said.address for said in words.ask(song)}
    assert words.hear(song, Said("/live/startup")) == Song()


# Moves


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (move("Vox", "gain_db", -6.0), ("/live/track/set/volume", (1, pytest.approx(0.7)))),
        (move("vox", "pan", 0.5), ("/live/track/set/panning", (1, 0.5))),
        (move("Drums", "pan", 0.5, "change"), ("/live/track/set/panning", (2, 0.25))),
        (move("Drums", "gain_db", 3.0, "change"),
         ("/live/track/set/volume", (2, pytest.approx(0.475)))),
        (move("Keys", "mute", 1.0), ("/live/track/set/mute", (0, 1))),
        (move("Vox", "eq.gain_db", -3.0, group="eq2"),
         ("/live/device/set/parameter/value", (1, 0, 4, -3.0))),
        (move("Vox", "eq.shape", 1.0), ("/live/device/set/parameter/value", (1, 0, 1, 2.0))),
        (move("Vox", "width", 0.5), ("/live/device/set/parameter/value", (1, 1, 2, 0.5))),
    ],
)  # fmt: skip
def test_a_move_in_the_words_of_abletonosc(asked: Move, said: tuple[str, object]) -> None:
    assert tuple(words.move(known(Dummy()), asked)[0]) == said


def test_polarity_is_both_sides_of_utility() -> None:
    said = words.move(known(Dummy()), move("Vox", "polarity", -1.0))
    assert [one.values for one in said] == [(1, 1, 0, 1.0), (1, 1, 1, 1.0)]
    said = words.move(known(Dummy()), move("Vox", "polarity", -1.0, group="right"))
    assert [one.values for one in said] == [(1, 1, 1, 1.0)]


@pytest.mark.parametrize(
    ("parameter", "value", "before"),
    [("gain_db", -9.5, 0.0), ("pan", -0.4, 0.0), ("mute", 1.0, 0.0), ("eq.gain_db", 4.0, 0.0),
     ("width", 0.5, 1.0), ("polarity", -1.0, 1.0), ("eq.shape", 2.0, 0.0)],
)  # fmt: skip
def test_what_was_set_stands_there_and_can_be_put_back(
    parameter: str, value: float, before: float
) -> None:
    dummy = Dummy()
    song = known(dummy)
    assert words.standing(song, move("Vox", parameter, value)) == pytest.approx(before)
    for wanted in (value, before):
        for said in words.move(song, move("Vox", parameter, wanted)):
            assert dummy.hear(said) == []
        assert words.standing(
            known(dummy), move("Vox", parameter, 0.0 if parameter != "polarity" else 1.0)
        ) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (move("Nobody", "gain_db", 0.0), "no track of the set is called 'Nobody'"),
        (move("mix", "gain_db", 0.0), "does not reach Live's Main track"),
        (move("Vox", "gain_db", 6.5), r"fader ends at \+6 dB"),
        (move("Keys", "eq.gain_db", 1.0), "Put EQ Eight on Keys first"),
        (move("Vox", "eq.freq_hz", 23_000.0), "takes 10 to 22000 Hz for eq.freq_hz, not 23000"),
        (move("Vox", "eq.freq_hz", -500.0, "change"), "takes 10 to 22000 Hz for eq.freq_hz"),
        (move("Vox", "eq.gain_db", 20.0), "takes -15 to 15 dB"),
        (move("Vox", "eq.q", 1.0, group="eq 2"), "told of no 2 Q A"),
        (move("Vox", "eq.gain_db", 1.0, group="eq 9"), "has 8 bands; 'eq 9' is none of them"),
        (move("Vox", "eq.gain_db", 1.0, group="eq 12"), "has 8 bands; 'eq 12' is none of them"),
        (move("Vox", "eq.gain_db", 1.0, group="eq 5"), "Band 5 of EQ Eight of Vox is switched off"),
        (move("Vox", "comp.ratio", 2.0), "Put Compressor on Vox first"),
        (move("Vox", "send_db", -6.0), "no word for send_db"),
        (move("Vox", "eq.gain_db", 1.0, group="masking 485 Hz"), "Which band of your EQ Eight"),
        (move("Vox", "eq.gain_db", 1.0, group="body"), "Which band of your EQ Eight"),
        (move("Vox", "comp.ratio", 4.0, group="side-chain Keys"), "what keys a Compressor"),
    ],
)
def test_what_live_cannot_do_is_said(asked: Move, text: str) -> None:
    with pytest.raises(DawError, match=text):
        words.move(known(Dummy()), asked)


@pytest.mark.parametrize(
    ("parameter", "value", "place"), [("eq.freq_hz", 1000.0, 0.598), ("eq.q", 2.0, 0.577)]
)
def test_a_knob_of_an_eq_is_set_by_the_text_that_live_shows(
    parameter: str, value: float, place: float
) -> None:
    dummy = Dummy()
    before = words.standing(known(dummy), move("Vox", parameter, value))
    for said in words.move(known(dummy), move("Vox", parameter, value)):
        assert said.values[3] == pytest.approx(place, abs=1e-3)
        dummy.hear(said)
    assert words.standing(known(dummy), move("Vox", parameter, value)) == pytest.approx(value)
    for said in words.move(known(dummy), move("Vox", parameter, before or 0.0)):
        dummy.hear(said)
    assert words.standing(known(dummy), move("Vox", parameter, value)) == pytest.approx(before)


def test_a_flip_is_made_of_what_is_there_and_taken_back() -> None:
    flip = move("Vox", "polarity", -1.0, "change", "right")

    async def story() -> None:
        ear, kept = free_port(), dict[int, float | None]()
        live = SimpleNamespace(**{**vars(words), "HEARS": ear})
        session, dummy = DawSession("live", cast("Adapter", live)), Dummy()
        utility = dummy.tracks[1].devices[1].parameters
        async with running(dummy, ear) as endpoint:
            await session.open(endpoint.port)
            done = await apply(session, [(1, flip)], {}, kept.update)
            assert (done.done, done.remark, kept) == ((1,), "", {1: 1.0})
            assert (utility["Left Inv"][0], utility["Right Inv"][0]) == (0.0, 1.0)
            again = await apply(session, [(1, flip)], {}, kept.update)
            assert (again.done, kept) == ((1,), {1: -1.0})
            assert utility["Right Inv"][0] == 0.0
        session.close()

    asyncio.run(story())


def test_a_band_is_set_seen_and_put_back_over_real_datagrams() -> None:
    band = [("eq.freq_hz", 2000.0), ("eq.gain_db", -4.0), ("eq.q", 3.0), ("eq.shape", 2.0)]
    moves = [(n, move("Vox", name, value)) for n, (name, value) in enumerate(band, 1)]

    async def story() -> None:
        ear, kept = free_port(), dict[int, float | None]()
        live = SimpleNamespace(**{**vars(words), "HEARS": ear})
        session, dummy = DawSession("live", cast("Adapter", live)), Dummy()
        stood = copy.deepcopy(dummy.tracks[1].devices[0].parameters)
        async with running(dummy, ear) as endpoint:
            await session.open(endpoint.port)
            done = await apply(session, moves, {}, kept.update)
            assert (done.done, done.remark) == ((1, 2, 3, 4), "")
            assert dummy.tracks[1].devices[0].text("1 Frequency A") == "2.00 kHz"
            back = [(n, replace(one, value=kept[n] or 0.0)) for n, one in moves]
            assert (await apply(session, back, {}, lambda _: None)).remark == ""
        for name, (value, *_) in dummy.tracks[1].devices[0].parameters.items():
            assert value == pytest.approx(stood[name][0], abs=1e-6)
        session.close()

    asyncio.run(story())


def test_an_older_live_calls_q_by_another_name() -> None:
    dummy = Dummy()
    knobs = dummy.tracks[1].devices[0].parameters
    knobs["1 Resonance A"] = knobs.pop("1 Q A")
    assert words.move(known(dummy), move("Vox", "eq.q", 2.0))


def test_a_knob_that_shows_something_else_is_left_to_the_musician() -> None:
    dummy = Dummy()
    dummy.tracks[1].devices[0].lowest_hz = 20.0
    song, asked = known(dummy), move("Vox", "eq.freq_hz", 300.0)
    assert words.standing(song, asked) is None
    with pytest.raises(DawError, match=r"shows 163 for .* set it by hand to 300 Hz"):
        words.move(song, asked)


def test_a_width_that_is_counted_in_another_way_is_not_guessed() -> None:
    dummy = Dummy()
    utility = dummy.tracks[1].devices[1]
    utility.parameters["Stereo Width"] = [0.25, 0.0, 1.0]
    song = words.hear(
        known(dummy), Said("/live/device/get/parameter/value_string", (1, 1, 2, "100 %"))
    )
    with pytest.raises(DawError, match=r"set it by hand to 0\.5"):
        words.move(song, move("Vox", "width", 0.5))


def test_a_device_that_is_off_is_named() -> None:
    dummy = Dummy()
    dummy.tracks[1].devices[0].parameters["Device On"][0] = 0.0
    with pytest.raises(DawError, match="EQ Eight of Vox is switched off"):
        words.move(known(dummy), move("Vox", "eq.gain_db", -3.0))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.20 kHz", 1200.0), ("80.5 Hz", 80.5), ("-3.00 dB", -3.0), ("0.71", 0.71), ("50 %", 0.5),
     ("1.50 s", 1500.0), ("10.0 ms", 10.0), ("4.00 : 1", 4.0), ("-inf dB", checks.NOTHING_SHOWN),
     ("1e400", checks.NOTHING_SHOWN), ("", checks.NOTHING_SHOWN), ("C", checks.NOTHING_SHOWN)],
)  # fmt: skip
def test_a_text_is_a_number_in_our_unit(text: str, number: float) -> None:
    assert checks.shown(text) == pytest.approx(number)


def test_two_tracks_of_one_name_are_not_guessed_between() -> None:
    dummy = Dummy()
    dummy.tracks[2].name = "Vox"
    with pytest.raises(DawError, match="2 tracks of the set are called 'Vox'"):
        words.move(known(dummy), move("Vox", "gain_db", 0.0))
    assert words.standing(known(dummy), move("Vox", "gain_db", 0.0)) is None


def test_a_change_needs_to_know_where_it_stands() -> None:
    song = words.hear(Song(), Said("/live/song/get/track_names", ("Vox",)))
    with pytest.raises(DawError, match="did not tell where gain_db of Vox stands"):
        words.move(song, move("Vox", "gain_db", -3.0, "change"))


# Notes, audio, progress


def score(notes: int) -> Score:
    every = tuple(Note(60.4 + n % 12, n * 0.5, 0.5, 90) for n in range(notes))
    return Score((Track("keys", every),), meters=(Meter(0.0, 6, 8),))


def test_notes_land_in_the_next_free_slot_in_messages_that_fit() -> None:
    dummy = Dummy()
    said = words.notes(known(dummy), score(100), 0.0)
    assert said[0] == Said("/live/clip_slot/create_clip", (0, 1, 51.0))
    assert [(len(one.values) - 2) // 5 for one in said[2:]] == [64, 36]
    for one in said:
        assert dummy.hear(one) == []
    clip = dummy.tracks[0].slots[1]
    assert clip is not None
    assert len(clip.notes) == 100
    assert clip.notes[0] == (60, 0.0, 0.5, 90.0, False)


def test_notes_need_a_midi_track_with_a_free_slot() -> None:
    dummy = Dummy()
    dummy.selected = (1, 0)
    with pytest.raises(DawError, match="Select a MIDI track"):
        words.notes(known(dummy), score(1), 0.0)
    dummy.selected = (0, 0)
    dummy.tracks[0].slots = [dummy.tracks[0].slots[0]] * 4
    with pytest.raises(DawError, match="no free slot"):
        words.notes(known(dummy), score(1), 0.0)
    with pytest.raises(DawError, match="no notes"):
        words.notes(known(Dummy()), score(0), 0.0)


def test_sound_is_refused_with_the_way_that_there_is() -> None:
    with pytest.raises(DawError, match=r"bandmate install live.*/x/take\.wav"):
        words.audio(known(Dummy()), "/x/take.wav", 0.0)


def test_progress_is_shown_in_the_status_bar() -> None:
    dummy = Dummy()
    for said in words.progress(0.42, "measuring"):
        dummy.hear(said)
    assert dummy.shown == "bandmate: 42 % measuring"


# The volume law


@given(st.floats(-66.7, 6.0))
def test_the_fader_stands_where_the_decibels_are(decibels: float) -> None:
    assert law.gain_db(law.volume(decibels)) == pytest.approx(decibels, abs=1e-6)


@given(st.floats(1e-6, 1.0))
def test_the_decibels_are_where_the_fader_stands(volume: float) -> None:
    assert law.volume(law.gain_db(volume)) == pytest.approx(volume, abs=1e-9)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_higher_fader_is_never_quieter(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert law.gain_db(low) <= law.gain_db(high)


@pytest.mark.parametrize(
    ("volume", "decibels"), [(0.85, 0.0), (1.0, 6.0), (0.4, -18.0), (0.0, -120.0)]
)
def test_places_of_the_fader_that_everyone_knows(volume: float, decibels: float) -> None:
    assert law.gain_db(volume) == pytest.approx(decibels)
    assert law.volume(decibels) == pytest.approx(volume)


# Lies

ADDRESSES = [
    *sorted({said.address for said in words.ask(Song())}),
    "/live/track/get/volume",
    "/live/track/get/panning",
    "/live/track/get/mute",
    "/live/track/get/devices/class_name",
    "/live/track/get/has_midi_input",
    "/live/clip_slot/get/has_clip",
    "/live/device/get/parameters/name",
    "/live/device/get/parameters/value",
    "/live/device/get/parameters/max",
    "/live/device/get/parameter/value_string",
    "/live/clip/get/notes",
    "/live/clip/get/name",
    "/live/clip/get/file_path",
    "/live/clip/get/is_audio_clip",
    "/live/clip/get/start_marker",
    "/live/clip/get/end_marker",
    "/live/clip/get/warping",
    "/live/error",
    "/elsewhere",
]
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(-3, 3),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.none(),
    st.text(max_size=8),
)


@given(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.lists(VALUES, max_size=12)), max_size=30))
def test_whatever_comes_nothing_breaks(lies: list[tuple[str, list[Value]]]) -> None:
    song = known(Dummy())
    for address, values in lies:
        song = words.hear(song, Said(address, tuple(values)))
        assert len(words.ask(song)) <= 600
    assert song.tempo_bpm is not None
    assert 5.0 <= song.tempo_bpm <= 1000.0
    for track in song.tracks.values():
        assert track.gain_db is None or -120.0 <= track.gain_db <= 6.0
        assert track.pan is None or -1.0 <= track.pan <= 1.0
    assert all(math.isfinite(value) for value in song.parameters.values())
    words.standing(song, move("Vox", "eq.gain_db", 0.0))


def test_a_liar_does_not_fill_the_memory() -> None:
    song = words.hear(Song(), Said("/live/song/get/track_names", ("x",) * 5000))
    assert len(song.tracks) == facts.MAX_TRACKS
    song = words.hear(song, Said("/live/song/get/num_scenes", (9000,)))
    song = words.hear(song, Said("/live/track/get/devices/class_name", (0, *["Eq8"] * 1000)))
    for device, what in zip(count(), ["value", "min", "max"] * 20, strict=False):
        address = f"/live/device/get/parameters/{what}"
        song = words.hear(song, Said(address, (0, device, *[0.5] * 5000)))
    assert len(song.parameters) <= facts.MAX_FACTS
    assert len(words.ask(song)) == 600
