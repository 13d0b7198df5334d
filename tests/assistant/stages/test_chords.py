"""Chord ideas, asked as a musician would, through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.errors import MaterialError, MusicianError, SettingError, UnknownName
from assistant.material import Audio, Meter, Note, Samples, Score, Tempo, Track
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import MODES, read_key
from assistant.theory.harmony.roman import read_numeral, realise
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.plan import METERS
from bridge.presets import data, weights

LIBRARY = open_library(data)


def ask(
    score: Score | None = None, *, seed: int = 0, count: int = 1, **asked: object
) -> list[Suggestion]:
    request = Request("chords", score, asked, Context(seed, count, data, weights=weights))
    return [answer for answer in engine.run(request) if isinstance(answer, Suggestion)]


def main(suggestion: Suggestion) -> Score:
    score = suggestion.material["main"]
    assert isinstance(score, Score)
    return score


def symbols(suggestion: Suggestion) -> str:
    return " ".join(chord.symbol for chord in suggestion.chords)


def check(suggestion: Suggestion, bars: int, low: int = 52, high: int = 76) -> None:
    """Hold an idea to all that is promised of every idea."""
    score = main(suggestion)
    chords, _ = score.tracks
    beats = bars * score.meters[0].bar_beats
    end = 0.0
    for chord in suggestion.chords:
        assert chord.start == pytest.approx(end)
        assert chord.why
        end = chord.start + chord.length
        upper, lower = (_during(track.notes, chord.start, end) for track in score.tracks)
        assert {note.pitch % 12 for note in upper} <= set(read_chord(chord.symbol).pitch_classes)
        lowest = min(note.pitch for note in upper)
        assert all(24 <= note.pitch < lowest for note in lower)
    assert end == pytest.approx(beats)
    assert score.beats <= beats + 1e-9
    assert all(low <= note.pitch <= high for note in chords.notes)
    assert suggestion.title
    assert suggestion.why.endswith(".")
    assert 0.0 < suggestion.confidence <= 1.0
    for name in ("novelty", "movement"):
        assert suggestion.measured[name].before is None
        assert suggestion.measured[name].after is not None


def _during(notes: Sequence[Note], start: float, end: float) -> list[Note]:
    return [note for note in notes if start <= note.start < end - 1e-9]


def test_a_small_golden_example() -> None:
    (idea,) = ask(key="Bb", bars=4, style="soul", prompt="tender", surprise=0.4, tempo=90)
    check(idea, 4)
    golden = [
        ("Bb", "I", "tonic"),
        ("D7", "III7",
         "secondary dominant of vi that goes on to IV; keeps D from the chord before"),
        ("Eb", "IV", "subdominant; all voices move"),
        ("Ebm", "iv",
         "subdominant; borrowed from the parallel minor; keeps Eb and Bb from the chord before"),
    ]  # fmt: skip
    assert [(chord.symbol, chord.roman) for chord in idea.chords] == [each[:2] for each in golden]
    for chord, (_, _, why) in zip(idea.chords, golden, strict=True):
        assert chord.why.startswith(why)
        assert chord is idea.chords[0] or chord.why.endswith("in rock, soul and pop songs")
    score = main(idea)
    assert score.tempos == (Tempo(0.0, 90.0),)
    assert [note.pitch for note in _during(score.tracks[0].notes, 0.0, 0.25)] == [58, 62, 65, 70]
    assert [note.pitch for note in score.tracks[1].notes[:3]] == [34, 34, 41]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tonic", ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"])
def test_every_key_and_mode(tonic: str, mode: str) -> None:
    key = read_key(f"{tonic} {mode}")
    for idea in ask(key=f"{tonic} {mode}", count=2):
        check(idea, 8)
        assert f"In {key}:" in idea.why
        for chord in idea.chords:
            there = realise(read_numeral(chord.roman), key)
            assert there.symbol == chord.symbol
            if mode not in {"major", "minor"}:
                assert set(there.pitch_classes) <= key.pitch_classes


@pytest.mark.parametrize("bars", range(1, 65))
def test_every_length(bars: int) -> None:
    for idea in ask(bars=bars, count=2, seed=bars, surprise=0.7):
        check(idea, bars)
        assert "comes to rest" in idea.why or "leads back" in idea.why


@pytest.mark.parametrize("meter", METERS)
def test_every_metre(meter: str) -> None:
    for idea in ask(meter=meter, count=3, bars=5):
        check(idea, 5)
        score = main(idea)
        assert f"{score.meters[0].numerator}/{score.meters[0].denominator}" == meter


@pytest.mark.parametrize("style", LIBRARY.styles)
def test_every_style(style: str) -> None:
    ideas = ask(style=style, count=12, prompt="", bars=8)
    assert len({symbols(idea) for idea in ideas}) == 12
    for idea in ideas:
        check(idea, 8)


@pytest.mark.parametrize("word", sorted(LIBRARY.vocabulary.words)[::7])
def test_words_of_the_shelf_are_understood(word: str) -> None:
    (idea,) = ask(prompt=word)
    assert "not understood" not in idea.why


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=120))
@settings(max_examples=25)
def test_any_prompt_is_answered_or_refused_by_name(prompt: str) -> None:
    try:
        ideas = ask(prompt=prompt)
    except MusicianError as error:
        assert "prompt" in str(error)
    else:
        assert len(ideas) == 1


def test_a_long_prompt_is_read() -> None:
    (idea,) = ask(prompt=("frob wibble sad " * 40)[:500])
    assert "'frob' is not known" in idea.why
    assert "'wibble'" in idea.why
    assert "sad" in idea.why


def test_unknown_words_are_named() -> None:
    (idea,) = ask(prompt="hopeful zxqv 悲しい")
    assert "hopeful" in idea.why
    assert "'zxqv' is not known" in idea.why
    assert "悲しい as sad (Japanese" in idea.why


@given(st.integers(0, 2**32 - 1), st.sampled_from(["", "sad", "jazzy and hopeful"]))
@settings(max_examples=15)
def test_a_suggestion_does_not_depend_on_how_many_are_asked(seed: int, prompt: str) -> None:
    many = ask(seed=seed, count=6, prompt=prompt, surprise=0.8)
    few = ask(seed=seed, count=2, prompt=prompt, surprise=0.8)
    for one, other in zip(few, many, strict=False):
        assert one.why == other.why
        assert main(one) == main(other)
        assert one.chords == other.chords


def test_thirty_two_ideas_differ() -> None:
    ideas = ask(count=32, seed=3)
    assert len({symbols(idea) for idea in ideas}) == 32


def test_seeds_differ() -> None:
    assert len({symbols(ask(seed=seed)[0]) for seed in range(40)}) > 25


def test_surprise_brings_novelty() -> None:
    novelty = []
    for surprise in (0.0, 0.5, 1.0):
        ideas = ask(count=12, surprise=surprise)
        novelty.append(np.mean([idea.measured["novelty"].after or 0.0 for idea in ideas]))
    assert novelty[0] + 0.3 < novelty[1] < novelty[2] - 0.3


def test_a_mood_is_heard_in_the_mode_and_the_tempo() -> None:
    bright, gloomy = (ask(prompt=mood, count=8) for mood in ("joyful, excited", "sad, lonely"))
    assert sum("major" in idea.title for idea in bright) >= 6
    assert sum("minor" in idea.title for idea in gloomy) >= 6
    tempos = [np.mean([main(idea).tempos[0].bpm for idea in ideas]) for ideas in (bright, gloomy)]
    assert tempos[0] > tempos[1] + 15


def test_loops_lead_back_and_closes_rest() -> None:
    for idea in ask(ending="close", count=8):
        assert "comes to rest" in idea.why
        assert read_numeral(idea.chords[-1].roman).degree == 1
    for idea in ask(ending="loop", count=8):
        assert "leads back" in idea.why


@pytest.mark.parametrize(("low", "high"), [("C2", "C4"), ("C4", "C6"), ("G3", "G4"), (60, 72)])
def test_the_range_is_kept(low: object, high: object) -> None:
    for idea in ask(low=low, high=high, count=3):
        ends = {"C2": 36, "C4": 60, "C6": 84, "G3": 55, "G4": 67}
        check(idea, 8, ends.get(str(low), 60), ends.get(str(high), 72))


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [({"low": "C4", "high": "G4"}, SettingError, "low and high leave C4 to G4"),
     ({"key": "H minor"}, SettingError, "key is 'H minor'"),
     ({"key": "A", "prompt": "in D minor"}, SettingError, "key is 'A major', but prompt"),
     ({"prompt": "a waltz", "meter": "4/4"}, SettingError, "meter is 4/4, but prompt"),
     ({"style": "jaz"}, UnknownName, "Did you mean 'jazz'"),
     ({"meter": "4/3"}, SettingError, "meter"),
     ({"bars": 0}, SettingError, "1 to 64 bars"),
     ({"bars": 65}, SettingError, "1 to 64 bars"),
     ({"surprise": 1.5}, SettingError, "surprise"),
     ({"tempo": 20}, SettingError, "30 to 300 BPM")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(
    asked: dict[str, Any], error: type[MusicianError], said: str
) -> None:
    with pytest.raises(error, match=said):
        ask(**asked)


def song() -> Score:
    notes: list[Note] = []
    for bar, symbol in enumerate(("F#m", "D", "A", "E", "F#m")):
        classes = read_chord(symbol).pitch_classes
        notes.append(Note(36.0 + classes[0], 3.0 * bar, 3.0))
        notes += [Note(60.0 + pc, 3.0 * bar, 3.0) for pc in classes]
    return Score((Track("keys", tuple(notes)),), (Tempo(0.0, 83.0),), (Meter(0.0, 3, 4),))


def test_a_song_gives_key_tempo_and_metre() -> None:
    for idea in ask(song(), count=3):
        check(idea, 8)
        assert "In F# minor:" in idea.why
        assert "Heard in your song: Key: F# minor (" in idea.why
        assert "going on from your E F#m" in idea.why
        assert main(idea).tempos[0].bpm == 83.0
        assert main(idea).meters[0] == Meter(0.0, 3, 4)


def test_what_is_said_goes_before_what_is_heard() -> None:
    (idea,) = ask(song(), key="C major", tempo=120, meter="4/4")
    assert "In C major:" in idea.why
    assert "Heard in your song: Key: F# minor" in idea.why
    assert "You asked for C major." in idea.why
    assert main(idea).tempos[0].bpm == 120.0


def test_an_odd_metre_of_a_song_is_followed() -> None:
    score = Score(song().tracks, meters=(Meter(0.0, 9, 8),))
    (idea,) = ask(score)
    check(idea, 8)
    assert main(idea).meters[0] == Meter(0.0, 9, 8)


@pytest.mark.parametrize(
    ("score", "said"),
    [(Score(()), "holds no notes"),
     (Score((Track("kit", (Note(36.0, 0.0, 1.0),), drums=True),)), "drums only")],
)  # fmt: skip
def test_a_score_without_pitches_is_refused(score: Score, said: str) -> None:
    with pytest.raises(MaterialError, match=said):
        ask(score)


def test_a_preview_can_be_heard() -> None:
    (idea,) = ask(render=True, bars=2, tempo=120, style="rock")
    audio = idea.material["audio"]
    assert isinstance(audio, Audio)
    assert (audio.rate, audio.channels) == (44_100, 2)
    assert audio.seconds == pytest.approx(4.0 + 1.5, abs=0.01)
    assert 0.5 < float(np.abs(audio.samples).max()) <= 10 ** (-3 / 20)
    assert "played by the built-in voices" in idea.why


class Horn:
    """A synth that remembers what it was given."""

    name = "Horn"

    def __init__(self) -> None:
        self.heard: list[Score] = []

    def __call__(self, score: Score, rate: int, /) -> Samples:
        self.heard.append(score)
        return np.full((2, rate), 0.25, dtype=np.float32)


def test_a_synth_that_was_found_plays_and_is_named() -> None:
    horn = Horn()
    context = Context(0, 1, data, synth=horn, weights=weights)
    answers = engine.run(Request("chords", None, {"render": True, "style": "rock"}, context))
    (idea,) = [answer for answer in answers if isinstance(answer, Suggestion)]
    assert "played by Horn" in idea.why
    assert isinstance(idea.material["audio"], Audio)
    assert [track.name for track in horn.heard[0].tracks] == ["chords", "bass", "drums"]


def numerals(suggestion: Suggestion) -> list[str]:
    return [chord.roman for chord in suggestion.chords]


def test_typed_chords_are_continued() -> None:
    ideas = ask(chords="C G Am F C G Am F", count=6)
    assert len({symbols(idea) for idea in ideas}) == 6
    for idea in ideas:
        check(idea, 8)
        assert "going on from your Am F" in idea.why
        assert "C major" in idea.title


def test_a_loop_is_not_offered_to_who_has_it_before_two_others() -> None:
    ideas = [symbols(idea) for idea in ask(chords="C G Am F", bars=8, count=6)]
    loop = "C G Am F C G Am F"
    assert loop in ideas
    assert ideas.index(loop) >= 2


def test_bars_are_written_anew_and_the_others_stay() -> None:
    for idea in ask(chords="C | G | Am | F | C | G | Am | F", within="3-4", count=4):
        check(idea, 8)
        kept = [chord.symbol for chord in idea.chords if not 8 <= chord.start < 16]
        assert kept[:2] == ["C", "G"]
        assert kept[-4:] == ["C", "G", "Am", "F"]
        assert "bars 3 to 4" in idea.why


def test_your_chords_are_varied_as_asked() -> None:
    for idea in ask(chords="C G Am F", change="darker", count=3):
        check(idea, 4)
        assert {"v", "iv", "bVI"} & set(numerals(idea))
        assert " for " in idea.why
    (idea,) = ask(chords="C G Am F", ending="close")
    assert numerals(idea)[-1] == "I"
    assert "another ending" in idea.why


def test_chords_that_are_kept_are_voiced_as_styles_play_them() -> None:
    ideas = ask(chords="C G | Am | F | G7/B C", keep="chords", count=4)
    assert {symbols(idea) for idea in ideas} == {"C G Am F G7/B C"}
    assert len({main(idea).tracks[0].notes for idea in ideas}) == 4
    assert "your own chords, as pop plays them" in ideas[0].why
    (jazz,) = ask(chords="C G Am F", do="voice", style="jazz", instrument="guitar")
    assert "as jazz plays them" in jazz.why


def test_chords_change_where_they_did_when_their_rhythm_is_kept() -> None:
    starts = [0.0, 2.0, 4.0, 8.0, 12.0, 14.0]
    ideas = ask(chords="C G | Am | F | Dm G", keep="rhythm", count=4)
    assert [[chord.start for chord in idea.chords] for idea in ideas] == [starts] * 4
    assert "C G Am F Dm G" not in {symbols(idea) for idea in ideas}


@pytest.mark.parametrize(("density", "beats"), [(0.0, 8.0), (0.5, 4.0), (1.0, 2.0)])
def test_chords_change_as_often_as_is_asked(density: float, beats: float) -> None:
    lengths = [
        chord.length
        for chords in ("", "C | G | Am | F | C | G | Am | F")
        for idea in ask(density=density, key="C", bars=8, count=6, chords=chords)
        for chord in idea.chords
    ]
    assert np.mean(lengths) == pytest.approx(beats, rel=0.3)


@pytest.mark.parametrize(("chords", "do"), [("", "new"), ("C G Am F", "auto"), ("C G", "vary")])
def test_complexity_dresses_what_is_new(chords: str, do: str) -> None:
    plain, rich = (ask(key="C", complexity=each, chords=chords, do=do)[0] for each in (0.0, 1.0))
    sizes = [
        np.mean([len(read_chord(chord.symbol).pitch_classes) for chord in idea.chords])
        for idea in (plain, rich)
    ]
    assert sizes[0] == 3.0
    assert sizes[1] > 4.0


def test_bars_that_stay_are_not_dressed() -> None:
    (idea,) = ask(chords="C | G | Am | F", within="3-4", complexity=1.0)
    assert symbols(idea).startswith("C G ")


def test_new_ideas_are_changed_as_asked() -> None:
    for idea in ask(change="simpler", count=4):
        assert all(set(roman) <= set("IViv°b#/+") for roman in numerals(idea))


def tune() -> Score:
    pitches = (64, 62, 60, 62, 64, 64, 64, 67, 62, 62, 62, 60, 64, 67, 67, 60)
    notes = tuple(Note(float(pitch), 1.0 * at, 1.0) for at, pitch in enumerate(pitches))
    return Score((Track("tune", notes),), (Tempo(0.0, 88.0),))


def test_a_melody_is_harmonised() -> None:
    ideas = ask(tune(), count=5)
    assert len({symbols(idea) for idea in ideas}) == 5
    for idea in ideas:
        assert "found for your melody" in idea.why
        score = main(idea)
        assert [track.name for track in score.tracks] == ["chords", "bass", "melody"]
        assert score.tracks[-1].notes == tune().tracks[0].notes
        assert score.tempos == (Tempo(0.0, 88.0),)
        assert idea.chords[-1].start + idea.chords[-1].length == 16.0
    tonic = sum(chord.symbol.startswith(("C", "Am")) for chord in ideas[0].chords)
    assert tonic >= len(ideas[0].chords) / 3


def test_notes_against_the_key_are_named() -> None:
    (idea,) = ask(tune(), key="C minor")
    assert " Outside C minor: E natural for 31 % of the time of your melody." in idea.why
    (idea,) = ask(chords="Am F C G", key="C minor")
    assert " Outside C minor: " in idea.why
    assert "of your chords." in idea.why
    (idea,) = ask(chords="C G Am Fm", key="C")
    assert "Outside" not in idea.why


def test_changes_of_metre_and_tempo_of_a_song_are_kept() -> None:
    notes = [Note(60.0 + pitch, 4.0 * bar if bar < 2 else 8.0 + 3.0 * (bar - 2), 3.0)
             for bar, chord in enumerate(((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)))
             for pitch in chord]  # fmt: skip
    meters = (Meter(0.0, 4, 4), Meter(8.0, 3, 4))
    tempos = (Tempo(0.0, 90.0), Tempo(8.0, 120.0))
    song = Score((Track("keys", tuple(notes)),), tempos, meters)
    for idea in ask(song, do="vary", count=3):
        assert main(idea).meters == meters
        assert main(idea).tempos == tempos
        assert 8.0 in [chord.start for chord in idea.chords]


@pytest.mark.parametrize("do", ["vary", "voice", "harmonise"])
def test_another_tempo_is_obeyed_and_another_metre_refused_where_bars_are_kept(do: str) -> None:
    song = main(ask(tune())[0])
    (idea,) = ask(song, do=do, tempo=70)
    assert main(idea).tempos == (Tempo(0.0, 70.0),)
    assert "70 BPM" in idea.why
    with pytest.raises(SettingError, match="your song are kept, in 4/4, but 6/8 is asked for"):
        ask(song, do=do, meter="6/8")


def test_a_guitar_holds_shapes_and_strums() -> None:
    (idea,) = ask(chords="C G Am F", do="vary", instrument="guitar", capo=0, style="folk", seed=1)
    chords, _ = main(idea).tracks
    assert chords.program in range(24, 32)
    assert {note.pitch for note in _during(chords.notes, 0.0, 3.9)} <= {48, 52, 55, 60, 64}
    assert "held x32010" in idea.chords[0].why
    assert "frets a change" in idea.why


def test_a_capo_is_put_where_it_helps() -> None:
    (idea,) = ask(chords="Ab Fm Db Eb", instrument="guitar", do="vary", change="calmer")
    assert "capo 1" in idea.why
    assert "Ab -> G" in idea.why
    sheet = idea.material["leadsheet"]
    assert isinstance(sheet, str)
    assert "Capo 1" in sheet


def test_every_idea_has_its_lead_sheet() -> None:
    for idea in ask(key="Db", count=3):
        sheet = idea.material["leadsheet"]
        assert isinstance(sheet, str)
        root = ET.fromstring(sheet)  # noqa: S314 - our own
        assert len(root.findall("part/measure")) == 8
        assert root.findtext(".//fifths") == "-5"
        assert len(root.findall(".//harmony")) == len(idea.chords)
        assert "Nashville" in idea.why


def test_a_recording_is_heard_and_continued() -> None:
    (first,) = ask(chords="C | F | G | C | Am | F | G | C", do="vary", style="pop", tempo=100,
                   render=True)  # fmt: skip
    audio = first.material["audio"]
    assert isinstance(audio, Audio)
    context = Context(0, 2, data, weights=weights)
    ideas = [answer for answer in engine.run(Request("chords", audio, {}, context))
             if isinstance(answer, Suggestion)]  # fmt: skip
    assert len(ideas) == 2
    for idea in ideas:
        assert "Heard in your song: Key: " in idea.why
        assert "going on from your" in idea.why


def test_noise_has_no_key() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (1, 44_100 * 12)).astype(np.float32)
    with pytest.raises(MaterialError, match="say the key"):
        engine_run(Audio(noise, 44_100))


def test_what_cannot_change_is_said() -> None:
    with pytest.raises(SettingError, match="change is 'simpler', but nothing in your chords can"):
        ask(chords="C G Am F", change="simpler")
    with pytest.raises(SettingError, match="with ending close and keep rhythm that differs"):
        ask(chords="C C C C", keep="rhythm", ending="close")


def test_a_key_that_is_kept_is_not_changed() -> None:
    with pytest.raises(SettingError, match="keep names the key, heard as C major"):
        ask(tune(), keep="key", key="Ab")


def engine_run(audio: Audio) -> list[Any]:
    return list(engine.run(Request("chords", audio, {}, Context(0, 1, data, weights=weights))))


def sounding(suggestion: Suggestion, *beats: float) -> list[str]:
    """Say which chord sounds at each beat."""
    return [
        next(c.symbol for c in suggestion.chords if c.start <= beat < c.start + c.length)
        for beat in beats
    ]


def test_bars_that_are_kept_stay_and_the_others_are_written_anew() -> None:
    for idea in ask(chords="C | G | Am | F | C | G | Am | F", keep_bars="3-4", count=4):
        check(idea, 8)
        assert sounding(idea, 8.0, 12.0) == ["Am", "F"]
        assert "bars 1 to 2 and bars 5 to 8 written anew" in idea.why
        assert symbols(idea) != "C G Am F C G Am F"
    with pytest.raises(SettingError, match="keep_bars is 5-9, but the chords end with bar 8"):
        ask(chords="C | G | Am | F | C | G | Am | F", keep_bars="5-9")


@pytest.mark.parametrize("change", ["darker", "brighter", "simpler", "calmer", "busier", "richer"])
def test_a_change_touches_only_what_is_new(change: str) -> None:
    for idea in ask(chords="Dm Gm A Dm Bb Gm A Dm", within="5-6", change=change, count=4):
        kept = sounding(idea, 0.0, 4.0, 8.0, 12.0, 24.0, 28.0)
        assert kept == ["Dm", "Gm", "A", "Dm", "A", "Dm"]


def test_a_blues_has_twelve_bars_unless_others_are_asked_for() -> None:
    for seed in range(6):
        for idea in ask(prompt="blues", seed=seed, count=3):
            if "twelve-bar" in idea.title:
                check(idea, 12)
        for idea in ask(prompt="blues", seed=seed, count=3, bars=8):
            check(idea, 8)
            assert "twelve-bar" not in idea.title


def test_harmonies_end_as_asked_and_are_sure_of_themselves() -> None:
    (closed,) = ask(tune(), ending="close")
    assert numerals(closed)[-1].startswith("I")
    assert closed.confidence > 0.4


def test_chords_that_loop_already_are_said_to() -> None:
    (idea,) = ask(chords="C G Am F", ending="loop")
    assert "your chords, which loop already" in idea.why
    assert "leads back" in idea.why


def _struck(symbols: str, beats: float = 4.0, late: float = 0.0) -> Score:
    notes = tuple(
        Note(48.0 + pitch_class, late + beats * place, beats)
        for place, symbol in enumerate(symbols.split())
        for pitch_class in read_chord(symbol).pitch_classes
    )
    return Score((Track("keys", notes),))


def test_a_song_that_changed_its_key_goes_on_in_the_last() -> None:
    song = _struck("C F G C Am Dm G C D G A D Bm Em A D")
    (idea,) = ask(song, do="continue", bars=4)
    assert "C major (100 % sure) to bar 8, then D major" in idea.why
    assert "In D major:" in idea.why
    assert "Outside" not in idea.why
    (early,) = ask(song, within="3-4")
    assert "In C major:" in early.why


def test_empty_bars_at_the_start_stay_empty() -> None:
    song = replace(
        _struck("C G Am F C G Am F", late=21.0), meters=(Meter(0.0, 3, 4), Meter(21.0, 4, 4))
    )
    ideas = *ask(song, do="vary", change="darker"), *ask(song, within="10-11")
    for idea in ideas:
        assert "Nothing sounds in bars 1 to 7" in idea.why
        assert idea.chords[0].start == 21.0
        assert main(idea).meters == song.meters
        assert min(note.start for track in main(idea).tracks for note in track.notes) >= 20.9
    assert "bars 10 to 11" in ideas[1].why


def test_chords_that_are_not_followed_are_named() -> None:
    (idea,) = ask(_struck("C G Am F " * 4, beats=1.0), do="vary", change="darker")
    assert "One chord in each half of a bar is followed; bars 1, 2, 3, 4 held more." in idea.why


def test_bars_that_no_sheet_can_hold_have_none_and_say_so() -> None:
    song = replace(_struck("C G Am F", beats=7 / 8), meters=(Meter(0.0, 7, 32),))
    (idea,) = ask(song, do="continue", bars=2)
    assert "leadsheet" not in idea.material
    assert "A lead sheet is written in sixteenths, which bars of 7/32 are not." in idea.why


def test_a_song_of_countless_bars_is_refused_before_the_work() -> None:
    notes = tuple(Note(60.0 + place % 8, float(place), 1.0) for place in range(400))
    song = Score((Track("lead", notes),), meters=(Meter(0.0, 1, 64),))
    with pytest.raises(MaterialError, match="6,400 bars, the shortest of 1/64"):
        ask(song, key="C")


@pytest.mark.parametrize(
    ("prompt", "key"),
    [("A minor", "A minor"), ("Am", "A minor"), ("gospel in A", "A major"), ("E minor, dark",
     "E minor"), ("C#m", "C# minor"), ("in h-moll", "B minor"), ("la menor", "A minor")],
)  # fmt: skip
def test_a_key_of_the_prompt_is_obeyed(prompt: str, key: str) -> None:
    (idea,) = ask(prompt=prompt)
    assert idea.why.startswith(f"In {key}: ")


def test_a_note_that_is_no_key_for_sure_is_asked_about() -> None:
    (idea,) = ask(prompt="gospel A")
    assert "'A' could mean A major or A minor; say which." in idea.why


def test_a_mode_against_the_song_is_refused_and_obeyed_where_new_is_asked() -> None:
    with pytest.raises(SettingError, match="the song is in C major, but prompt says 'minor'"):
        ask(_struck("C G Am F C G Am F"), prompt="sad, minor")
    with pytest.raises(SettingError, match="the song is in C major, but prompt says 'minor'"):
        ask(chords="C G Am F", prompt="minor")
    (idea,) = ask(_struck("C G Am F C G Am F"), prompt="sad, minor", do="new")
    assert idea.why.startswith("In C minor: ")
    assert "Your words ask for minor, so it is in C minor." in idea.why


def test_the_relative_key_is_another_one() -> None:
    with pytest.raises(SettingError, match="heard as C major, but key is 'A minor'"):
        ask(_struck("C G Am F C G Am F"), keep="key", key="A minor")


def test_a_length_in_the_prompt_is_obeyed() -> None:
    (idea,) = ask(prompt="16 bars, sad")
    assert main(idea).beats == pytest.approx(64.0, abs=2.0)
    with pytest.raises(SettingError, match="bars is 8, but prompt says 16 bars"):
        ask(prompt="16 bars", bars=8)


def test_no_sevenths_are_triads() -> None:
    for idea in ask(prompt="no sevenths", style="jazz", count=4):
        assert all(len(set(read_chord(chord.symbol).pitch_classes)) == 3 for chord in idea.chords)
        assert "no sevenths as triads" in idea.why


def test_what_gives_way_is_named() -> None:
    (set_aside,) = ask(prompt="jazz", style="rock")
    assert "Style is rock, as set; jazz of your words is left aside." in set_aside.why
    (apart,) = ask(prompt="sad but happy")
    assert "pull apart: together they were taken as valence" in apart.why
