"""Melody ideas, asked as a musician would, through the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.errors import MaterialError, SettingError, UnknownName
from assistant.material import Audio, Meter, Note, Score, Tempo, Track, note_number
from assistant.models.copying import Runs, gather_hashes
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.plan import METERS
from bridge.presets import data, load, names, weights
from tests.assistant.theory.tune.tunes import KEYS, LEAD, SONG


def preset_of(name: str) -> dict[str, Any]:
    return dict(load("melody", name).settings)


def ask(
    score: Score | None = None, *, seed: int = 0, count: int = 1, **asked: Any
) -> list[Suggestion]:
    request = Request("melody", score, asked, Context(seed, count, data, weights=weights))
    return [answer for answer in engine.run(request) if isinstance(answer, Suggestion)]


def main(suggestion: Suggestion) -> Score:
    score = suggestion.material["main"]
    assert isinstance(score, Score)
    return score


def tune(suggestion: Suggestion) -> tuple[Note, ...]:
    return main(suggestion).tracks[0].notes


def between(notes: Sequence[Note], start: float, end: float) -> list[Note]:
    return [note for note in notes if start <= note.start < end]


def check(suggestion: Suggestion, low: float = 60.0, high: float = 79.0) -> None:
    """Hold an idea to all that is promised of every new melody."""
    notes = tune(suggestion)
    assert notes
    assert all(low <= note.pitch <= high for note in notes)
    assert all(one.end <= two.start + 1e-6 for one, two in pairwise(notes))
    assert all(abs(two.pitch - one.pitch) <= 12 for one, two in pairwise(notes))
    assert all(1 <= note.velocity <= 127 for note in notes)
    assert main(suggestion).tracks[0].name == "melody"
    assert suggestion.title
    assert suggestion.why.endswith(".")
    assert "bits a note" in suggestion.why
    assert suggestion.measured["copied"].after == 0.0
    assert {"novelty", "chord_fit", "range", "notes", "apart"} <= set(suggestion.measured)
    assert 0.0 < suggestion.confidence <= 1.0


def test_a_melody_over_chords_that_were_typed() -> None:
    ideas = ask(key="A minor", chords="Am F C G", bars=8, tempo=96, count=5)
    assert len(ideas) == 5
    for idea in ideas:
        check(idea)
        score = main(idea)
        assert score.tempos == (Tempo(0.0, 96.0),)
        assert [track.name for track in score.tracks] == ["melody", "chords", "bass"]
        assert [chord.symbol for chord in idea.chords] == ["Am", "F", "C", "G"] * 2
        key = read_key("A minor")
        assert {round(note.pitch) % 12 for note in tune(idea)} <= key.pitch_classes
        assert score.beats <= 32.0 + 1e-6
        fit = idea.measured["chord_fit"].after
        assert fit is not None
        assert 55.0 <= fit <= 98.0


def test_ideas_are_audibly_different() -> None:
    ideas = ask(key="C", chords="C Am F G", count=20)
    assert len({tuple((n.pitch, n.start) for n in tune(idea)) for idea in ideas}) == 20
    for idea in ideas[1:]:
        apart = idea.measured["apart"].after
        assert apart is not None
        assert apart > 35.0


def test_numerals_follow_the_key_and_a_chord_may_leave_it() -> None:
    (idea,) = ask(key="C minor", chords="i iv V i")
    for chord in idea.chords:
        here = between(tune(idea), chord.start, chord.start + chord.length)
        allowed = read_key("C minor").pitch_classes | set(read_chord(chord.symbol).pitch_classes)
        assert {round(note.pitch) % 12 for note in here} <= allowed
    over_v = [note for chord in idea.chords if chord.symbol == "G"
              for note in between(tune(idea), chord.start, chord.start + chord.length)]  # fmt: skip
    assert not any(note.pitch % 12 == 10 for note in over_v)  # B natural instead


@pytest.mark.parametrize("meter", METERS)
def test_every_metre(meter: str) -> None:
    (idea,) = ask(meter=meter, bars=5, seed=2)
    check(idea)
    numerator, denominator = map(int, meter.split("/"))
    assert main(idea).meters == (Meter(0.0, numerator, denominator),)
    assert main(idea).beats <= 5 * numerator * 4 / denominator + 1e-6


@pytest.mark.parametrize("bars", [1, 2, 3, 7, 16, 64])
def test_every_length(bars: int) -> None:
    (idea,) = ask(bars=bars, key="G", chords="G D Em C")
    check(idea)
    beats = main(idea).beats
    assert 4.0 * (bars - 1) < beats <= 4.0 * bars


@pytest.mark.parametrize(("low", "high"), [("C3", "G3"), ("E5", "E7"), (0, 127), ("A3", "D5")])
def test_the_range_is_kept(low: object, high: object) -> None:
    (idea,) = ask(low=low, high=high)
    notes = tune(idea)
    assert min(note.pitch for note in notes) >= note_number(str(low))
    assert max(note.pitch for note in notes) <= note_number(str(high))


def test_density_and_surprise_do_what_they_say() -> None:
    few, many = (len(tune(ask(key="C", chords="C F", density=d)[0])) for d in (0.0, 1.0))
    assert many > 1.8 * few
    calm, bold = (
        float(np.mean([idea.measured["novelty"].after or 0.0
                       for idea in ask(key="C", chords="C F", surprise=s, count=6)]))
        for s in (0.0, 1.0)
    )  # fmt: skip
    assert bold > calm + 0.7


def test_a_close_ends_on_the_tonic() -> None:
    for idea in ask(key="D", chords="D G A D", bars=8, ending="close", count=4):
        assert tune(idea)[-1].pitch % 12 == 2


def test_nothing_is_copied_from_the_melodies_that_were_learned_from() -> None:
    runs = Runs(weights("melody-runs-pop"))
    for idea in ask(count=12, surprise=0.0, seed=4):
        notes = tune(idea)
        pitches = np.array([[round(note.pitch) for note in notes]])
        lengths = np.array([[round(note.length * 4) for note in notes]])
        starts = np.array([[round(note.start * 4) for note in notes]])
        assert not runs.copied(pitches, lengths, starts).any()


def test_thousands_are_written_for_a_few() -> None:
    (idea,) = ask(bars=8, key="C")
    found = re.search(r"one of (\d+) written, of which (\d+) can be sung", idea.why)
    assert found is not None
    written, sung = map(int, found.groups())
    assert 9_000 < written <= 10_000
    assert sung < written


def known_runs(notes: Sequence[Note]) -> Mapping[str, NDArray[Any]]:
    """Make hashes of the runs of a melody, as if it had been learned from."""
    pitches = np.array([round(note.pitch) for note in notes])
    lengths = np.array([round(note.length * 4) for note in notes])
    starts = np.array([round(note.start * 4) for note in notes])
    return gather_hashes([(pitches, lengths, starts)])


def learned_from(
    notes: Sequence[Note], score: Score = SONG, **asked: Any
) -> tuple[list[Suggestion], Runs]:
    """Ask as if a melody had been learned from."""
    known = known_runs(notes)

    def given(name: str) -> Mapping[str, NDArray[Any]]:
        return known if name == "melody-runs-pop" else weights(name)

    request = Request("melody", score, asked, Context(0, 4, data, weights=given))
    ideas = [answer for answer in engine.run(request) if isinstance(answer, Suggestion)]
    return ideas, Runs(known)


@pytest.mark.parametrize(
    "asked",
    [{"bars": 4}, {"do": "answer"}, {"do": "vary"}, {"within": "3-4"}, {"keep": "rhythm"},
     {"change": "lower"}],
)  # fmt: skip
def test_a_song_that_was_learned_from_is_no_copy_but_what_is_written_may_be(
    asked: dict[str, Any],
) -> None:
    """Runs of the song itself are its own; none with a new note is offered, wherever it lies."""
    ideas, runs = learned_from(LEAD.notes, **asked)
    assert ideas
    for idea in ideas:
        assert idea.measured["copied"].after == 0.0
        assert "shares no 8 notes" in idea.why
        notes, own = tune(idea), {(note.start, note.pitch) for note in LEAD.notes}
        sides = [(note.pitch, 4 * note.length, 4 * note.start) for note in notes]
        rows = [np.array([side]) for side in zip(*sides, strict=True)]
        for first in np.flatnonzero(runs.found(*rows)[0]):
            run = notes[int(first) : int(first) + 8]
            assert all((note.start, note.pitch) in own for note in run)
            assert "do" not in asked or asked["do"] == "answer"


def test_where_all_would_be_copies_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(_: Runs, pitches: NDArray[Any], *rest: Any) -> NDArray[np.bool_]:
        return np.ones((len(pitches), max(0, pitches.shape[1] - 7)), dtype=bool)

    monkeypatch.setattr(Runs, "found", everything)
    with pytest.raises(SettingError, match="share eight notes"):
        ask(key="C", chords="C F")


def test_a_song_is_continued_over_its_chords() -> None:
    for idea in ask(SONG, bars=4, count=3):
        assert tune(idea)[: len(LEAD.notes)] == LEAD.notes
        new = tune(idea)[len(LEAD.notes) :]
        assert all(16.0 <= note.start < 32.0 for note in new)
        assert "bars 5 to 8" in idea.title
        assert [chord.symbol for chord in idea.chords] == ["C", "Am", "F", "G"]
        assert idea.chords[0].start == 16.0
        assert "Heard in your song: Key: C major" in idea.why


def test_an_answer_takes_up_the_rhythm() -> None:
    (idea,) = ask(SONG, do="answer")
    new = [note.start - 16.0 for note in tune(idea) if note.start >= 16.0]
    old = [note.start for note in LEAD.notes]
    assert len(set(new) & set(old)) >= 0.6 * len(new)


def test_a_gap_is_filled_and_the_rest_stays() -> None:
    kept = tuple(note for note in LEAD.notes if not 4 <= note.start < 8)
    (idea,) = ask(Score((Track("lead", kept), KEYS)))
    assert "Fills bar 2" in idea.title
    assert set(kept) <= set(tune(idea))
    new = set(tune(idea)) - set(kept)
    assert new
    assert all(note.start >= 4.0 and note.end <= 8.0 for note in new)


def test_bars_are_replaced_and_the_rest_stays() -> None:
    (idea,) = ask(SONG, within="3-4")
    assert tune(idea)[:7] == LEAD.notes[:7]
    assert all(note.start >= 8.0 for note in tune(idea)[7:])
    assert [track.name for track in main(idea).tracks] == ["melody"]


def test_the_rhythm_is_kept() -> None:
    (idea,) = ask(SONG, within="2-3", keep="rhythm")
    assert [note.start for note in tune(idea)] == [note.start for note in LEAD.notes]
    changed = between(tune(idea), 4.0, 12.0)
    assert [n.pitch for n in changed] != [n.pitch for n in between(LEAD.notes, 4.0, 12.0)]


def test_a_variation_is_like_its_model() -> None:
    model = {(note.start, note.pitch) for note in LEAD.notes}
    for idea in ask(SONG, do="vary", count=4):
        made = {(note.start, note.pitch) for note in tune(idea)}
        assert 0.2 < len(made & model) / len(model) < 1.0


def test_simpler_has_fewer_notes_and_higher_is_higher() -> None:
    (simpler,) = ask(SONG, change="simpler")
    assert len(tune(simpler)) < len(LEAD.notes)
    (higher,) = ask(SONG, change="higher")
    means = [np.mean([note.pitch for note in notes]) for notes in (LEAD.notes, tune(higher))]
    assert means[0] + 2.0 < means[1]


def test_tempo_and_metre_maps_are_followed() -> None:
    meters = (Meter(0.0, 4, 4), Meter(16.0, 3, 4))
    song = Score((LEAD, KEYS), (Tempo(0.0, 90.0), Tempo(8.0, 84.0)), meters)
    (idea,) = ask(song, bars=4)
    assert main(idea).tempos == song.tempos
    assert main(idea).meters == meters
    assert max(note.end for note in tune(idea)) <= 16.0 + 4 * 3.0 + 1e-6


def test_a_melody_without_chords_gets_some() -> None:
    (idea,) = ask(Score((LEAD,)), bars=4)
    assert [track.name for track in main(idea).tracks] == ["melody", "chords", "bass"]
    assert idea.chords


def test_a_long_song_is_continued() -> None:
    long = Track("lead", tuple(Note(note.pitch, note.start + 16.0 * turn, note.length)
                               for turn in range(300) for note in LEAD.notes))  # fmt: skip
    (idea,) = ask(Score((long,)), bars=2)
    assert "bars 1201 to 1202" in idea.title


def test_words_set_the_rhythm() -> None:
    (idea,) = ask(lyrics="Twinkle twinkle little star / how I wonder what you are", key="C")
    assert len(tune(idea)) == 14
    assert "14 syllables, 100 % of the stressed on a beat" in idea.why


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"low": "C4", "high": "D4"}, "low and high"),
        ({"bars": 2.5}, "whole numbers"),
        ({"do": "vary"}, "needs a song"),
        ({"chords": "Am Q7"}, "Q7"),
        ({"chords": "i iv"}, "key"),
        ({"lyrics": "la la", "do": "vary"}, "lyrics"),
    ],
)
def test_mistakes_are_said(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        ask(**asked)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"keep": "key", "key": "C minor"}, "heard as C major"),
        ({"keep": "melody", "key": "C minor", "do": "continue"}, "holds E4"),
        ({"keep": "chords", "chords": "Am F"}, "others are asked for"),
        ({"meter": "3/4"}, "the song is in 4/4"),
    ],
)
def test_what_is_kept_and_asked_must_agree(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        ask(SONG, **asked)


def test_drums_and_nothing_are_refused_by_name() -> None:
    with pytest.raises(MaterialError, match="drums only"):
        ask(Score((Track("kit", (Note(36.0, 0.0, 1.0),), drums=True),)))
    with pytest.raises(MaterialError, match="no notes"):
        ask(Score(()))
    with pytest.raises(UnknownName, match="style"):
        ask(style="polka-core")


def test_a_sound_file_is_made_where_asked() -> None:
    (idea,) = ask(render=True, bars=2)
    audio = idea.material["audio"]
    assert isinstance(audio, Audio)
    assert audio.channels == 2
    assert float(np.abs(audio.samples).max()) > 0.05
    assert "played by the built-in voices" in idea.why


@pytest.mark.parametrize("preset", [name for name in names("melody") if name != "last-line-again"])
def test_presets_work_without_a_song(preset: str) -> None:
    (idea,) = ask(**preset_of(preset))
    assert tune(idea)


def test_the_answering_preset_answers() -> None:
    (idea,) = ask(SONG, **preset_of("last-line-again"))
    assert idea.title.startswith("Answers")


def sung() -> Score:
    pitches = (60, 62, 64, 65, 67, 67, 65, 64, 62, 60)
    notes = tuple(Note(float(pitch), 1.0 * at, 1.0) for at, pitch in enumerate(pitches))
    return Score((Track("tune", notes),), (Tempo(0.0, 90.0),))


def test_words_are_laid_under_a_melody_that_is_there() -> None:
    (idea,) = ask(sung(), count=3, do="sing", lyrics="the ri-ver runs a-way and I will stay")
    score = idea.material["main"]
    assert isinstance(score, Score)
    assert [note.pitch for note in score.tracks[0].notes] == [
        note.pitch for note in sung().tracks[0].notes
    ]
    sheet = idea.material["leadsheet"]
    assert isinstance(sheet, str)
    assert "<text>ri</text>" in sheet
    assert "10 syllables on 10 notes" in idea.why
    assert idea.measured["fit"].after is not None


def test_words_that_do_not_fit_are_told_where() -> None:
    words = "la imposibilidad inmediatamente desaparecida enamoradamente"
    (idea,) = ask(sung(), do="sing", lyrics=words, language="es")
    assert "bar 1" in idea.why.lower()
    rubs = idea.measured["rubs"].after
    assert rubs is not None
    assert rubs > 0


@pytest.mark.parametrize(
    ("score", "lyrics", "error", "said"),
    [(None, "la la", MaterialError, "there is no melody"),
     (sung(), "", SettingError, "no word to be sung")],
)  # fmt: skip
def test_without_a_melody_or_words_nothing_is_sung(
    score: Score | None, lyrics: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ask(score, do="sing", lyrics=lyrics)


def test_words_stand_in_the_lead_sheet() -> None:
    (idea,) = ask(count=1, lyrics="the river runs away / and I will stay", key="C")
    sheet = idea.material["leadsheet"]
    assert isinstance(sheet, str)
    assert sheet.count("<lyric") >= 10
    assert len(idea.chords) == sheet.count("<harmony")


def test_a_recording_gives_chords_to_write_over() -> None:
    song = [answer for answer in engine.run(Request(
        "chords", None, {"chords": "C | F | G | C | Am | F | G | C", "do": "vary", "render": True,
                         "tempo": 100, "style": "pop"},
        Context(0, 1, data, weights=weights))) if isinstance(answer, Suggestion)]  # fmt: skip
    audio = song[0].material["audio"]
    assert isinstance(audio, Audio)
    answers = engine.run(Request("melody", audio, {}, Context(0, 2, data, weights=weights)))
    ideas = [answer for answer in answers if isinstance(answer, Suggestion)]
    assert len(ideas) == 2
    assert all(idea.chords for idea in ideas)


def sung_of(idea: Suggestion) -> list[str]:
    """Read the syllables of the melody; each must stand in the lead sheet, too."""
    texts = [text for text in main(idea).tracks[0].lyrics if text]
    sheet = idea.material["leadsheet"]
    assert isinstance(sheet, str)
    assert sheet.count("<lyric") == len(texts)
    return texts


@pytest.mark.parametrize(
    ("lyrics", "asked"),
    [
        ("hello my friend / I am here to stay with you tonight", {}),
        ("over the river we go", {"do": "continue"}),
        ("over the river we go", {"bars": 4}),
        ("re-MEM-ber me / tonight and every day until the end of time", {"seed": 4}),
    ],
)
def test_words_continue_a_song_syllable_by_note(lyrics: str, asked: dict[str, Any]) -> None:
    for idea in ask(SONG, count=3, lyrics=lyrics, language="en", **asked):
        texts = sung_of(idea)
        new = [note for note in tune(idea) if note.start >= 16.0 - 1e-6]
        assert len(texts) == len(new)
        assert main(idea).tracks[0].lyrics[: len(LEAD.notes)] == ("",) * len(LEAD.notes)
        assert f"{len(texts)} syllables" in idea.why


def test_words_are_set_within_bars() -> None:
    (idea,) = ask(SONG, lyrics="over the river we go", language="en", within="3-4")
    assert len(sung_of(idea)) == len(between(tune(idea), 8.0, 16.0))
    assert between(tune(idea), 0.0, 8.0) == between(LEAD.notes, 0.0, 8.0)
    with pytest.raises(SettingError, match="too long for the bars"):
        ask(SONG, lyrics="hello my friend I am here to stay with you", language="en", within="3")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"lyrics": "上を向いて歩こう"}, "write it in kana"),
        ({"lyrics": "1999 was 24 hours"}, "write numbers"),
        ({"lyrics": "la la", "language": "klingon"}, "Name it in English"),
        ({"lyrics": "la la", "change": "darker"}, "lyrics set a rhythm"),
        ({"lyrics": "la la", "keep": "rhythm"}, "lyrics set one"),
        ({"lyrics": "la la", "do": "sing", "within": "3-4", "key": "D minor"}, "key, within"),
    ],
)
def test_what_words_cannot_do_is_said(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingError, match=told):
        ask(SONG, **asked)


def test_the_language_that_was_taken_is_said_and_how_sure() -> None:
    sure, guessed = (
        ask(lyrics="la la la la", key="C", language=language)[0] for language in ("en", "")
    )
    assert "I took the words for English" in guessed.why
    assert guessed.why.endswith(".")
    assert guessed.confidence < 0.6 * sure.confidence


def test_tunes_with_words_end_with_their_chords() -> None:
    lyrics = (
        "hello my friend / I am here to stay / tonight and every day / until the end of time"
        " / and then some more / we sing along the river side"
    )
    for idea in ask(lyrics=lyrics, language="en", count=8):
        chords = main(idea).tracks[1].notes
        assert tune(idea)[-1].end > max(note.end for note in chords) - 4.0


def test_words_under_a_melody_are_played_where_asked() -> None:
    words = "the ri-ver runs a-way and I will stay"
    (idea,) = ask(sung(), do="sing", lyrics=words, language="en", render=True)
    assert isinstance(idea.material["audio"], Audio)
    assert idea.why.endswith("layed by the built-in voices.")


ALONE = Score((Track("alone", LEAD.notes),), SONG.tempos, SONG.meters)


@pytest.mark.parametrize("do", ["continue", "answer"])
def test_chords_go_on_from_those_that_fit_a_lone_melody(do: str) -> None:
    for idea in ask(ALONE, do=do, count=3):
        assert "going on from chords found for your melody" in idea.why
        home = read_key("C major").pitch_classes
        outside = [
            chord for chord in idea.chords
            if not set(read_chord(chord.symbol).pitch_classes) <= home
        ]  # fmt: skip
        assert len(outside) <= 1


def test_another_metre_than_that_of_the_song_is_refused_whatever_is_done() -> None:
    with pytest.raises(SettingError, match="meter is 3/4, but the song is in 4/4"):
        ask(SONG, do="new", meter="3/4")
    with pytest.raises(SettingError, match="prompt asks for 3/4, but the song is in 4/4"):
        ask(SONG, do="new", prompt="a waltz")


def test_notes_against_a_key_that_was_asked_for_are_named() -> None:
    (idea,) = ask(ALONE, key="C minor")
    assert re.search(r"Outside C minor: .* for \d+ % .*of the time of your melody\.", idea.why)
    (typed,) = ask(chords="C E Am", key="C minor")
    assert "Outside C minor: E natural for 33 % of the time of your chords." in typed.why


def test_a_close_leaves_chords_of_your_own_as_they_are() -> None:
    (idea,) = ask(chords="F G Am G", key="C major", ending="close")
    assert idea.chords[-1].symbol == "G"
    assert "your last chord, G, is not the tonic, so that the tune rests on" in idea.why
    assert round(tune(idea)[-1].pitch) % 12 in {7, 11, 2}


def test_a_length_in_the_prompt_is_written() -> None:
    (idea,) = ask(prompt="4 bars", key="C")
    assert 12.0 < main(idea).beats <= 16.0 + 1e-6


def test_the_key_that_is_kept_is_held_against_the_prompt() -> None:
    with pytest.raises(SettingError, match="heard as C major, but key is 'D minor'"):
        ask(SONG, keep="key", prompt="in D minor")


def new_notes(suggestion: Suggestion, start: float) -> list[Note]:
    return [note for note in tune(suggestion) if note.start >= start - 1e-6]


@pytest.mark.parametrize("asked", [{}, {"do": "answer"}])
def test_what_goes_on_does_not_end_on_a_stray_sixteenth(asked: dict[str, Any]) -> None:
    for idea in ask(SONG, count=8, seed=3, **asked):
        notes = new_notes(idea, 16.0)
        assert notes[-1].length > 0.25
        lone = [note for one, note in pairwise(notes)
                if note.start % 4 == 3.75 and note.length <= 0.25 and one.length > 0.5]  # fmt: skip
        assert not lone


@pytest.mark.parametrize(
    "asked", [{"do": "answer"}, {"change": "darker"}, {"within": "3-3"}, {}, {"keep": "rhythm"}]
)
def test_suggestions_for_a_song_differ_in_what_was_written(asked: dict[str, Any]) -> None:
    ideas = ask(SONG, count=32, **asked)
    assert len(ideas) >= 8
    told = {tuple((note.start, note.length, note.pitch) for note in tune(idea)) for idea in ideas}
    assert len(told) == len(ideas)
    for idea in ideas[1:]:
        apart = idea.measured["apart"].after
        assert apart is not None
        assert apart >= 15.0
    assert ("no other of those" in ideas[-1].why.lower()) or len(ideas) == 32
    assert not any("no other of those" in idea.why.lower() for idea in ideas[:-1])


def test_an_answer_is_not_its_question_again() -> None:
    question = [(note.start, note.pitch) for note in LEAD.notes]
    for idea in ask(SONG, do="answer", count=8):
        answer = {(note.start - 16.0, note.pitch) for note in new_notes(idea, 16.0)}
        assert len(answer & set(question)) < 0.75 * len(question)


def test_what_is_least_surprising_is_least_surprising() -> None:
    told = [
        float(np.mean([idea.measured["novelty"].after or 0.0
                       for idea in ask(key="A minor", chords="Am F C G", surprise=level, count=8)]))
        for level in (0.0, 0.15, 0.5, 1.0)
    ]  # fmt: skip
    assert told == sorted(told)
    assert told[0] + 1.0 < told[-1]


def test_novelty_does_not_depend_on_the_octave() -> None:
    told = [
        float(np.mean([idea.measured["novelty"].after or 0.0
                       for idea in ask(chords="Am F C G", low=low, high=high, count=6)]))
        for low, high in (("C4", "G5"), ("C2", "G3"))
    ]  # fmt: skip
    assert abs(told[0] - told[1]) < 0.4


@pytest.mark.parametrize("change", ["darker", "brighter", "lower", "higher"])
def test_a_melody_that_is_moved_follows_its_chords_and_comes_home(change: str) -> None:
    home = Track("lead", (*LEAD.notes, Note(60.0, 16.0, 3.0)))
    chords = Track("keys", (*KEYS.notes, *(Note(float(p), 16.0, 4.0) for p in (48, 52, 55))))
    ideas = ask(Score((home, chords)), change=change, count=6)
    fits = [idea.measured["chord_fit"].after or 0.0 for idea in ideas]
    assert float(np.mean(fits)) > 68.0
    assert sum(tune(idea)[-1].pitch % 12 == 0 for idea in ideas) >= 5
    assert all(f"{change}: " in idea.why for idea in ideas)


def test_simpler_and_calmer_are_two_things() -> None:
    simpler, calmer = (ask(SONG, change=change, count=4) for change in ("simpler", "calmer"))
    held = [np.mean([note.length for idea in ideas for note in tune(idea)])
            for ideas in (simpler, calmer)]  # fmt: skip
    assert held[1] > held[0] + 0.2
    assert "notes last" in calmer[0].why
    assert "by step" in simpler[0].why


@pytest.mark.parametrize("places", [(0.0, 0.66), (0.0, 1 / 3, 2 / 3)])
def test_the_time_of_a_song_is_kept(places: tuple[float, ...]) -> None:
    pitches = (60, 62, 64, 65, 67, 65, 64, 62)
    starts = [beat + place for beat in range(16) for place in places]
    lead = Track("lead", tuple(Note(float(pitches[at % 8]), start, 0.3)
                               for at, start in enumerate(starts)))  # fmt: skip
    (idea,) = ask(Score((lead, KEYS)), do="vary", change="darker")
    assert [note.start for note in tune(idea)] == starts
    (rest,) = ask(Score((lead, KEYS)), bars=2)
    allowed = {round(part, 2) for part in (*places, 0.5, 0.33, 0.83)}
    assert {round(note.start % 1.0, 2) for note in new_notes(rest, 16.0)} <= allowed
    assert "your song" in rest.why.split("Heard in")[0]


def test_the_lead_sheet_and_the_sound_have_the_chords_of_the_song() -> None:
    kept = tuple(note for note in LEAD.notes if not 4 <= note.start < 8)
    song = Score((Track("lead", kept), KEYS))
    (idea,) = ask(song, render=True)
    sheet, audio = idea.material["leadsheet"], idea.material["audio"]
    assert isinstance(sheet, str)
    assert isinstance(audio, Audio)
    assert sheet.count("<harmony") == 4
    assert [track.name for track in main(idea).tracks] == ["melody"]
    bare = [answer for answer in ask(song) if isinstance(answer.material["main"], Score)]
    assert len(bare) == 1


def test_a_fill_fits_its_chords_and_confidence_tells() -> None:
    kept = tuple(note for note in LEAD.notes if not 4 <= note.start < 8)
    ideas = ask(Score((Track("lead", kept), KEYS)), count=8)
    assert all((idea.measured["chord_fit"].after or 0.0) >= 60.0 for idea in ideas)


def test_titles_tell_ideas_apart() -> None:
    titles = [idea.title for idea in ask(chords="Am F C G", count=8)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("prompt", "program", "low", "high"),
    [("cello", 42, 43.0, 65.0), ("bass", 32, 31.0, 50.0), ("flute", 73, 64.0, 88.0),
     ("low notes", 73, 48.0, 72.0), ("high register", 73, 67.0, 90.0)],
)  # fmt: skip
def test_instruments_and_registers_of_the_prompt_are_followed(
    prompt: str, program: int, low: float, high: float
) -> None:
    (idea,) = ask(chords="C G Am F", key="C", prompt=prompt)
    assert all(low <= note.pitch <= high for note in tune(idea))
    assert main(idea).tracks[0].program == program
